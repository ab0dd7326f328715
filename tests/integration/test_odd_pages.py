"""Pages of people and subjects whose data is odd, and searches for whatever anybody types, are answered like others."""

from urllib.parse import quote

import pytest

from articles.models import Author, Image, Section, Topic
from tests.factories import make_article

pytestmark = pytest.mark.django_db
LONG = "ں" * 250


def odd_author(name, **facts):
    return Author.objects.create(name=name[: Author._meta.get_field("name").max_length], **facts)


@pytest.mark.parametrize("name", ["علی رضا", LONG, "<b>&\"'", "x", "‏ע\u202e", "👩🏽‍🚀", "1"])
@pytest.mark.parametrize("has_articles", [False, True])
def test_an_author_with_any_name_and_without_bio_has_a_page_and_feeds(reader, name, has_articles):
    author = odd_author(name)
    if has_articles:
        make_article(author=author)

    addresses = [author.get_absolute_url() + ending for ending in ("", "feed/", "feed/atom/", "feed/json/")]

    assert [reader.get(address).status_code for address in [*addresses, "/authors/", "/search/"]] == [200] * 6


def test_an_author_whose_portrait_is_not_ready_has_a_page(reader):
    portrait = Image.objects.create(key="k" * 32, name="Blank", width=0, height=0, widths=[])
    author = odd_author("Minna Berg", portrait=portrait)
    make_article(author=author)

    assert reader.get(author.get_absolute_url()).status_code == 200
    assert reader.get("/").status_code == 200


@pytest.mark.parametrize("kind", [Section, Topic])
@pytest.mark.parametrize("name", ["سیاست", "ں" * 80, "👩🏽‍🚀", "<b>&\"'"])
def test_an_empty_section_or_topic_of_any_name_has_a_page_and_a_feed(reader, kind, name):
    subject = kind.objects.create(name=name)

    addresses = [subject.get_absolute_url() + ending for ending in ("", "feed/", "feed/atom/", "feed/json/")]

    assert [reader.get(address).status_code for address in addresses] == [200] * 4


@pytest.mark.parametrize(
    "typed",
    ["x" * 10_000, '"', '""', "-", "--", "%", "%%", "_", "'", "\\", "*", ":", "()", "a AND", "NEAR(a b)", "\u202e",
     "👩🏽‍🚀",
     "\u200f", "a'--", "\x00", "-\"", "-\"a", "ا" * 150, "ß ﬁ", "\ufffe", " ", "\t\n"],
)  # fmt: skip
def test_any_search_is_answered(reader, typed):
    make_article()
    address = f"/search/?q={quote(typed)}"

    found = [reader.get(address + more).status_code for more in ("", "&section=%25&author='&year=0000", "&year=9999")]

    assert set(found) <= {200, 400, 414}
    assert reader.get(f"/search/suggest/?q={quote(typed)}").status_code in {200, 400, 414}
    assert reader.get(f"{address}&page=99999").status_code in {200, 400, 404, 414}


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%FF%FE", "%C3%28", "%", "%zz"])
def test_a_search_that_is_no_text_is_answered(reader, raw):
    make_article()

    assert reader.get(f"/search/?q={raw}").status_code in {200, 400}
    assert reader.get(f"/search/suggest/?q={raw}").status_code in {200, 400}
