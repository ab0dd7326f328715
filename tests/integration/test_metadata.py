"""What machines read in the head of each page."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import escape

import html5lib
import pytest
from django.conf import settings
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Correction, Image, Page, Publication, Topic
from tests.factories import make_article, make_author, make_comment, make_draft, make_section

pytestmark = pytest.mark.django_db
BASE = settings.OPED_BASE_URL
READY = {"widths": [320, 640, 960, 1280], "width": 1280, "height": 800, "due_at": None}


@pytest.fixture
def article():
    """By two, on a topic, with a picture."""
    picture = {"alt": "A ferry", "caption": "The 6.40", "credit": "Ana", "copyright_notice": "© Ana"}
    licence = "https://licence.example/by"
    image = Image.objects.create(key="3f9a", name="x", licence_url=licence, **picture, **READY)
    author = make_author("Leila Haddad")
    author.role, author.links = "Columnist", "https://a.example/leila\nhttps://b.example/leila"
    author.save()
    article = make_draft(
        title="The river", standfirst="A plan.", author=author, section=make_section("World"), lead_image=image
    )
    Byline.objects.create(article=article, author=make_author("Jonas Weil"), position=1)
    article.topics.add(Topic.objects.create(name="Water"))
    publishing.publish(article, at=timezone.now() - timedelta(days=2))
    return article


def head_of(reader, url):
    return html5lib.parse(reader.get(url).text, namespaceHTMLElements=False).find("head")


def graph_of(reader, url):
    """The nodes of the one graph of a page, by type; of a list of types the last."""
    page = html5lib.parse(reader.get(url).text, namespaceHTMLElements=False)
    (script,) = (each for each in page.iter("script") if each.get("type") == "application/ld+json")
    whole = json.loads(script.text)
    assert whole["@context"] == "https://schema.org"
    kinds = [(node["@type"], node) for node in whole["@graph"]]
    return {kind if isinstance(kind, str) else kind[-1]: node for kind, node in kinds}


def properties(head):
    return [(each.get("property"), each.get("content")) for each in head.iter("meta") if each.get("property")]


def links(head, rel):
    return [each.get("href") for each in head.iter("link") if each.get("rel") == rel]


def named(head, name):
    return [each.get("content") for each in head.iter("meta") if each.get("name") == name]


def test_an_op_ed_tells_those_who_share_it(reader, article):
    head = head_of(reader, article.get_absolute_url())

    told = properties(head)
    assert told[:4] == [
        ("og:type", "article"),
        ("og:title", "The river"),
        ("og:description", "A plan."),
        ("og:url", f"{BASE}{article.get_absolute_url()}"),
    ]
    authors = [f"{BASE}{byline.author.get_absolute_url()}" for byline in article.signed]
    assert [content for name, content in told if name == "article:author"] == authors
    for pair in (
        ("og:site_name", settings.OPED_SITE_NAME),
        ("og:image", f"{BASE}/media/3f9a/share.jpg"),
        ("og:image:width", "1200"),
        ("og:image:alt", "A ferry"),
        ("article:section", "World"),
        ("article:tag", "Water"),
    ):
        assert pair in told
    assert named(head, "twitter:card") == ["summary_large_image"]
    assert named(head, "description") == ["A plan."]
    assert named(head, "robots") == ["max-image-preview:large"]
    assert links(head, "canonical") == [f"{BASE}{article.get_absolute_url()}"]


def test_the_graph_of_an_op_ed_names_it_its_authors_and_its_publisher(reader, article):
    make_comment(article)
    url = f"{BASE}{article.get_absolute_url()}"

    nodes = graph_of(reader, article.get_absolute_url())

    node = nodes["OpinionNewsArticle"]
    assert node["@type"] == ["NewsArticle", "OpinionNewsArticle"]
    leila, jonas = node["author"]
    assert (leila["@type"], leila["name"], leila["jobTitle"]) == ("Person", "Leila Haddad", "Columnist")
    assert leila["sameAs"] == ["https://a.example/leila", "https://b.example/leila"]
    assert jonas["url"] == f"{BASE}{article.signed[1].author.get_absolute_url()}"
    expected = {
        "headline": "The river",
        "description": "A plan.",
        "url": url,
        "articleSection": "World",
        "keywords": ["Water"],
        "inLanguage": "en",
        "commentCount": 1,
        "wordCount": article.word_count,
        "isAccessibleForFree": True,
        "publisher": {"@id": nodes["NewsMediaOrganization"]["@id"]},
        "isPartOf": {"@id": nodes["WebSite"]["@id"]},
    }
    assert {name: node[name] for name in expected} == expected
    assert node["image"] == {
        "@type": "ImageObject",
        "contentUrl": f"{BASE}/media/3f9a/1280.webp",
        "url": f"{BASE}/media/3f9a/1280.webp",
        "caption": "The 6.40",
        "creditText": "Ana",
        "creator": {"@type": "Person", "name": "Ana"},
        "copyrightNotice": "© Ana",
        "license": "https://licence.example/by",
    }
    trail = [(step["position"], step["name"]) for step in nodes["BreadcrumbList"]["itemListElement"]]
    assert trail == [(1, settings.OPED_SITE_NAME), (2, "World"), (3, "The river")]


def test_the_dates_of_the_graph_are_those_on_the_page(reader, article):
    Article.objects.filter(pk=article.pk).update(changed_at=timezone.now() - timedelta(days=1))
    publishing.article_changed(article)

    page = reader.get(article.get_absolute_url()).text
    node = graph_of(reader, article.get_absolute_url())["OpinionNewsArticle"]

    shown = re.findall(r'<time datetime="([^"]+)"', page)
    assert shown[:2] == [node["datePublished"], node["dateModified"]]


def test_an_update_on_the_day_of_publication_shows_its_hour_and_not_the_day_again(reader, article):
    out = datetime(2026, 3, 5, 9, 2, tzinfo=UTC)
    Article.objects.filter(pk=article.pk).update(published_at=out, changed_at=out + timedelta(hours=3))
    publishing.article_changed(article)

    page = reader.get(article.get_absolute_url()).text
    node = graph_of(reader, article.get_absolute_url())["OpinionNewsArticle"]

    shown = re.findall(r'<time datetime="([^"]+)">([^<]+)<', page)
    assert shown[:2] == [(node["datePublished"], "5 March 2026, 09:02"), (node["dateModified"], "12:02")]


def test_a_correction_is_in_the_graph(reader, article):
    Correction.objects.create(article=article, text="<p>The <b>second</b> floor.</p>")
    publishing.article_changed(article)

    (told,) = graph_of(reader, article.get_absolute_url())["OpinionNewsArticle"]["correction"]

    assert (told["@type"], told["text"]) == ("CorrectionComment", "The second floor.")


def test_the_publisher_says_by_which_rules_it_publishes_and_where_else_it_is(reader, article):
    rules = Page.objects.create(title="Principles", slug="principles", body="<p>We sign.</p>")
    Publication.objects.create(pk=1, name="The Table", links="https://a.example/table", principles=rules)
    publishing.navigation_changed()

    node = graph_of(reader, "/")["NewsMediaOrganization"]

    assert (node["name"], node["sameAs"]) == ("The Table", ["https://a.example/table"])
    assert node["publishingPrinciples"] == f"{BASE}/principles/"
    assert node["correctionsPolicy"] == f"{BASE}/corrections/"


def test_an_author_has_a_profile_and_the_front_page_says_how_the_site_is_searched(reader, article):
    author = article.signed[0].author

    profile, front = graph_of(reader, author.get_absolute_url())["ProfilePage"], graph_of(reader, "/")["WebSite"]

    assert profile["mainEntity"]["@id"] == f"{BASE}{author.get_absolute_url()}#person"
    assert profile["mainEntity"]["description"] == "Taught hydrology for twenty years."
    assert front["potentialAction"]["target"]["urlTemplate"] == f"{BASE}/search/?q={{search_term_string}}"


def test_a_list_of_several_pages_names_this_one_and_its_neighbours(reader):
    section = make_section("World")
    for _ in range(41):
        make_article(section=section)
    path = section.get_absolute_url()

    first, second = head_of(reader, path), head_of(reader, f"{path}?page=2&utm_source=x")

    assert (links(first, "canonical"), links(second, "canonical")) == ([f"{BASE}{path}"], [f"{BASE}{path}?page=2"])
    assert (links(first, "prev"), links(first, "next")) == ([], [f"{path}?page=2"])
    assert (links(second, "prev"), links(second, "next")) == ([path], [f"{path}?page=3"])


def test_each_page_leads_to_its_feeds(reader, article):
    site = ["/feed/", "/feed/atom/", "/feed/json/"]

    author, section = article.signed[0].author, article.section
    for path in (author.get_absolute_url(), section.get_absolute_url(), article.get_absolute_url()):
        own = [f"{path}{ending}" for ending in ("feed/", "feed/atom/", "feed/json/")]
        assert links(head_of(reader, path), "alternate") == [*own, *site]
    assert links(head_of(reader, "/"), "alternate") == site
    assert {reader.get(url).status_code for url in site} == {200}


def test_the_feeds_of_an_op_ed_say_that_they_are_its_comments(reader, article):
    page = reader.get(article.get_absolute_url()).text

    assert f'title="Comments on “{escape(article.title)}” – ' in page


@pytest.mark.parametrize(
    ("language", "place"), [("en", "en_US"), ("ur", "ur_PK"), ("es", "es_ES"), ("zh-hans", "zh_CN")]
)
def test_open_graph_hears_of_language_and_territory(reader, language, place):
    page = reader.get(make_article(language=language).get_absolute_url()).text

    assert f'<meta property="og:locale" content="{place}">' in page


def test_all_pages_of_readers_have_a_description_a_canonical_address_and_a_graph(reader, article):
    month = f"/{article.address_year}/{article.address_month:02}/"
    Correction.objects.create(article=article, text="x")

    for path in ("/", "/authors/", "/topics/", "/corrections/", "/about/", month, month[:6], "/topic/water/"):
        head = head_of(reader, path)
        assert links(head, "canonical") == [f"{BASE}{path}"]
        assert named(head, "description") != [""]
        assert graph_of(reader, path)


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", '"><img src=x>', "<!--", "\\u003c", "]]>"])
def test_no_title_breaks_out_of_the_head(reader, text):
    article = make_article(title=text, standfirst=text)

    head = head_of(reader, article.get_absolute_url())

    assert ("og:title", text) in properties(head)
    assert graph_of(reader, article.get_absolute_url())["OpinionNewsArticle"]["headline"] == text
    assert [each.get("type") for each in head.iter("script")] == ["application/ld+json", "module"]


def test_the_manifest_and_the_icons_are_there(reader):
    response = reader.get("/site.webmanifest")
    manifest = json.loads(response.text)

    assert response["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert (manifest["name"], manifest["start_url"]) == (settings.OPED_SITE_NAME, "/")
    assert links(head_of(reader, "/"), "manifest") == ["/site.webmanifest"]
    assert reader.get("/favicon.ico")["Location"] == "/static/oped/icon-192.png"


def test_absolute_addresses_are_ours_whatever_host_was_asked(reader, article):
    page = reader.get(article.get_absolute_url(), headers={"host": "localhost"}).text

    assert "http://localhost" not in page
