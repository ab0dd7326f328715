"""Django's SQLite backend, with connections that may be kept, and writers who stand in a queue.

Opening a connection costs as much as three queries (the schema is read, functions are registered), so it is kept. But
a backup that is put back, or a disk that goes away, leaves a kept connection with a file that nobody else sees.

SQLite has one writer at a time; who finds it busy sleeps, up to a tenth of a second, and looks again: with sixteen
writers some wait for a second. Here threads of one process wait for each other, so that the next one begins when the
last has committed, and processes wait for each other's lock on a file beside the database.
"""

import fcntl
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base

TURN_SECONDS = 20.0
LOOK_SECONDS = 0.0003
turns: defaultdict[str, Lock] = defaultdict(Lock)
turns_ended: defaultdict[str, float] = defaultdict(float)


def aware(stored: bytes) -> datetime:
    """A moment as Django writes it: text, always in UTC."""
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


# Django's own gives it a zone in a second step, which for a page of comments takes as long as reading them.
sqlite3.register_converter("datetime", aware)


class CursorWrapper(base.SQLiteCursorWrapper):
    """Remembers how statements are written for SQLite: to find out takes longer than running many of them."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """With `?` for `%s`."""
        if param_names is None:
            return marked(query)
        return str(super().convert_query(query, param_names=param_names))  # type: ignore[misc]


@lru_cache(128)
def marked(query: str) -> str:
    """As Django's own method does it, which uses nothing of its cursor."""
    return str(base.SQLiteCursorWrapper.convert_query(None, query))  # type: ignore[attr-defined]


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows which file it has open, and whether it is its turn to write."""

    # By the converters above and Django's own; its second step per value then has nothing to do.
    reads_as_python = frozenset({"BooleanField", "DateTimeField"})
    # The system keeps what was read; SQLite's own 2 MB in every connection would keep it once more.
    cache_kilobytes = 500
    file: tuple[int, int] | None = None
    turn: "Lock | None" = None
    queue: int | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection, and the file that it opened."""
        connection = super().get_new_connection(conn_params)
        connection.execute(f"PRAGMA cache_size = -{self.cache_kilobytes}")
        self.file = self.file_in_place()
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of ours."""
        return self.connection.cursor(factory=CursorWrapper)

    def is_usable(self) -> bool:
        """The open file is still the database; asked once a request (CONN_HEALTH_CHECKS)."""
        return self.file == self.file_in_place()

    def file_in_place(self) -> tuple[int, int] | None:
        """Device and inode of the database's file; None for one in memory, or if there is none."""
        try:
            facts = os.stat(self.settings_dict["NAME"])  # noqa: PTH116 - for each request, and Path is slow
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    # --- Every transaction is IMMEDIATE: it writes, or could.

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _take_turn(self) -> None:
        """Who gets none in time asks SQLite all the same, whose answer everybody knows how to take."""
        deadline = time.monotonic() + TURN_SECONDS
        name = str(self.settings_dict["NAME"])
        turn = turns[name]
        if not turn.acquire(timeout=TURN_SECONDS):
            return
        self.turn = turn
        try:
            self.queue = os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:  # a full or vanished disk: SQLite will say so in its own words
            return
        if time.monotonic() - turns_ended[name] < LOOK_SECONDS:  # the other process, if it waits, is next
            time.sleep(LOOK_SECONDS)
        while not has_lock(self.queue) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    @contextmanager
    def writing_alone(self) -> Iterator[None]:
        """A turn for what SQLite does outside of transactions, such as VACUUM."""
        self._take_turn()
        try:
            yield
        finally:
            self._end_turn()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._end_turn()

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        self._end_turn()

    def _end_turn(self) -> None:
        if self.queue is not None:
            os.close(self.queue)
            turns_ended[str(self.settings_dict["NAME"])] = time.monotonic()
        if self.turn is not None:
            self.turn.release()
        self.queue = self.turn = None


def has_lock(file: int) -> bool:
    """Lock the open file, if no other process has it locked."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
