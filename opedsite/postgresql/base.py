"""Django's PostgreSQL backend, which reads moments at psycopg's speed, and sees that a kept connection is dead.

Django asks `SELECT 1` before the first query of each request (CONN_HEALTH_CHECKS): a sixth of what a page costs. But
a server that ends a connection says so, and on one that is idle nothing else ever comes.
"""

import select
from datetime import UTC
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, Format

# psycopg reads moments in C; Django's loader would then set the zone of each in Python, for which it is right already.
OID = psycopg.adapters.types["timestamptz"].oid
TIMESTAMPS = psycopg.adapters.get_loader(OID, Format.TEXT)


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows whether its connection has been ended."""

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
