"""The site for the trial of the page cache: its pages take a moment to make, and it may have one planted mistake.

A server's target, `tests.planted:application`; OPED_TEST_PLANTED names the mistake. Nothing of this is in the product.
"""

import os
import random
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opedsite.settings")
django_application = get_wsgi_application()

# Models are there only now.
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

import opedsite.page_cache  # noqa: E402
from articles.freshness import EVERYTHING, Reading, read_versions  # noqa: E402
from opedsite.answers import Answer  # noqa: E402
from opedsite.everybody import EverybodysApplication  # noqa: E402
from opedsite.finished_pages import storable_keys  # noqa: E402
from opedsite.headers import required_headers  # noqa: E402
from opedsite.outermost import Outermost  # noqa: E402
from opedsite.page_cache import Page, PageCache  # noqa: E402
from opedsite.page_keys import Wish  # noqa: E402
from opedsite.page_versions import Known, PageVersions, tidy_connection  # noqa: E402
from tests.planted_log import LOG_TABLE  # noqa: E402

LONGEST_PAUSE = 0.03
everybodys_application = EverybodysApplication()


class VersionsReadAfterwards(PageCache):
    """Reads the versions after the render only: what was committed meanwhile counts as shown."""

    def make(self, wish: Wish, render: Callable[[set[str]], Answer]) -> tuple[Answer, Page | None]:
        began, asked = timezone.now(), set[str]()
        answer = render(asked)
        keys = storable_keys(answer)
        if keys is None:
            return answer, None
        reading = self.versions.look(keys, began)
        return answer, self._store(wish.key(asked), answer, keys, frozenset(asked), reading, began)


class SchedulesForgotten(PageVersions):
    """Lists don't end when a scheduled article falls due."""

    def look(self, keys: Collection[str] = (), due_after: datetime | None = None) -> Reading:
        return replace(super().look(keys, due_after), next_due=None)


class HighWaterPoll(PageVersions):
    """Asks for changes with an id greater than the last one seen: a lower one that commits later is never found."""

    last_seen = 0

    def __init__(self) -> None:
        super().__init__()
        self.newest: dict[str, int] = {}

    def _look(self, keys: Collection[str], due_after: datetime | None) -> Reading:
        began = time.time()
        with tidy_connection(), connection.cursor() as cursor:
            cursor.execute(f"SELECT id, key FROM {LOG_TABLE} WHERE id > %s ORDER BY id", [self.last_seen])
            for self.last_seen, key in cursor.fetchall():
                self.newest[key] = self.last_seen
            next_due = read_versions(keys, due_after).next_due
        self.known = Known(self.last_seen, began)
        return Reading(self.newest | {EVERYTHING: self.last_seen}, next_due)


def pausing(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """A page, with a pause between its last statement and what follows: time for others to commit."""
    answer = list(everybodys_application(environ, start))
    time.sleep(random.uniform(0, LONGEST_PAUSE))
    return answer


def page_cache(planted: str) -> PageCache:
    if planted == "others-go-on":  # while one thread looks, however long ago the last look was
        opedsite.page_cache.GO_ON_SECONDS = 300.0
    kind = VersionsReadAfterwards if planted == "version-after-render" else PageCache
    versions = {"schedules-forgotten": SchedulesForgotten, "high-water": HighWaterPoll}.get(planted, PageVersions)
    return kind(
        versions(),
        max_bytes=settings.OPED_PAGE_CACHE_MB * 1024 * 1024,
        recheck_seconds=settings.OPED_PAGE_RECHECK_SECONDS,
        required=required_headers(),
    )


application = Outermost(django_application, pausing, page_cache(os.environ.get("OPED_TEST_PLANTED", "")))
