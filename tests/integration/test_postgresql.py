"""Our connections to PostgreSQL."""

import pytest
from django.db import connection

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such limit")


@pytest.mark.django_db
def test_a_new_connection_has_the_limit_that_holds_by_now(settings):
    settings.OPED_STATEMENT_TIMEOUT_MS = 1234
    new = connection.copy()

    with new.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        limit = cursor.fetchone()
    new.close()

    assert limit == ("1234ms",)
