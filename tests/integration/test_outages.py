"""The database is away: readers get a plain 503, and what they typed comes back."""

import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.factories import filled_in
from tests.postgres import free_port
from tests.servers import running_server


@pytest.fixture(scope="module")
def site_without_database(server_folder):
    """A real server whose database refuses connections."""
    with running_server(server_folder, f"postgres://nobody@127.0.0.1:{free_port()}/nothing") as url:
        yield url


def answer(url, data=None):
    body = urllib.parse.urlencode(data).encode() if data else None
    request = urllib.request.Request(url, body, {"Sec-Fetch-Site": "same-origin"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("path", ["/", "/2026/11/an-op-ed/", "/nothing/", "/comments/12/", "/readyz"])
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
