"""What stands beside an op-ed: corrections, the op-eds that it answers and that answer it, more by its authors, related
ones; and that pages which list others follow them.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Correction, Topic
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_draft,
    make_scheduled,
    make_section,
    make_withdrawn,
)
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db


def about(topic, **fields):
    article = make_draft(section=make_section(f"Section of {fields['title']}"), **fields)
    article.topics.add(topic)
    publishing.publish(article)
    return article


def section_of(page, identifier):
    """The HTML from a heading to the end of its list."""
    return page.partition(f'<h2 id="{identifier}">')[2].partition("</ul>")[0]


def test_below_an_article_stand_the_three_newest_of_its_author_that_are_on_the_site(reader):
    author = make_author("Leila Haddad")
    for number in range(4):
        make_article(title=f"View {number}", author=author, at=timezone.now() - timedelta(days=9 - number))
    make_draft(title="A draft", author=author)
    make_scheduled(title="Not yet", author=author)
    make_withdrawn(title="Not any more", author=author)

    page = reader.get(make_article(title="This one", author=author).get_absolute_url()).text

    more = section_of(page, "more-title")
    assert "More by Leila Haddad" in more
    assert [title for title in ("View 3", "View 2", "View 1") if title in more] == ["View 3", "View 2", "View 1"]
    assert not any(title in more for title in ("View 0", "A draft", "Not yet", "Not any more", "This one"))


def test_related_are_the_newest_on_the_same_topics_with_their_authors_and_none_twice(reader):
    topic, author = Topic.objects.create(name="Water"), make_author("Leila Haddad")
    about(topic, title="By another", author=make_author("Jonas Weil"))
    about(topic, title="By herself", author=author)
    make_article(title="On something else")
    article = about(topic, title="This one", author=author)

    page = reader.get(article.get_absolute_url()).text

    related = section_of(page, "related-title")
    assert "By another" in related
    assert "<bdi>Jonas Weil</bdi>" in related
    assert "By herself" in section_of(page, "more-title")
    assert not any(title in related for title in ("By herself", "On something else", "This one"))


def test_without_topics_the_section_tells_what_is_related(reader):
    section = make_section("World")
    make_article(title="Of this section", section=section)
    make_article(title="Of another", section=make_section("Politics"))

    page = reader.get(make_article(section=section).get_absolute_url()).text

    assert "Of this section" in section_of(page, "related-title")
    assert "Of another" not in section_of(page, "related-title")


def test_an_answer_names_what_it_answers_and_is_named_there(reader):
    first = make_article(title="Leave the bench", section=make_section("World"))
    answer = make_article(title="Take the bench away", answers=first, section=make_section("Politics"))
    make_draft(title="Not written yet", answers=first)

    answered, replied = (reader.get(each.get_absolute_url()).text for each in (answer, first))

    assert "This op-ed answers" in answered
    assert "Leave the bench" in answered
    assert "Take the bench away" in section_of(replied, "replies-title")
    assert "Not written yet" not in replied


def test_an_answer_to_what_was_withdrawn_says_nothing_of_it(reader):
    first = make_article(title="Leave the bench", section=make_section("World"))
    answer = make_article(answers=first)
    publishing.withdraw(first)

    page = reader.get(answer.get_absolute_url()).text

    assert "This op-ed answers" not in page
    assert "Leave the bench" not in page


def test_corrections_stand_below_the_text_with_their_dates_and_are_announced_above(reader):
    article = make_article(disclosure="She owns a bench.")
    Correction.objects.create(article=article, text="<p>Eleven committees, not <b>twelve</b>.</p>")

    page = reader.get(article.get_absolute_url()).text

    parts = ['<a href="#corrections">corrected</a>', "Every spring", 'id="corrections"', "<time", "not <b>twelve</b>"]
    places = [page.index(part) for part in parts[:3]]
    assert places == sorted(places)
    assert all(part in page[places[2] :] for part in parts[3:])
    assert "She owns a bench." in page


# --- The promise: never a page known to be changed


def shown_after(reader, page_of, happens):
    """The page as it was kept, and as it is after something happened."""
    url = page_of.get_absolute_url()
    before = reader.get(url).text
    happens()
    return before, reader.get(url).text


@pytest.fixture
def pair():
    """Two articles of one author, so that each lists the other."""
    author = make_author("Leila Haddad")
    return make_article(title="The one", author=author), make_article(title="The other", author=author)


def test_what_is_withdrawn_leaves_the_pages_that_listed_it(reader, pair):
    one, other = pair

    before, after = shown_after(reader, one, lambda: publishing.withdraw(other))

    assert "The other" in before
    assert "The other" not in after


def test_a_changed_title_is_seen_where_it_is_listed(reader, pair):
    one, other = pair

    def rename():
        other.title = "Another title"
        other.save()
        publishing.article_changed(other)

    _, after = shown_after(reader, one, rename)

    assert "Another title" in after


def test_a_new_op_ed_joins_the_lists_of_its_author_and_topics(reader, pair):
    one, _ = pair
    topic = Topic.objects.create(name="Water")
    one.topics.add(topic)
    publishing.article_changed(one)

    _, by_author = shown_after(reader, one, lambda: make_article(title="A new view", author=one.signed[0].author))
    _, on_topic = shown_after(reader, one, lambda: about(topic, title="New on water"))

    assert "A new view" in by_author
    assert "New on water" in on_topic


def test_a_reply_that_is_published_joins_the_page_of_what_it_answers(reader):
    first = make_article(section=make_section("World"))
    answer = make_draft(title="Take it away", answers=first)

    before, after = shown_after(reader, first, lambda: publishing.publish(answer))

    assert "Take it away" not in before
    assert "Take it away" in after


def test_a_scheduled_op_ed_joins_the_lists_by_itself(reader, clock, pair):
    one, _ = pair
    make_scheduled(title="Tomorrow’s view", author=one.signed[0].author)

    before, after = shown_after(reader, one, lambda: clock.shift(timedelta(days=4)))

    assert "Tomorrow’s view" not in before
    assert "Tomorrow’s view" in after


def test_a_comment_on_a_listed_op_ed_leaves_the_page_where_it_is(reader, pair):
    one, other = pair
    reader.get(one.get_absolute_url())

    make_comment(other)

    assert reader.get(one.get_absolute_url())["Cache-Status"] == "OpEd; hit"


def test_a_long_list_of_articles_costs_no_more_than_a_short_one(reader, django_assert_max_num_queries):
    author, topic = make_author(), Topic.objects.create(name="Water")
    for number in range(12):
        about(topic, title=f"View {number}", author=author if number % 2 else make_author(f"Author of {number}"))
    article = Article.objects.get(title="View 1")

    # One more than without: the names of who wrote the others.
    with django_assert_max_num_queries(7 + LOOKS_OF_THE_PAGE_CACHE):
        page = reader.get(article.get_absolute_url()).text

    assert "related-title" in page
    assert "more-title" in page


def test_two_authors_are_named_with_their_word_between(reader):
    author = make_author("Leila Haddad")
    two = make_draft(title="By two", author=author, section=make_section("World"))
    Byline.objects.create(article=two, author=make_author("Jonas Weil"), position=1)
    publishing.publish(two)

    page = reader.get(make_article(section=make_section("World")).get_absolute_url()).text

    assert "<b><bdi>Leila Haddad</bdi></b> and <b><bdi>Jonas Weil</bdi></b>" in section_of(page, "related-title")
