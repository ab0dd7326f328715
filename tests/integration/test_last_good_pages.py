"""The database goes away and comes back: visited pages stay, the others say so, and nothing needs a restart."""

import time

import pytest
from django.db import connection, connections

from tests.factories import make_article, make_comment
from tests.servers import DatabaseLine, get, running_server

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("migrated")]


@pytest.fixture
def line():
    line = DatabaseLine()
    line.mend()
    yield line
    line.cut()
    if line.port == 0:
        line.mend()


def test_visited_pages_stay_while_the_database_is_away_and_change_when_it_is_back(line, server_folder):
    article, unvisited = make_article(), make_article()
    with running_server(server_folder, line.url, OPED_PAGE_RECHECK_SECONDS="0.2") as site:
        url = site + article.get_absolute_url()
        before = get(url)
        make_comment(article, "Too late to be seen.")

        connections.close_all()
        line.cut()
        time.sleep(0.5)
        started = time.monotonic()
        during = [get(url) for _ in range(20)]
        took = time.monotonic() - started
        other = get(site + unvisited.get_absolute_url())

        line.mend()
        back = time.monotonic()
        while "Too late" not in get(url).text and time.monotonic() < back + 10:
            time.sleep(0.05)
        recovery = time.monotonic() - back
        unvisited_after = get(site + unvisited.get_absolute_url())

    assert {page.status for page in during} == {200}
    assert {page.text for page in during} == {before.text}
    assert "stale" in during[-1].headers["Cache-Status"]
    assert int(during[-1].headers["Age"]) >= 0
    assert took < 2
    assert (other.status, other.headers["Retry-After"]) == (503, "10")
    assert "Traceback" not in other.text
    assert recovery < 5
    assert unvisited_after.status == 200


def test_a_database_that_takes_questions_and_never_answers_holds_nobody_up(line, server_folder):
    if connection.vendor == "sqlite":
        pytest.skip("a file has no machine of its own that could stop")
    article = make_article()
    limits = {"OPED_PAGE_RECHECK_SECONDS": "0.2", "OPED_STATEMENT_TIMEOUT_MS": "1000"}
    with running_server(server_folder, line.url, **limits) as site:
        url, search = site + article.get_absolute_url(), f"{site}/search/?q=meadow"
        before, found = get(url), get(search)

        line.freeze()
        time.sleep(0.5)
        started = time.monotonic()
        asked = [get(search) for _ in range(3)]
        took = time.monotonic() - started
        kept = get(url)

        line.thaw()
        back = time.monotonic()
        while get(search).status != 200 and time.monotonic() < back + 10:
            time.sleep(0.05)
        recovery = time.monotonic() - back

    assert found.status == 200
    assert [(answer.status, answer.headers["Retry-After"]) for answer in asked] == [(503, "10")] * 3
    assert took < 12
    assert kept.text == before.text
    assert recovery < 5
