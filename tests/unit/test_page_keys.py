"""Which requests have a page of their own, and which go round the cache."""

import pytest

from opedsite.page_keys import Wish, read_wish


@pytest.mark.parametrize(
    ("path", "query", "key"),
    [
        ("/", "", "/"),
        ("/", "page=2", ("/", "page=2")),
        ("/2026/11/a/", "order=newest&comments=3", ("/2026/11/a/", "comments=3&order=newest")),
        ("/2026/11/a/", "comments=3&order=newest", ("/2026/11/a/", "comments=3&order=newest")),
        ("/", "utm_source=x&fbclid=y", "/"),
        ("/", "utm_source=x&page=2&utm_source=z", ("/", "page=2")),
        ("/", "%70age=2", ("/", "page=2")),
        ("/", "p%61ge=%32", ("/", "page=2")),
        ("/", "PAGE=2", "/"),
        ("/", "page[]=2", "/"),
        ("/", "&&=&", "/"),
        ("/comments/feed/", "", "/comments/feed/"),
        ("/comments/feed/atom/", "", "/comments/feed/atom/"),
        ("//", "", "//"),
        ("/A/", "", "/A/"),
    ],
)
def test_a_key_is_the_path_and_the_parameters_that_views_read(path, query, key):
    wish = read_wish(path, query)

    assert wish is not None
    assert wish.key() == key


@pytest.mark.parametrize(
    "query",
    [
        "page=1&page=2",
        "page=2&p%61ge=2",
        "page=",
        "page",
        "page=0",
        "page=01",
        "page=-1",
        "page=+1",
        "page=2.0",
        "page=1e3",
        "page=٣",
        "page=%D9%A3",
        "page=12345678",
        "page=2%00",
        "page=2;comments=3",
        "order=best",
        "order=NEWEST",
        "reply_to=1",
        "reply_to=",
        "page=2&reply_to=5",
        "&".join(f"a{number}=1" for number in range(30)),
    ],
)
def test_odd_values_and_answers_for_one_reader_go_round_the_cache(query):
    assert read_wish("/", query) is None


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/x/", "/accounts/login/", "/comments/own/abc/", "/comments/12/", "/static/x", "/healthz"]
)
def test_what_is_somebodys_own_goes_round_the_cache(path):
    assert read_wish(path, "") is None


def test_a_question_mark_in_the_path_is_not_the_one_before_the_query():
    in_path, before_query = read_wish("/x?page=2", ""), read_wish("/x", "page=2")

    assert in_path.key() != before_query.key()


def test_a_parameter_that_the_view_did_not_ask_for_is_not_in_the_key():
    wish = Wish("/about/", (("comments", "3"), ("page", "7")))

    assert wish.key(set()) == "/about/"
    assert wish.key({"page", "order"}) == ("/about/", "page=7")
