"""How often readers of this process asked for what isn't there, kept in memory for a minute at most.

A request that finds nothing writes nothing: else everybody could fill the database by asking. Once a minute, if there
is something to say, a thread of its own adds the counts up; what a process that ends has not said yet is lost.
"""

import logging
from collections.abc import Callable
from threading import Lock, Timer

from django.db import Error, connections

from articles import missing, outages

logger = logging.getLogger(__name__)
INTERVAL_SECONDS = 60.0
# A flood of others hides what comes after these, for a minute.
MAX_PATHS = 200


class Misses:
    """Counts by path; safe to use from any thread. `later` runs a function when it is time to write."""

    def __init__(self, later: "Callable[[Callable[[], None]], None] | None" = None) -> None:
        self.later = later or in_a_minute
        self.counts: dict[str, int] = {}
        self.is_waiting = False
        self.lock = Lock()

    def note(self, path_info: str) -> None:
        """One more for this path, as WSGI has it (PEP 3333: its bytes as Latin-1)."""
        path = missing.countable(path_info.encode("latin-1", "replace").decode("utf-8", "replace"))
        if path is None:
            return
        with self.lock:
            if path in self.counts or len(self.counts) < MAX_PATHS:
                self.counts[path] = self.counts.get(path, 0) + 1
            is_first, self.is_waiting = not self.is_waiting, True
        if is_first:
            self.later(self.write)

    def write(self) -> None:
        """Hand the counts to the database; without one they are forgotten."""
        with self.lock:
            counts, self.counts, self.is_waiting = self.counts, {}, False
        try:
            missing.count(counts)
        except Error as error:
            logger.warning("misses were not counted: %s", outages.name_of(error))


def in_a_minute(work: Callable[[], None]) -> None:
    """Run it later, in a thread that keeps nothing open and holds up no end of the process."""
    timer = Timer(INTERVAL_SECONDS, _alone, [work])
    timer.daemon = True
    timer.start()


def _alone(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connections.close_all()
