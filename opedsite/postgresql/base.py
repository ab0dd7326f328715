"""Django's PostgreSQL backend, which reads moments at psycopg's speed, and sees that a kept connection is dead.

Django asks `SELECT 1` before the first query of each request (CONN_HEALTH_CHECKS): a sixth of what a page costs. But
a server that ends a connection says so, and on one that is idle nothing else ever comes.
"""

import select
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, Format, TransactionStatus

# psycopg reads moments in C; Django's loader would then set the zone of each in Python, for which it is right already.
OID = psycopg.adapters.types["timestamptz"].oid
TIMESTAMPS = psycopg.adapters.get_loader(OID, Format.TEXT)
# So much later than the server's own limit for a statement, a server that has said nothing is taken for frozen.
GRACE_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows whether its connection has been ended, and ends one on which no answer comes."""

    def get_connection_params(self) -> dict[str, Any]:
        """With the limit for a statement as it is now: `run_site` sets it after it has prepared the database."""
        limit = f"-c statement_timeout={settings.OPED_STATEMENT_TIMEOUT_MS}"
        return {**super().get_connection_params(), "options": limit}

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection that waits for answers as long as the server may take; without such a limit, for ever."""
        made = super().get_new_connection(conn_params)
        if limit := settings.OPED_STATEMENT_TIMEOUT_MS:
            made.wait = partial(wait_or_end, made, made.wait, limit / 1000 + GRACE_SECONDS)
        return made

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that reads moments quickly."""
        cursor = super().create_cursor(name)
        if self.timezone == UTC and TIMESTAMPS is not None:
            cursor.adapters.register_loader(OID, TIMESTAMPS)
        return cursor

    def is_usable(self) -> bool:
        """Nothing has come from the server since the last answer: neither a farewell nor the end of the stream."""
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)


def wait_or_end(connection: "psycopg.Connection[Any]", wait: Callable[..., Any], seconds: float, work: Any) -> Any:
    """Wait for one answer. A machine that is frozen or cut off ends no stream: its answer could be awaited for ever.

    What was asked is then in an unknown state, so the connection is of no use any more.
    """
    try:
        return wait(work, timeout=seconds)
    except psycopg.OperationalError:
        if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
            connection.pgconn.finish()
        raise
