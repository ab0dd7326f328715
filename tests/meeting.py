"""Several connections at the same moment: they meet inside their transactions, where only locks keep them apart.

They meet at the first statements in them, and again before they write. With the locks not all get that far, so the
second meeting is given up after a moment; without them all have read by then what each is about to change.
SQLite's transactions come one after the other, and nobody waits inside one.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.db import connection, connections

# Whoever is late for the first is on the way; whoever does not come to the second stands before a lock.
ON_THE_WAY, STANDING = 10, 1


class Meeting:
    """Of so many connections; `writes` finds the statements before which they meet again."""

    def __init__(self, number: int, writes: str) -> None:
        self.writes = re.compile(writes)
        self.begun, self.before_writing = threading.Barrier(number), threading.Barrier(number)
        self.took_place = False

    def of_this_one(self) -> Callable[..., Any]:
        """What to put around each statement of one connection."""
        met = set()

        def wait(barrier: threading.Barrier, seconds: int) -> None:
            if barrier in met:
                return
            met.add(barrier)
            with suppress(threading.BrokenBarrierError):
                barrier.wait(seconds)
                self.took_place = True

        def around(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            is_inside = connection.in_atomic_block
            if connection.vendor != "sqlite" or not is_inside:
                if is_inside:
                    wait(self.begun, ON_THE_WAY)
                if self.writes.search(sql):
                    wait(self.before_writing, STANDING)
            return execute(sql, params, many, context)

        return around


def at_once(*works: Callable[[], Any], writes: str) -> list[Any]:
    """What these gave or raised, in their order, each run by a connection of its own.

    Raises AssertionError if they did not meet: then nothing was tried.
    """
    meeting = Meeting(len(works), writes)

    def run(work: Callable[[], Any]) -> Any:
        try:
            with connection.execute_wrapper(meeting.of_this_one()):
                return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        futures = [threads.submit(run, work) for work in works]
    given = [future.exception() or future.result() for future in futures]
    assert meeting.took_place or connection.vendor == "sqlite", given
    return given
