"""The front page: what stands where, that it is never empty, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import pinning
from articles.models import Article, Correction, Pin, Section
from tests.factories import make_article, make_comment, make_scheduled, make_section, make_withdrawn
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db
# Around the page (sections and pages), candidates, cards, their authors, faces, lead picture, corrections.
QUERIES = 7


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def part(page, name):
    """The part of the page below this label, to its end."""
    found = re.search(rf'<h2 class="label">(?:<a [^>]*>)?{name}.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def lead(page):
    return re.search('<section class="lead".*?</section>', page, re.DOTALL)[0]


def titles(html):
    return re.findall(r"<h[23]><a [^>]*>([^<]*)</a></h[23]>", html)


def test_an_empty_site_says_so_instead_of_showing_nothing(reader):
    page = reader.get("/").text

    assert "Nothing has been published yet" in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_site_with_few_op_eds_shows_each_once_and_leads_with_the_newest(reader, count):
    for number in range(count):
        make_article(title=f"View {number}", at=days_ago(count - number))

    page = reader.get("/").text

    assert titles(lead(page)) == [f"View {count - 1}"]
    assert sorted(titles(page)) == [f"View {number}" for number in range(count)]


def test_no_op_ed_stands_twice_however_many_reasons_it_has(reader):
    for number in range(40):
        article = make_article(
            title=f"View {number:02}", section=make_section(f"Section {number % 3}"), at=days_ago(number)
        )
        if number % 4 == 0:
            make_comment(article)
            Pin.objects.create(article=article, place="lead" if number < 8 else "selection")

    found = titles(reader.get("/").text)

    assert len(found) == len(set(found))
    assert {f"View {number:02}" for number in range(20)} <= set(found)


def test_the_pinned_lead_leads_and_the_selection_keeps_the_editors_order(reader):
    make_article(title="The newest")
    for title, place, position in [("Second", "selection", 2), ("First", "selection", 1), ("The lead", "lead", 0)]:
        article = make_article(title=title, at=days_ago(50))
        Pin.objects.create(article=article, place=place, position=position)

    page = reader.get("/").text

    assert titles(lead(page)) == ["The lead"]
    assert titles(part(page, "Editors’ selection")) == ["First", "Second"]


def test_what_is_pinned_to_the_selection_does_not_lead_unless_there_is_nothing_else(reader):
    article = make_article(title="Selected")
    Pin.objects.create(article=article)
    assert titles(lead(reader.get("/").text)) == ["Selected"]

    make_article(title="Older", at=days_ago(9))

    page = reader.get("/").text
    assert titles(lead(page)) == ["Older"]
    assert titles(part(page, "Editors’ selection")) == ["Selected"]


@pytest.mark.parametrize("make", [make_withdrawn, make_scheduled])
def test_a_pin_on_what_readers_may_not_see_is_as_if_it_were_not_there(reader, make):
    make_article(title="In plain sight")
    Pin.objects.create(article=make(title="Hidden"), place="lead")

    page = reader.get("/").text

    assert titles(page) == ["In plain sight"]


def test_a_pin_ends_by_itself(reader, time_machine):
    now = timezone.now()
    make_article(title="The newest")
    Pin.objects.create(
        article=make_article(title="Pinned", at=days_ago(9)), place="lead", until=now + timedelta(minutes=2)
    )
    assert titles(lead(reader.get("/").text)) == ["Pinned"]

    time_machine.move_to(now + timedelta(minutes=2, seconds=1))

    assert titles(lead(reader.get("/").text)) == ["The newest"]


def test_sections_show_their_newest_in_the_order_of_the_navigation(reader):
    politics = Section.objects.create(name="Politics", position=2)
    world = Section.objects.create(name="World", position=1)
    hidden = Section.objects.create(name="Hidden", position=0, in_navigation=False)
    for number in range(10):
        for section in (politics, world, hidden):
            make_article(title=f"{section} {number}", section=section, at=days_ago(number + 10))
    for number in range(5):
        make_article(title=f"Elsewhere {number}", section=make_section("Elsewhere"))

    page = reader.get("/").text

    assert titles(part(page, "World")) == ["World 0", "World 1", "World 2"]
    assert page.index(">World</a></h2>") < page.index(">Politics</a></h2>")
    assert not part(page, "Hidden")


def test_most_discussed_are_those_of_late_by_comments_and_then_older_ones(reader):
    for number in range(30):
        make_article(title=f"Quiet {number}", at=days_ago(number / 10))
    for title, days, comments in [("Loud of old", 60, 9), ("Loud", 20, 5), ("Less loud", 15, 3)]:
        article = make_article(title=title, at=days_ago(days))
        Article.objects.filter(pk=article.pk).update(comment_count=comments)

    page = reader.get("/").text

    assert titles(part(page, "Most discussed")) == ["Loud", "Less loud", "Loud of old"]


def test_the_newest_corrections_stand_on_the_front_page(reader):
    article = make_article(title="The river")
    Correction.objects.create(article=article, text="There were <b>eleven</b> committees.")

    assert "There were" in part(reader.get("/").text, "Corrections")


def test_who_wrote_lately_stands_among_our_authors(reader):
    article = make_article()
    author = article.bylines.get().author
    author.role = "Columnist"
    author.save()

    found = part(reader.get("/").text, "Our authors")

    assert author.name in found
    assert "Columnist" in found
    assert author.get_absolute_url() in found


def test_the_second_page_goes_on_where_the_newest_end(reader):
    for number in range(45):
        make_article(title=f"View {number:02}", at=days_ago(number))

    first, second, third = (reader.get("/", {"page": page}).text for page in (1, 2, 3))

    assert {f"View {number:02}" for number in range(20)} <= set(titles(first))
    assert titles(second) == [f"View {number:02}" for number in range(20, 40)]
    assert titles(third) == [f"View {number:02}" for number in range(40, 45)]
    assert "Older op-eds" in first
    assert "Newer op-eds" in third


def test_no_section_gets_much_longer_than_the_shortest_beside_it(reader):
    for above in ("lead", "selection"):
        Pin.objects.create(article=make_article(section=make_section("Elsewhere")), place=above)
    for place, (name, number) in enumerate({"Full": 4, "New": 1, "Empty": 0}.items()):
        section = Section.objects.create(name=name, position=place)
        for each in range(number):
            make_article(title=f"{name} {each}", section=section, at=days_ago(each + 1))

    page = reader.get("/").text

    assert titles(part(page, "Full")) == ["Full 0", "Full 1"]
    assert titles(part(page, "New")) == ["New 0"]
    assert "Full 2" in titles(part(page, "More op-eds"))


@pytest.mark.parametrize("sections", [1, 12])
def test_the_front_page_costs_the_same_queries_whatever_stands_on_it(reader, django_assert_max_num_queries, sections):
    for number in range(3 * sections):
        article = make_article(section=make_section(f"Section {number % sections}"), at=days_ago(number))
        Article.objects.filter(pk=article.pk).update(comment_count=number)
        if number < 8:
            Pin.objects.create(article=article, place="selection")
    Correction.objects.create(article=article, text="Eleven.")

    with django_assert_max_num_queries(QUERIES + LOOKS_OF_THE_PAGE_CACHE):
        reader.get("/")


def test_an_op_ed_in_another_language_runs_its_own_way_and_says_who_in_the_sites(reader):
    make_article(title="دریا کی بات", standfirst="ایک منصوبہ", language="ur")

    page = reader.get("/").text

    assert '<article class="item" lang="ur" dir="rtl">' in page
    assert '<p class="by" lang="en">' in page


def test_words_of_a_card_are_text_and_never_markup(reader):
    article = make_article(title="<i>R&D</i>", standfirst='"<script>"', section=make_section("<b>"))
    article.bylines.get().author.save()

    page = reader.get("/").text

    assert "&lt;i&gt;R&amp;D&lt;/i&gt;" in page
    assert "<script>" not in page
    assert "&lt;b&gt;" in page


def test_each_input_of_the_list_of_pins_says_what_it_is_of_which_op_ed(desk):
    pinning.pin(make_article(title="Tide & tables"))

    page = desk("Editors").get("/admin/articles/pin/")

    assert page.status_code == 200
    assert 'aria-label="Position: Editors’ selection: Tide &amp; tables"' in page.text


def test_the_list_of_pins_opens_while_nothing_is_pinned(desk):
    assert desk("Editors").get("/admin/articles/pin/").status_code == 200
