"""Feeds of op-eds: whole texts that read the same anywhere, and that no text breaks."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta

import feedparser
import pytest
from django.conf import settings
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Correction, Image, Topic
from tests.factories import make_article, make_author, make_draft, make_scheduled, make_section, make_withdrawn
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db
BASE = settings.OPED_BASE_URL
ENDINGS = ("feed/", "feed/atom/", "feed/json/")
TYPES = ("application/xml", "application/xml", "application/feed+json")
ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


@pytest.fixture
def article():
    """By two, on a topic, with all that stands below a text."""
    article = make_draft(
        title="The river",
        standfirst="A plan sits in a drawer.",
        body='<p>Every spring, <a href="/about/">as we said</a>.</p><h2>Whose</h2><p>"href="/x"" &amp; so on.</p>',
        author=make_author("Leila Haddad"),
        section=make_section("World"),
        disclosure="The author sat on <the> board.",
    )
    Byline.objects.create(article=article, author=make_author("Jonas Weil"), position=1)
    article.topics.add(Topic.objects.create(name="Water"))
    publishing.publish(article, at=timezone.now() - timedelta(days=2))
    return article


def rss_items(reader, url="/feed/"):
    return ElementTree.fromstring(reader.get(url).content).findall("channel/item")


def atom_entries(reader, url="/feed/atom/"):
    return ElementTree.fromstring(reader.get(url).content).findall(f"{ATOM}entry")


def json_items(reader, url="/feed/json/"):
    return json.loads(reader.get(url).content)["items"]


def whole_texts(reader, below="/"):
    """The text of the newest op-ed in each format."""
    return [
        rss_items(reader, f"{below}feed/")[0].findtext(ENCODED),
        atom_entries(reader, f"{below}feed/atom/")[0].findtext(f"{ATOM}content"),
        json_items(reader, f"{below}feed/json/")[0]["content_html"],
    ]


def test_site_section_topic_and_author_have_feeds_of_what_is_theirs(reader, article):
    make_article(title="About tax")
    author, topic = article.signed[0].author, Topic.objects.get()

    for of in (author, topic, article.section):
        for ending in ("feed/", "feed/atom/"):
            parsed = feedparser.parse(reader.get(f"{of.get_absolute_url()}{ending}").content)
            assert [entry.title for entry in parsed.entries] == ["The river"]
        assert [item["title"] for item in json_items(reader, f"{of.get_absolute_url()}feed/json/")] == ["The river"]
    assert [item["title"] for item in json_items(reader)] == ["About tax", "The river"]


@pytest.mark.parametrize(("ending", "content_type"), [*zip(ENDINGS, TYPES, strict=True)])
def test_a_feed_says_what_it_is_and_where_it_belongs(reader, article, ending, content_type):
    url = f"{article.section.get_absolute_url()}{ending}"

    response = reader.get(url, headers={"host": "localhost"})

    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    parsed = json.loads(response.text) if "json" in content_type else feedparser.parse(response.content).feed
    assert parsed["title"] == f"World – {settings.OPED_SITE_NAME}"
    assert parsed["language"] == "en"
    own, page = f"{BASE}{url}", f"{BASE}{article.section.get_absolute_url()}"
    if "json" in content_type:
        assert parsed["version"] == "https://jsonfeed.org/version/1.1"
        assert (parsed["feed_url"], parsed["home_page_url"]) == (own, page)
    else:
        assert parsed.link == page
        assert [link.href for link in parsed.links if link.rel == "self"] == [own]


def test_the_text_is_whole_with_what_stands_below_it(reader, article):
    Correction.objects.create(article=article, text="<p>The drawer is on the <em>second</em> floor.</p>")
    publishing.article_changed(article)

    for text in whole_texts(reader):
        assert "<p>Every spring, " in text
        assert "The author sat on &lt;the&gt; board." in text
        assert f"Correction: {timezone.now():%-d %B %Y}" in text
        assert "The drawer is on the <em>second</em> floor." in text


def test_addresses_in_the_text_lead_to_our_site_from_anywhere(reader, article):
    link, words = f'<a href="{BASE}/about/" rel="noopener">', '"href="/x"" &amp; so on.'

    assert all(link in text and words in text for text in whole_texts(reader))


def test_each_byline_is_an_author_of_its_own(reader, article):
    names = ["Leila Haddad", "Jonas Weil"]
    pages = [f"{BASE}{byline.author.get_absolute_url()}" for byline in article.signed]

    assert [each.text for each in rss_items(reader)[0].findall(CREATOR)] == names
    authors = atom_entries(reader)[0].findall(f"{ATOM}author")
    assert [(each.findtext(f"{ATOM}name"), each.findtext(f"{ATOM}uri")) for each in authors] == [
        *zip(names, pages, strict=True)
    ]
    assert json_items(reader)[0]["authors"] == [
        {"name": name, "url": url} for name, url in zip(names, pages, strict=True)
    ]


def test_section_and_topics_are_categories(reader, article):
    assert [each.text for each in rss_items(reader)[0].findall("category")] == ["World", "Water"]
    assert [each.get("term") for each in atom_entries(reader)[0].findall(f"{ATOM}category")] == ["World", "Water"]
    assert json_items(reader)[0]["tags"] == ["World", "Water"]


def test_the_lead_picture_comes_along_with_its_credit(reader, article):
    ready = {"widths": [320, 640, 960, 1280], "width": 1280, "height": 800, "due_at": None}
    article.lead_image = Image.objects.create(key="3f9a", name="x", alt="A ferry", credit="Ana & Co", **ready)
    article.save()
    publishing.article_changed(article)
    url = f"{BASE}/media/3f9a/960.webp"

    rss, atom, item = rss_items(reader)[0], atom_entries(reader)[0], json_items(reader)[0]

    media = rss.find(f"{MEDIA}content")
    assert (media.get("url"), media.findtext(f"{MEDIA}credit")) == (url, "Ana & Co")
    assert [each.get("href") for each in atom.findall(f"{ATOM}link") if each.get("rel") == "enclosure"] == [url]
    assert item["image"] == url
    for text in whole_texts(reader):
        assert f'<img src="{url}" width="1280" height="800" alt="A ferry"' in text
        assert "<small>Ana &amp; Co</small>" in text


def test_what_is_not_said_of_a_picture_has_no_empty_element(reader, article):
    ready = {"widths": [320], "width": 320, "height": 200, "due_at": None}
    article.lead_image = Image.objects.create(key="3f9a", name="x", **ready)
    article.save()
    publishing.article_changed(article)

    assert list(rss_items(reader)[0].find(f"{MEDIA}content")) == []


def test_an_id_stays_whatever_becomes_of_title_slug_and_date(reader, article):
    def ids():
        rss, atom, item = rss_items(reader)[0], atom_entries(reader)[0], json_items(reader)[0]
        return {rss.findtext("guid"), atom.findtext(f"{ATOM}id"), item["id"]}

    before = ids()
    article.title, article.slug = "The sea", "the-sea"
    article.published_at -= timedelta(days=1)
    article.save()
    publishing.article_changed(article)

    assert ids() == before
    assert re.fullmatch(rf"tag:127\.0\.0\.1,\d{{4}}-\d\d-\d\d:article-{article.pk}", *before)


def test_a_feed_was_updated_when_a_text_was_changed_or_corrected_and_not_when_it_is_asked_for(reader, article):
    made_at = timezone.now() - timedelta(hours=3)
    Correction.objects.create(article=article, text="<p>Second floor.</p>", made_at=made_at)
    publishing.article_changed(article)

    rss = ElementTree.fromstring(reader.get("/feed/").content)
    atom = ElementTree.fromstring(reader.get("/feed/atom/").content)

    assert feedparser.parse(reader.get("/feed/").content).feed.updated_parsed[:5] == made_at.utctimetuple()[:5]
    assert rss.findtext("channel/lastBuildDate") == f"{made_at:%a, %d %b %Y %H:%M:%S +0000}"
    stamps = [atom.findtext(f"{ATOM}updated"), json_items(reader)[0]["date_modified"]]
    assert {datetime.fromisoformat(each) for each in stamps} == {made_at.replace(microsecond=0)}
    published_at = article.published_at.replace(microsecond=0)
    assert datetime.fromisoformat(json_items(reader)[0]["date_published"]) == published_at


def test_an_article_in_another_language_says_so(reader):
    make_article(title="دریا کی بات", body="<p>ہر بہار</p>", language="ur")

    assert rss_items(reader)[0].findtext("{http://purl.org/dc/elements/1.1/}language") == "ur"
    assert rss_items(reader)[0].get("{http://www.w3.org/XML/1998/namespace}lang") == "ur"
    assert atom_entries(reader)[0].get("{http://www.w3.org/XML/1998/namespace}lang") == "ur"
    assert json_items(reader)[0]["language"] == "ur"
    assert all(text.startswith('<div lang="ur" dir="rtl"><p>') for text in whole_texts(reader))


def test_nothing_that_is_not_published_is_in_a_feed(reader):
    make_draft(), make_scheduled(), make_withdrawn()

    assert (rss_items(reader), atom_entries(reader), json_items(reader)) == ([], [], [])


@pytest.mark.parametrize("text", ["]]>", "<!--", "&amp;amp; & <b>", "a\x0bb\x1f", "\ufffe\uffff", "\u202e", "\ufdd0"])
def test_no_text_breaks_a_feed_of_op_eds(reader, text):
    article = make_article(author=make_author(f"Ana {text}"))
    texts = {"title": text, "standfirst": text, "disclosure": text, "body_html": f"<p>{text}</p>"}
    Article.objects.filter(pk=article.pk).update(**texts)
    Correction.objects.create(article=article, text="x")
    Correction.objects.update(text_html=text)

    for below in ("/", article.signed[0].author.get_absolute_url()):
        for ending in ENDINGS[:2]:
            parsed = feedparser.parse(reader.get(f"{below}{ending}").content)
            assert (parsed.bozo, len(parsed.entries)) == (False, 1)
        assert len(json_items(reader, f"{below}feed/json/")) == 1


def test_a_feed_of_nothing_is_a_feed(reader):
    section = make_section("World")

    for ending in ENDINGS[:2]:
        parsed = feedparser.parse(reader.get(f"{section.get_absolute_url()}{ending}").content)
        assert (parsed.bozo, parsed.entries) == (False, [])


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_unchanged_feed_is_a_304(reader, article, ending):
    first = reader.get(f"/{ending}")

    again = reader.get(f"/{ending}", headers={"If-None-Match": first["ETag"]})
    head = reader.head(f"/{ending}")
    article.title = "The sea"
    article.save()
    publishing.article_changed(article)
    changed = reader.get(f"/{ending}", headers={"If-None-Match": first["ETag"]})

    assert first["Surrogate-Key"] == "articles site"
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert (changed.status_code, "The sea" in changed.text) == (200, True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_costs_five_queries_whatever_its_length(reader, django_assert_max_num_queries, ending):
    for _ in range(5):
        article = make_article()
        article.topics.add(Topic.objects.get_or_create(name="Water")[0])
        Correction.objects.create(article=article, text="<p>Second floor.</p>")

    with django_assert_max_num_queries(5 + LOOKS_OF_THE_PAGE_CACHE):
        reader.get(f"/{ending}")


def test_a_feed_ends_with_the_twentieth(reader):
    for _ in range(21):
        make_article()

    assert len(rss_items(reader)) == len(json_items(reader)) == 20


def test_feeds_of_what_does_not_exist_are_404(reader):
    urls = ["/section/x/feed/", "/topic/x/feed/atom/", "/author/x/feed/json/", "/feed/rdf/", "/feed/atom/x/"]

    assert [reader.get(url).status_code for url in urls] == [404] * 5
