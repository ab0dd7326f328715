"""Addresses that were asked for and not found: a bounded table, most wanted first, for the desk.

Anybody can ask for anything, as often as they like. So nothing is written while somebody waits for an answer, what
holds an address of a person or looks like one's own link is never kept, and the table has an end.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from articles.models import MissingPath
from articles.models.redirect import MAX_PATH
from articles.redirects import key_of

MAX_ROWS = 1_000
FORGOTTEN_AFTER = timedelta(days=90)
# Far more than anybody asks for, and less than the column holds.
MAX_COUNT = 2_000_000_000
# An address of a person, a signed link, something encoded twice, signs that nobody can type into a redirect.
PRIVATE = re.compile(r"[@:%?#\\]")
# What programs try on every site of the world: hidden files, scripts, backups.
TRIED = re.compile(r"/\.|\.(?:php\d?|aspx?|jsp|cgi|env|ini|sql|bak|old|zip|gz|tar|rar|ya?ml|json|js|css|map|txt|xml)$")
NOT_READERS = ("/admin/", "/accounts/", "/comments/", "/static/", "/media/")


def countable(path: str) -> str | None:
    """The path as redirects know it; None for what is not worth an editor's look, or must not be kept."""
    path = key_of(path)
    if len(path) > MAX_PATH or not path.isprintable() or "\ufffd" in path or PRIVATE.search(path):
        return None
    is_readers = not path.startswith(NOT_READERS) and not TRIED.search(path)
    return path if is_readers and path.startswith("/") else None


def count(misses: Mapping[str, int]) -> None:
    """Add so many misses of each path; the least wanted and the long forgotten leave."""
    table, now = connection.ops.quote_name(MissingPath._meta.db_table), timezone.now()
    moment = connection.ops.adapt_datetimefield_value(now)
    with transaction.atomic(), connection.cursor() as cursor:
        # In sorted order, because another process may count the same paths at this moment.
        for path, times in sorted(misses.items()):
            cursor.execute(
                f"INSERT INTO {table} (path, count, first_at, last_at) VALUES (%s, %s, %s, %s) "  # noqa: S608
                f"ON CONFLICT (path) DO UPDATE SET last_at = excluded.last_at, count = CASE "
                f"WHEN {table}.count < {MAX_COUNT} THEN {table}.count + excluded.count ELSE {table}.count END",
                [path, times, moment, moment],
            )
        MissingPath.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
        kept = MissingPath.objects.order_by("-count", "-last_at", "-pk").values("pk")[:MAX_ROWS]
        MissingPath.objects.exclude(pk__in=kept).delete()
