"""Which pages changed, and what a page depends on: the one place that caches ask.

A key names something that readers see: `site` (navigation and name), `articles` (every list), `article-12`,
`author-3`, `page-5`. A page says on which keys it depends; a verb says which keys it changed.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.http import HttpResponseBase

from articles.models import PageVersion

EVERYTHING = "*"
SHARED_CACHES = "public, max-age=0, s-maxage=1, stale-while-revalidate=5, stale-if-error=86400"


def pages_changed(keys: Iterable[str]) -> None:
    """Count up the version of each key; call it as the last statement of the transaction that made the change.

    Rows are written in sorted order with `*` last: two verbs that touch the same keys would deadlock on
    PostgreSQL in any other order, and a reader that sees `*` unchanged knows that nothing moved.
    """
    ordered = [*sorted(set(keys) - {EVERYTHING}), EVERYTHING]
    table = connection.ops.quote_name(PageVersion._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        for key in ordered:
            cursor.execute(
                f"INSERT INTO {table} (key, version) VALUES (%s, 1) "  # noqa: S608
                f"ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1",
                [key],
            )


def page_depends_on(response: HttpResponseBase, *keys: str) -> None:
    """Mark a public answer as one that shared caches may keep until one of the keys changes.

    `Surrogate-Key` is the header that CDNs purge by; the directives are those of RFC 9111 and RFC 5861.
    """
    response["Surrogate-Key"] = " ".join(sorted(set(keys)))
    response["Cache-Control"] = SHARED_CACHES
