"""Looks at the versions of pages in the database, one at a time, outside Django's request cycle."""

import logging
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, time

import django.db
from django.db import close_old_connections, connection

from articles.freshness import EVERYTHING, Reading, read_versions

logger = logging.getLogger(__name__)
# Longer than one attempt to connect; a database that needs more for one row is away.
LOOK_SECONDS = 2.0
# So long nobody asks a database again that did not answer.
AWAY_SECONDS = 1.0


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

    def look(self, keys: Collection[str] = (), due_after: datetime | None = None) -> Reading:
        """What the database holds now. Raises DatabaseAway, at once if another look has just failed."""
        if self.has_just_failed():
            raise DatabaseAway
        try:
            return self.executor.submit(self._look, keys, due_after).result(LOOK_SECONDS)
        except (django.db.Error, TimeoutError) as error:
            if not self.is_away:
                logger.error("the database does not answer: %s", type(error.__cause__ or error).__name__)  # noqa: TRY400
            self.failed_at, self.is_away = monotonic(), True
            raise DatabaseAway from error

    def has_just_failed(self) -> bool:
        return monotonic() - self.failed_at < AWAY_SECONDS

    def _look(self, keys: Collection[str], due_after: datetime | None) -> Reading:
        if self.has_just_failed():  # while this look stood in the queue
            raise DatabaseAway
        began = time()
        with tidy_connection():
            reading = read_versions(keys, due_after)
        self.known, self.is_away = Known(reading.versions.get(EVERYTHING, 0), began), False
        return reading


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
