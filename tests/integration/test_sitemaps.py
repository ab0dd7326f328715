"""Sitemaps: what search engines are told of, and when it last changed."""

import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from articles import publishing
from articles.models import Article, Correction, Image, Page, Topic
from articles.sitemaps import BLOCK
from tests.factories import make_article, make_author, make_draft, make_scheduled, make_section, make_withdrawn
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db
BASE = settings.OPED_BASE_URL
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def entries(reader, url):
    """The path of each page that a sitemap names, and its element."""
    response = reader.get(url)
    assert response.status_code == 200
    return {each.findtext(f"{MAP}loc").removeprefix(BASE): each for each in ElementTree.fromstring(response.content)}


def everything(reader):
    """Path and date of each page in all sitemaps that the index names."""
    found = {}
    for sitemap in entries(reader, "/sitemap.xml"):
        found |= entries(reader, sitemap)
    dates = {path: each.findtext(f"{MAP}lastmod") for path, each in found.items()}
    return {path: date and datetime.fromisoformat(date) for path, date in dates.items()}


def to_the_second(moment):
    return moment.replace(microsecond=0)


def number_of(article):
    return article.pk // BLOCK + 1


def test_the_index_leads_to_all_that_readers_may_see_with_the_date_of_its_last_change(reader):
    author, topic, section = make_author(), Topic.objects.create(name="Water"), make_section("World")
    article = make_article(author=author, section=section, at=timezone.now() - timedelta(days=30))
    article.topics.add(topic)
    published = to_the_second(article.published_at)

    found = everything(reader)

    assert found.pop(article.get_absolute_url()) == published
    assert {found.pop(each.get_absolute_url()) for each in (author, topic, section)} == {published}
    assert found.pop("/") == published
    assert [found.pop(path) for path in ("/authors/", "/topics/", "/corrections/")] == [None] * 3
    assert found == {page.get_absolute_url(): to_the_second(page.changed_at) for page in Page.objects.all()}


def test_nothing_that_is_not_published_is_in_a_sitemap(reader):
    shown = make_article()
    hidden = [make_draft(section=make_section("Drafts")), make_scheduled(), make_withdrawn()]
    topic = Topic.objects.create(name="Nothing yet")
    hidden[0].topics.add(topic)

    told = {*everything(reader), *entries(reader, "/news-sitemap.xml")}

    assert shown.get_absolute_url() in told
    secret = {"/section/drafts/", topic.get_absolute_url()}
    secret |= {byline.author.get_absolute_url() for article in hidden for byline in article.signed}
    assert told & (secret | {f"/{timezone.now():%Y/%m}/{article.slug}/" for article in hidden}) == set()


@pytest.mark.parametrize("change", ["text", "correction"])
def test_a_change_of_the_text_or_a_correction_is_the_last_change_and_a_comment_is_none(reader, change):
    article, moment = make_article(), to_the_second(timezone.now() - timedelta(hours=2))
    Article.objects.filter(pk=article.pk).update(comment_count=7)
    assert everything(reader)[article.get_absolute_url()] == to_the_second(article.published_at)

    if change == "text":
        Article.objects.filter(pk=article.pk).update(changed_at=moment)
    else:
        Correction.objects.create(article=article, text="x", made_at=moment)
    publishing.article_changed(article)

    block = f"/sitemap-articles-{number_of(article)}.xml"
    assert everything(reader)[article.get_absolute_url()] == moment
    lastmod = entries(reader, "/sitemap.xml")[block].findtext(f"{MAP}lastmod")
    assert datetime.fromisoformat(lastmod) == moment


def test_articles_are_in_blocks_by_their_ids(reader):
    near = make_article()
    far = make_article()
    Article.objects.filter(pk=far.pk).update(status="withdrawn")
    far.pk, far.slug = near.pk + 3 * BLOCK, "far"
    far.save(force_insert=True)
    publishing.article_changed(far)
    first = number_of(near)

    blocks = [path for path in entries(reader, "/sitemap.xml") if "articles" in path]

    assert blocks == [f"/sitemap-articles-{first}.xml", f"/sitemap-articles-{first + 3}.xml"]
    assert list(entries(reader, blocks[1])) == [far.get_absolute_url()]
    for other in (first + 1, f"0{first}", f"{first}{'0' * 20}"):
        assert reader.get(f"/sitemap-articles-{other}.xml").status_code == 404
    assert reader.get("/sitemap-authors-99999999999999.xml").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 9, "9" * 17, "9" * 30, "9" * 3000])
def test_a_block_of_nothing_is_404(reader, number):
    make_article()

    for kind in ("articles", "authors", "topics"):
        assert reader.get(f"/sitemap-{kind}-{number}.xml").status_code == 404


def test_the_lead_picture_is_in_the_sitemap(reader):
    ready = {"widths": [320, 640, 960], "width": 960, "height": 600, "due_at": None}
    image = Image.objects.create(key="3f9a", name="x", **ready)
    article = make_article(lead_image=image)

    entry = entries(reader, f"/sitemap-articles-{number_of(article)}.xml")[article.get_absolute_url()]

    assert entry.findtext(f"{IMAGE}image/{IMAGE}loc") == f"{BASE}/media/3f9a/960.webp"


def test_the_news_sitemap_holds_the_op_eds_of_two_days(reader, clock):
    make_article(at=timezone.now() - timedelta(hours=49))
    article = make_article(title="Tax & <spend>", language="pt-br", at=timezone.now() - timedelta(hours=47))

    (path, entry), *others = entries(reader, "/news-sitemap.xml").items()

    assert (path, others) == (article.get_absolute_url(), [])
    news = entry.find(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "Tax & <spend>"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == settings.OPED_SITE_NAME
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "pt"
    published = datetime.fromisoformat(news.findtext(f"{NEWS}publication_date"))
    assert published == to_the_second(article.published_at)

    clock.shift(timedelta(hours=2))
    assert entries(reader, "/news-sitemap.xml") == {}


def test_a_sitemap_is_xml_that_is_kept_until_an_article_changes(reader):
    article = make_article()

    first = reader.get("/sitemap.xml")

    assert first["Content-Type"] == "application/xml; charset=utf-8"
    assert first["Surrogate-Key"] == "articles site"
    assert reader.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 304
    publishing.withdraw(article)
    assert reader.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("text", ["]]>", "<&", "a\x0bb", "\ufffe", "\u202e"])
def test_no_text_breaks_the_news_sitemap(reader, text):
    article = make_article()
    Article.objects.filter(pk=article.pk).update(title=text)

    assert list(entries(reader, "/news-sitemap.xml")) == [article.get_absolute_url()]


@pytest.mark.parametrize(
    ("sitemap", "queries"),
    [
        ("/sitemap.xml", 4),
        ("/sitemap-pages.xml", 3),
        ("articles", 2),
        ("authors", 1),
        ("topics", 1),
        ("/news-sitemap.xml", 2),
    ],
)
def test_a_sitemap_costs_few_queries_whatever_its_length(reader, django_assert_max_num_queries, sitemap, queries):
    author, topic = make_author(), Topic.objects.create(name="Water")
    for _ in range(3):
        article = make_article(author=author)
        article.topics.add(topic)
    pk = {"articles": article.pk, "authors": author.pk, "topics": topic.pk}.get(sitemap, 0)
    url = f"/sitemap-{sitemap}-{pk // BLOCK + 1}.xml" if pk else sitemap

    with django_assert_max_num_queries(queries + LOOKS_OF_THE_PAGE_CACHE):
        assert reader.get(url).status_code == 200


def test_robots_are_told_of_the_sitemaps(reader):
    lines = reader.get("/robots.txt").text.splitlines()

    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert f"Sitemap: {BASE}/news-sitemap.xml" in lines
