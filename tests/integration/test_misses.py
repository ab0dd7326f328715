"""How often readers miss an address: counted in memory, written once a minute, bounded, and without anybody's data."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import missing
from articles.models import MissingPath
from opedsite import misses
from opedsite.misses import Misses
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def counting(reader):
    """The counter of the reader's server process, and what it has left to do later."""
    todo = []
    reader.handler.misses = Misses(later=todo.append)
    return reader.handler.misses, todo


def table():
    return dict(MissingPath.objects.values_list("path", "count"))


def test_a_missed_address_is_counted_by_path_and_written_a_minute_later(reader, counting):
    counter, todo = counting
    for address in ("/2019/05/old-view/", "/2019/05/old-view/?utm_source=a", "/other/"):
        reader.get(address)
    reader.head("/other/")
    assert table() == {}

    (write,) = todo
    write()

    assert table() == {"/2019/05/old-view/": 2, "/other/": 2}
    reader.get("/other/")
    todo[1]()
    assert table()["/other/"] == 3
    assert counter.counts == {}


def test_an_address_is_one_row_however_it_was_typed(reader, counting):
    counter, _ = counting

    for address in ("/2019/old/view/", "/2019/old/view", "/2019/Old/VIEW/", "/caf%C3%A9/", "/cafe%CC%81/"):
        reader.get(address)

    assert counter.counts == {"/2019/old/view/": 3, "/café/": 2}


def test_a_request_that_finds_nothing_writes_nothing(reader, counting):
    with CaptureQueriesContext(connection) as queries:
        reader.get("/nothing/")

    assert queries
    assert [query["sql"] for query in queries if re.search(r"\b(INSERT|UPDATE|DELETE)\b", query["sql"])] == []


@pytest.mark.parametrize(
    "path",
    ["/ana@example.org/", "/ana%40example.org/", "/ana%2540example.org/", "/write-to:ana/", "/comments/own/token/",
     "/admin/secret/", "/static/gone.css", "/wp-login.php", "/.env", "/.git/config", "/backup.zip", "/%00/", "/%0a/",
     "/%ff%fe/", "/what%3F/", "/a%23b/", "/a%5Cb/", "/" + "x" * 600 + "/", "/no-slash", "/?page=999", "/%E2%80%AEtxt/"],
)  # fmt: skip
def test_what_could_name_a_person_or_nobody_would_want_is_not_counted(reader, counting, path):
    counter, _ = counting

    reader.get(path)

    assert counter.counts == {}


def test_a_page_that_is_there_and_one_that_moved_or_is_gone_are_no_misses(reader, counting):
    counter, todo = counting

    reader.get(make_article().get_absolute_url())
    reader.get(make_article().get_absolute_url().rstrip("/"))

    assert (counter.counts, todo) == ({}, [])


def test_a_flood_fills_neither_the_memory_nor_the_table():
    todo = []
    counter = Misses(later=todo.append)
    now = timezone.now()
    wanted = MissingPath.objects.create(path="/wanted/", count=9, first_at=now, last_at=now)
    MissingPath.objects.bulk_create(
        MissingPath(path=f"/flood-{number}/", count=1, first_at=now, last_at=now) for number in range(missing.MAX_ROWS)
    )

    for number in range(5 * misses.MAX_PATHS):
        counter.note(f"/more-{number}/")
    assert len(counter.counts) == misses.MAX_PATHS
    assert len(todo) == 1
    counter.write()

    assert MissingPath.objects.count() == missing.MAX_ROWS
    assert MissingPath.objects.filter(pk=wanted.pk).exists()
    assert MissingPath.objects.filter(path__startswith="/more-").count() == misses.MAX_PATHS


def test_what_nobody_has_missed_for_ninety_days_is_forgotten(time_machine):
    time_machine.move_to(timezone.now())
    missing.count({"/old/": 50})
    time_machine.shift(timedelta(days=91))

    missing.count({"/new/": 1})

    assert table() == {"/new/": 1}


def test_without_a_database_the_counts_are_lost_and_nothing_else(caplog):
    counter = Misses(later=lambda work: None)
    counter.note("/nothing/")

    with connection.execute_wrapper(refuse):
        counter.write()

    assert "misses were not counted" in caplog.text
    counter.note("/nothing/")
    assert counter.counts == {"/nothing/": 1}


def refuse(execute, sql, params, many, context):
    raise OperationalError("away")
