"""The database is away: readers get a plain 503, and what they typed comes back."""

import urllib.error
import urllib.parse
import urllib.request

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from comments.models import Comment, Decision
from tests.factories import filled_in, make_article, make_comment
from tests.postgres import free_port
from tests.servers import running_server


@pytest.fixture(scope="module")
def site_without_database(server_folder):
    """A real server whose database refuses connections."""
    with running_server(server_folder, f"postgres://nobody@127.0.0.1:{free_port()}/nothing") as url:
        yield url


def answer(url, data=None, cookie=""):
    body = urllib.parse.urlencode(data).encode() if data else None
    request = urllib.request.Request(url, body, {"Sec-Fetch-Site": "same-origin", "Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/2026/11/an-op-ed/", "/nothing/", "/comments/12/", "/comments/nothing/", "/comments/own/x/", "/readyz"],
)
def test_a_page_that_needs_the_database_is_a_plain_503(site_without_database, path):
    status, headers, page = answer(site_without_database + path)

    assert status == 503
    assert headers["Retry-After"] == "10"
    assert "Traceback" not in page
    assert path == "/readyz" or '<p><a href="/">Front page</a></p>' in page
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_comment_comes_back_with_503_and_all_its_words(site_without_database):
    words = filled_in(body="Not to be lost.", name="Ana", email="ana@example.org", website="https://a.example/")

    status, headers, page = answer(f"{site_without_database}/comments/post/12/", words)

    assert status == 503
    assert headers["Retry-After"] == "10"
    assert headers["Cache-Control"] == "private, no-store"
    assert all(word in page for word in ("Not to be lost.", "Ana", "ana@example.org", "https://a.example/"))
    assert 'action="/comments/post/12/"' in page


def test_a_form_of_the_desk_without_its_token_comes_back_with_503_and_all_its_words(site_without_database):
    words = {"title": "A title not to be lost", "body": "Words not to be lost.", "csrfmiddlewaretoken": "wrong"}

    status, headers, page = answer(
        f"{site_without_database}/admin/articles/article/12/change/", words, "sessionid=anything"
    )

    assert status == 503
    assert headers["Retry-After"] == "10"
    assert "A title not to be lost" in page
    assert "Words not to be lost." in page


def test_a_moderators_session_that_can_not_be_stored_is_an_outage_and_no_bad_request(desk):
    moderator, comment = desk("Moderators"), make_comment(make_article(), status="pending")
    seen = Decision.objects.get(comment_id=comment.pk).pk

    def fail_at_the_session(execute, sql, params, many, context):
        if sql.startswith('UPDATE "django_session"'):
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_the_session):
        response = moderator.post("/admin/comments/queue/act/", {"verb": "approve", "seen": [seen]})

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert Comment.objects.get().status == "approved"


def test_a_session_that_somebody_has_ended_is_no_outage(desk):
    moderator, comment = desk("Moderators"), make_comment(make_article(), status="pending")
    seen = Decision.objects.get(comment_id=comment.pk).pk

    def end_the_session(execute, sql, params, many, context):
        if sql.startswith('UPDATE "comments_comment"'):
            Session.objects.all().delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_the_session):
        assert moderator.post("/admin/comments/queue/act/", {"verb": "approve", "seen": [seen]}).status_code == 400
