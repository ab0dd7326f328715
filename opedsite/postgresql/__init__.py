"""PostgreSQL with a connection that is checked without a question, and limits for its statements by who asks."""

import os

from django.conf import settings

# A request that waits longer than this for the database is better refused; commands have no such limit.
REQUEST_TIMEOUT_MS = 5000
# A worker that runs for ever needs one too: a database that is frozen never answers, and after it nothing would run.
JOB_TIMEOUT_MS = 60_000


def limit_statements(milliseconds: int) -> None:
    """From now on, new connections of this process give up a statement after so long, unless the owner has said."""
    if "OPED_STATEMENT_TIMEOUT_MS" not in os.environ:
        settings.OPED_STATEMENT_TIMEOUT_MS = milliseconds
