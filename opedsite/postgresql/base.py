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

# psycopg's own is written in C, where Django's subclass sets the zone of each value in Python.
TIMESTAMPS: Any = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class UtcLoader(TIMESTAMPS):  # type: ignore[misc]
    """Reads moments in the connection's zone, which is always UTC; `timezone` tells Django so."""

    timezone = UTC


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows whether its connection has been ended."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that reads moments quickly."""
        connection = super().get_new_connection(conn_params)
        if self.timezone == UTC:
            connection.adapters.register_loader("timestamptz", UtcLoader)
        return connection

    def is_usable(self) -> bool:
        """Nothing has come from the server since the last answer: neither a farewell nor the end of the stream."""
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
