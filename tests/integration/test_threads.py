"""How comments stand below an article: threads, depth, pages, removed ones."""

import re

import pytest
from django.utils import timezone

from comments import review
from comments.drafts import Draft, Past
from comments.importing import Imported, import_comments
from comments.models import Comment
from comments.visibility import visible_comments_changed
from tests.factories import make_article, make_comment, set_discussion
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db


def chain(article, length):
    parent = None
    for number in range(length):
        parent = make_comment(article, f"Level {number}", parent=parent)
    return parent


def test_replies_below_the_last_level_stand_beside_what_they_answer():
    set_discussion(depth=3)
    article = make_article()

    chain(article, 6)

    assert list(Comment.objects.in_thread_order().values_list("body", "depth")) == [
        ("Level 0", 0),
        ("Level 1", 1),
        ("Level 2", 2),
        ("Level 3", 2),
        ("Level 4", 2),
        ("Level 5", 2),
    ]


def imported(article, count, *, is_chain):
    """Many comments at once, each below the last or each a thread of its own."""
    past = Past(submitted_at=timezone.now(), status="approved", by="import")
    batch = [
        Imported(
            article,
            Draft(body=f"Number {number}.", name="Ana", email="ana@example.org"),
            past,
            key=str(number),
            parent_key=str(number - 1) if is_chain else "",
        )
        for number in range(count)
    ]
    comments = import_comments(batch)
    visible_comments_changed([article.pk])
    return comments


def test_a_chain_of_10000_replies_made_by_an_import_renders_in_constant_queries(reader, django_assert_max_num_queries):
    article = make_article()
    comments = imported(article, 10_000, is_chain=True)
    url = article.get_absolute_url()

    for query in ("", "?comments=2", "?comments=50", "?order=newest&comments=50"):
        names_on_other_pages = 1 if query else 0
        with django_assert_max_num_queries(7 + names_on_other_pages + LOOKS_OF_THE_PAGE_CACHE):
            page = reader.get(url + query)
        assert page.text.count('id="comment-') == 200
        assert "in reply to" in page.text

    assert "10,000 comments" in page.text
    assert reader.get(f"{url}?comments=51").status_code == 404
    assert Comment.objects.get(pk=comments[-1].pk).depth == 4
    assert reader.get(f"/comments/{comments[-1].pk}/").url == f"{url}?comments=50#comment-{comments[-1].pk}"


def test_an_article_with_20000_comments_shows_any_page_in_constant_queries(reader, django_assert_max_num_queries):
    article = make_article()
    comments = imported(article, 20_000, is_chain=False)
    url = article.get_absolute_url()

    for query in ("", "?comments=400", "?order=newest"):
        with django_assert_max_num_queries(7 + LOOKS_OF_THE_PAGE_CACHE):
            page = reader.get(url + query)
        assert page.text.count('id="comment-') == 50

    assert "20,000 comments" in page.text
    assert reader.get(f"/comments/{comments[-1].pk}/").url == f"{url}?comments=400#comment-{comments[-1].pk}"


def test_a_removed_comment_is_absent_and_its_replies_stay(reader):
    article = make_article()
    parent = make_comment(article, "To be removed.", name="Gone")
    make_comment(article, "Still here.", parent=parent)

    review.trash(Comment.objects.filter(pk=parent.pk), by="mira")
    page = reader.get(article.get_absolute_url()).text

    assert "To be removed." not in page
    assert "Gone" not in page
    assert "Still here." in page
    assert "in reply to a comment that was removed" in page


def test_a_purged_comment_leaves_its_replies_too(reader):
    article = make_article()
    parent = make_comment(article)
    make_comment(article, "Still here.", parent=parent)

    review.purge(Comment.objects.filter(pk=parent.pk))

    page = reader.get(article.get_absolute_url()).text
    assert "Still here." in page
    assert "in reply to a comment that was removed" in page


def test_a_page_holds_fifty_threads_and_the_next_page_the_rest(reader):
    article = make_article()
    comments = [make_comment(article, f"Thread {number:03}") for number in range(51)]

    first = reader.get(article.get_absolute_url()).text
    second = reader.get(article.get_absolute_url(), {"comments": "2"}).text

    assert "Thread 049" in first
    assert "Thread 050" not in first
    assert "More comments" in first
    assert "Thread 050" in second
    assert "Previous comments" in second
    assert reader.get(f"/comments/{comments[50].pk}/").url == (
        f"{article.get_absolute_url()}?comments=2#comment-{comments[50].pk}"
    )


def test_a_page_holds_two_hundred_comments_and_a_long_thread_goes_on_overleaf(reader):
    article = make_article()
    root = make_comment(article, "Root", name="Ana Root")
    for number in range(205):
        make_comment(article, f"Reply {number:03}", parent=root)

    first = reader.get(article.get_absolute_url()).text
    second = reader.get(article.get_absolute_url(), {"comments": "2"}).text

    assert first.count('<li class="comment') == 200
    assert second.count('<li class="comment') == 6
    assert f'in reply to <a href="/comments/{root.pk}/"><bdi>Ana Root</bdi></a>' in second

    review.trash(Comment.objects.filter(pk=root.pk), by="mira")
    second = reader.get(article.get_absolute_url(), {"comments": "2"}).text
    assert "in reply to a comment that was removed" in second
    assert "Ana Root" not in second


@pytest.mark.parametrize("number", ["0", "3", "x", "-1", "99999999999"])
def test_a_page_of_comments_that_does_not_exist_is_404(reader, number):
    article = make_article()
    make_comment(article)

    assert reader.get(article.get_absolute_url(), {"comments": number}).status_code == 404


def test_the_link_to_a_comment_works_only_while_it_is_visible(reader):
    article = make_article()
    comment = make_comment(article)

    assert reader.get(comment.get_absolute_url()).url == f"{article.get_absolute_url()}#comment-{comment.pk}"
    review.hold(Comment.objects.all(), by="mira")
    assert reader.get(comment.get_absolute_url()).status_code == 404
    assert reader.get("/comments/99999999999999999999999/").status_code == 404


def test_counts_count_what_is_visible(reader):
    article = make_article()
    make_comment(article), make_comment(article), make_comment(article, status="pending")

    assert "2 comments</h2>" in reader.get(article.get_absolute_url()).text
    assert "2 comments" in reader.get("/").text


def test_what_a_reader_typed_is_shown_and_never_run(reader):
    article = make_article()
    make_comment(
        article, "<script>alert(1)</script> and <b>bold</b>", name='<img src=x onerror="alert(2)">',
        website='https://a.example/"x',
    )  # fmt: skip

    page = reader.get(article.get_absolute_url()).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>bold</b>" in page
    # The data block for search engines, and our module.
    assert re.findall(r"<script[^>]*>", page) == [
        '<script type="application/ld+json">',
        '<script type="module" src="/static/oped/article.js">',
    ]
    assert "<img" not in page
    assert 'href="https://a.example/&quot;x"' in page


def test_newest_first_turns_the_threads_and_keeps_replies_below_what_they_answer(reader):
    article = make_article()
    first, second = make_comment(article, "Older thread"), make_comment(article, "Newer thread")
    (
        make_comment(article, "Answer to the newer", parent=second),
        make_comment(article, "Answer to the older", parent=first),
    )

    page = reader.get(article.get_absolute_url(), {"order": "newest"}).text

    order = [
        page.index(text) for text in ("Newer thread", "Answer to the newer", "Older thread", "Answer to the older")
    ]
    assert order == sorted(order)


def test_newest_first_goes_on_overleaf_where_it_stopped(reader):
    article = make_article()
    for number in range(51):
        make_comment(article, f"Thread {number:03}")
    busy = make_comment(article, "Busy thread")
    for number in range(210):
        make_comment(article, f"Reply {number:03}", parent=busy)

    pages = [reader.get(article.get_absolute_url(), {"order": "newest", "comments": n}).text for n in (1, 2, 3)]

    assert [page.count('<li class="comment') for page in pages] == [200, 61, 1]
    assert "Busy thread" in pages[0]
    assert "Reply 209" in pages[1]
    assert "Thread 000" in pages[2]
    assert "order=newest&amp;comments=2#comments" in pages[0]


def test_an_imported_comment_is_cleaned_like_anyones():
    comment = make_comment(make_article(), "<b>bold</b> <a href='javascript:x()'>x</a><script>y()</script>")

    assert comment.body_html == "<p><b>bold</b> x&lt;script&gt;y()&lt;/script&gt;</p>"
