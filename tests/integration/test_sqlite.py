"""What our SQLite backend adds: it notices another file in the database's place, and its writers queue."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from articles.models import PageVersion
from opedsite.everybody import EverybodysApplication
from opedsite.outermost import Outermost

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("migrated"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own"),
]


def test_a_kept_connection_is_no_use_once_another_file_stands_in_the_databases_place():
    PageVersion.objects.exists()
    name = Path(connection.settings_dict["NAME"])
    before = connection.is_usable()

    name.rename(f"{name}.away")
    name.touch()
    after = connection.is_usable()
    Path(f"{name}.away").rename(name)

    assert (before, after, connection.is_usable()) == (True, False, True)


def test_a_writer_begins_as_soon_as_the_one_before_has_committed():
    gaps: list[float] = []
    ended = [0.0]

    def write() -> None:
        with transaction.atomic():
            gaps.append(time.monotonic() - ended[0])
            PageVersion.objects.update_or_create(key="trial")
            time.sleep(0.03)
        ended[0] = time.monotonic()
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # SQLite's own waiting would sleep longer and longer.
    assert sorted(gaps[1:])[2] < 0.02


def test_a_transaction_that_fails_leaves_the_queue():
    with pytest.raises(RuntimeError, match="on purpose"), transaction.atomic():
        raise RuntimeError("on purpose")

    with transaction.atomic():
        PageVersion.objects.update_or_create(key="trial")

    assert connection.turn is None
    assert connection.queue is None


def test_who_makes_pages_keeps_more_of_the_file_than_who_answers_one_reader():
    """A page of 200 comments reads more than the small cache holds; in each connection it would be too much."""
    everybodys = EverybodysApplication()
    site = Outermost(everybodys, everybodys)

    assert site.page_slots.run(kilobytes_kept) == 2000
    assert site.slots.run(kilobytes_kept) == 500


def kilobytes_kept() -> int:
    with connection.cursor() as cursor:
        kept = -cursor.execute("PRAGMA cache_size").fetchone()[0]
    connections.close_all()
    return kept
