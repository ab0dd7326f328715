"""Sections, topics, authors, corrections and the archive: what they list, in which order, and what they cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, Byline, Correction, Page, Section, Topic
from articles.slugs import RESERVED
from tests.factories import make_article, make_author, make_draft, make_section, make_withdrawn
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def test_author_section_and_topic_pages_list_what_belongs_to_them(reader):
    author, section, topic = make_author(), make_section("World"), Topic.objects.create(name="Water")
    ours = make_article(title="About water", author=author, section=section)
    ours.topics.add(topic)
    make_article(title="About tax")

    pages = [reader.get(thing.get_absolute_url()).text for thing in (author, section, topic)]

    assert all("About water" in page and "About tax" not in page for page in pages)


def test_the_page_of_an_author_or_section_does_not_repeat_it_at_each_op_ed(reader):
    ada, ben, section = make_author("Ada"), make_author("Ben"), make_section("World")
    make_article(title="Alone", author=ada, section=section)
    Byline.objects.create(article=make_article(title="Together", author=ada, section=section), author=ben, position=1)

    of_author, of_section = (reader.get(page.get_absolute_url()).text for page in (ada, section))

    assert of_author.count('<p class="by">') == 1
    assert "<bdi>Ada</bdi> and <bdi>Ben</bdi>" in of_author
    assert f'<a href="{section.get_absolute_url()}">World</a></bdi>' in of_author
    assert of_section.count('<p class="by">') == 2
    assert ">World</a></bdi>" not in of_section


def test_an_author_is_shown_with_role_bio_and_links_that_say_it_is_the_same_person(reader):
    author = make_author("Leila Haddad", bio="<p>Taught hydrology.</p>")
    author.role, author.website = "Columnist", "https://leila.example/"
    author.links = "https://social.example/@leila\nhttps://leila.example/"
    author.save()

    page = reader.get(author.get_absolute_url()).text

    assert "Columnist" in page
    assert "Taught hydrology." in page
    assert '<a href="https://social.example/@leila" rel="me noopener">social.example/@leila</a>' in page
    assert page.partition("<body>")[2].count("https://leila.example/") == 1


@pytest.mark.parametrize("name", ["section", "topic", "author"])
def test_a_list_without_op_eds_says_so(reader, name):
    make = {"section": Section.objects.create, "topic": Topic.objects.create, "author": make_author}[name]
    thing = make(name="Water")

    response = reader.get(thing.get_absolute_url())

    assert response.status_code == 200
    assert "been published" in response.text


@pytest.mark.parametrize("url", ["/authors/", "/topics/", "/corrections/"])
def test_a_list_of_nothing_says_so_and_has_no_second_page(reader, url):
    assert 'class="empty"' in reader.get(url).text
    assert reader.get(url, {"page": "2"}).status_code == 404


def test_a_second_page_says_so_at_its_head_and_the_first_does_not(reader):
    author, section, topic = make_author("Ada"), make_section("World"), Topic.objects.create(name="Water")
    for _ in range(30):
        make_article(at(2026, 3, 5), author=author, section=section).topics.add(topic)
    urls = [*(thing.get_absolute_url() for thing in (author, section, topic)), "/2026/03/"]

    heads = [reader.get(url + page).text.partition("<h1")[0].rpartition("kicker")[2] for url in urls
             for page in ("", "?page=2")]  # fmt: skip

    assert ["· Page 2" in head for head in heads] == [False, True] * len(urls)


def test_authors_and_topics_are_listed_by_name_once_something_of_theirs_is_published(reader):
    for name in ("Zoe", "Ada"):
        article = make_article(author=make_author(name))
        article.topics.add(Topic.objects.create(name=f"Topic of {name}", description="A sentence."))
    hidden = make_draft(author=make_author("Nobody yet"))
    hidden.topics.add(Topic.objects.create(name="Topic of nobody"))

    authors, topics = reader.get("/authors/").text, reader.get("/topics/").text

    assert authors.index("Ada") < authors.index("Zoe")
    assert topics.index("Topic of Ada") < topics.index("Topic of Zoe")
    assert "Nobody yet" not in authors
    assert "Topic of nobody" not in topics


def test_corrections_are_listed_newest_first_and_lead_to_their_op_eds(reader):
    article = make_article(title="The river")
    for number in range(25):
        made_at = timezone.now() - timedelta(days=number)
        Correction.objects.create(article=article, text=f"<p>Correction {number:02}.</p>", made_at=made_at)
    Correction.objects.create(article=make_withdrawn(), text="Of a withdrawn op-ed.")

    first, second = reader.get("/corrections/").text, reader.get("/corrections/?page=2").text

    assert first.index("Correction 00.") < first.index("Correction 19.")
    assert article.get_absolute_url() in first
    assert "Correction 20." not in first
    assert "Correction 24." in second
    assert "Of a withdrawn" not in first + second


def test_a_year_counts_its_months_and_leads_to_its_neighbours(reader):
    for moment in (at(2024, 5, 3), at(2026, 2, 1), at(2026, 2, 28), at(2026, 11, 9)):
        make_article(at=moment)

    page = reader.get("/2026/").text

    assert "3 op-eds" in page
    assert '<a href="/2026/02/"><b>February</b> <span>2 op-eds</span></a>' in page
    assert "/2026/03/" not in page
    assert '<a href="/2024/" rel="next">2024</a>' in page


def test_a_month_lists_its_op_eds_and_leads_to_its_neighbours(reader):
    make_article(title="January", at=at(2026, 1, 31, 23, 59))
    make_article(title="Early", at=at(2026, 3, 1))
    make_article(title="Late", at=at(2026, 3, 31, 23, 59))
    make_article(title="April", at=at(2026, 4, 1))

    page = reader.get("/2026/03/").text

    assert page.index("Late") < page.index("Early")
    assert '<a href="/2026/04/">April 2026</a>' in page
    assert '<a href="/2026/01/">January 2026</a>' in page


def test_months_are_those_of_the_sites_clock(reader, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    make_article(title="On the first of March there", at=at(2026, 2, 28, 12))

    assert "On the first of March there" in reader.get("/2026/03/").text
    assert reader.get("/2026/02/").status_code == 404


def test_the_archive_goes_by_the_date_that_is_printed(reader):
    article = make_article(at=at(2025, 6, 1))
    Article.objects.filter(pk=article.pk).update(published_at=at(2026, 6, 1))

    assert reader.get("/2026/06/").status_code == 200
    assert reader.get("/2025/").status_code == 404


@pytest.mark.parametrize("url", ["/2019/", "/2026/13/", "/2026/02/", "/0000/", "/9999/", "/9999/12/", "/2026/00/"])
def test_a_year_or_month_without_op_eds_is_404(reader, url):
    make_article(at=at(2026, 3, 1))

    assert reader.get(url).status_code == 404


def test_the_archive_begins_with_the_newest_year_and_says_when_there_is_none(reader):
    assert "Nothing has been published yet" in reader.get("/archive/").text

    make_article(at=at(2024, 3, 1))

    assert reader.get("/archive/").url == "/2024/"


@pytest.mark.parametrize(
    "url", ["/section/politics/", "/author/ada/", "/authors/", "/corrections/", "/2026/03/", "/2026/"]
)
def test_a_list_costs_the_same_queries_whatever_its_length(reader, django_assert_max_num_queries, url):
    author = make_author("Ada")
    for number in range(15):
        article = make_article(author=author, at=at(2026, 3, 1 + number))
        Correction.objects.create(article=article, text="Eleven.")

    with django_assert_max_num_queries(5 + LOOKS_OF_THE_PAGE_CACHE):
        assert reader.get(url).status_code == 200


@pytest.mark.parametrize("slug", sorted(RESERVED | {"2026"}))
def test_no_standing_page_can_hide_another_part_of_the_site(slug):
    with pytest.raises(ValidationError):
        Page(title="Ours", slug=slug, body="<p>Ours.</p>", body_html="-").full_clean()


def test_the_section_that_is_read_is_marked_in_the_navigation(reader):
    make_article(section=make_section("World"))

    assert '<a href="/section/world/" aria-current="page">World</a>' in reader.get("/section/world/").text
