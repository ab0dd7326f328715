"""Looks at the versions of pages in the database, one at a time, outside Django's request cycle."""

import logging
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic, time

import django.db
from django.db import close_old_connections, connection

from articles import outages
from articles.freshness import EVERYTHING, Reading, read_versions

logger = logging.getLogger(__name__)
# A database that needs longer for one row is away; as long as one attempt to connect may take.
LOOK_SECONDS = 1.0
# So long nobody asks a database again that did not answer …
AWAY_SECONDS = 1.0
# … and so long those who have a page don't wait for its answer.
OUTAGE_SECONDS = 5.0


class DatabaseAway(Exception):
    """The database does not answer, or did not a moment ago."""


@dataclass(frozen=True, slots=True)
class Known:
    """The version of `*` that the last look found, and when that look began (Unix time)."""

    everything: int
    at: float


class PageVersions:
    """One thread, so one connection, looks for all: looks never overtake each other, so nothing newer is forgotten.

    The last look is in `known`; `is_away` says that it failed.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self.executor = executor or ThreadPoolExecutor(1, "page-versions")
        self.known = Known(-1, 0.0)
        self.is_away = False
        self.failed_at = float("-inf")
        self.asking = Lock()

    def look(self, keys: Collection[str] = (), due_after: datetime | None = None) -> Reading:
        """What the database holds now. Raises DatabaseAway, at once if another look has just failed."""
        if self.has_failed_within(AWAY_SECONDS):
            raise DatabaseAway
        looking = self._submit(keys, due_after)
        try:
            return looking.result(LOOK_SECONDS)
        except TimeoutError as error:
            looking.cancel()
            self._note_failure(error)
            raise DatabaseAway from error

    def look_later(self) -> None:
        """Ask whether the database is back, without waiting for its answer."""
        if self.has_failed_within(AWAY_SECONDS) or not self.asking.acquire(blocking=False):
            return
        with suppress(DatabaseAway):
            self._submit().add_done_callback(lambda _: self.asking.release())

    def _submit(self, keys: Collection[str] = (), due_after: datetime | None = None) -> "Future[Reading]":
        try:
            return self.executor.submit(self._look, keys, due_after)
        except RuntimeError as ending:  # the process is on its way out; what it has kept may still go out
            raise DatabaseAway from ending

    def is_outage(self) -> bool:
        """The last look failed, and not long ago: it is of no use to wait for another."""
        return self.is_away and self.has_failed_within(OUTAGE_SECONDS)

    def has_failed_within(self, seconds: float) -> bool:
        return monotonic() - self.failed_at < seconds

    def _look(self, keys: Collection[str], due_after: datetime | None) -> Reading:
        if self.has_failed_within(AWAY_SECONDS):  # while this look stood in the queue
            raise DatabaseAway
        began = time()
        try:
            with tidy_connection():
                reading = read_versions(keys, due_after)
        except django.db.Error as error:
            self._note_failure(error)
            raise DatabaseAway from error
        self.known, self.is_away = Known(reading.versions.get(EVERYTHING, 0), began), False
        return reading

    def _note_failure(self, error: Exception) -> None:
        if not self.is_away:
            logger.error("the database does not answer: %s", outages.name_of(error))
        self.failed_at, self.is_away = monotonic(), True


@contextmanager
def tidy_connection() -> Iterator[None]:
    """Drop a connection that is broken or too old, as Django does around each request; not inside a transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
