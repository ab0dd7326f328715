"""What counts as an outage of the database, when to come again, and what the log calls it."""

from django.db import InterfaceError, InternalError, OperationalError

# Away, full, or set to read only: whatever keeps a database from storing.
OUTAGES = (OperationalError, InterfaceError, InternalError)
# For Retry-After (RFC 9110, 10.2.3).
RETRY_SECONDS = "10"


def name_of(error: Exception) -> str:
    """The driver's own name of the error, which says more than Django's; its text could hold values of a row."""
    return type(error.__cause__ or error).__name__
