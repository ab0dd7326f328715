"""Django's PostgreSQL backend, which sees that a kept connection is dead without asking the server.

Django asks `SELECT 1` before the first query of each request (CONN_HEALTH_CHECKS): a sixth of what a page costs. But
a server that ends a connection says so, and on one that is idle nothing else ever comes.
"""

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows whether its connection has been ended."""

    def is_usable(self) -> bool:
        """Nothing has come from the server since the last answer: neither a farewell nor the end of the stream."""
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
