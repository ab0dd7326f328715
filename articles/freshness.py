"""Which pages changed, and what a page depends on: the one place that caches ask.

A key names something that readers see: `site` (navigation and name), `articles` (every list), `front` (what is pinned
to the front page), `article-12`, `listed-12`
(its title and authors beside another article: a comment on it changes neither), `author-3`, `section-2` and `topic-7`
(what is new by or on these), `page-5`. A page says on which keys it depends; a verb says which keys it changed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponseBase

from articles.models import Article, PageVersion
from articles.statements import Statement

EVERYTHING = "*"
SHARED_CACHES = "public, max-age=0, s-maxage=1, stale-while-revalidate=5, stale-if-error=86400"
# Whatever falls due may have to be listed on pages with one of these keys.
LISTS = ("articles", "author-", "section-", "topic-")
EXPIRES_HEADER = "X-OpEd-Expires"
EXPIRES_NOTED = "oped.expires"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at the database found: versions (none of a key that never changed), and what falls due next."""

    versions: Mapping[str, int]
    next_due: datetime | None


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


def read_versions(keys: Collection[str], due_after: datetime | None = None) -> Reading:
    """The versions of `*` and of the keys, in one SELECT.

    With `due_after`, also when the first article scheduled later than that falls due on pages with these keys:
    a scheduled article appears by itself, and no verb counts a version up at that moment.
    """
    named: dict[str, Any] = {f"key{place}": key for place, key in enumerate([EVERYTHING, *keys])}
    lists = any(key.startswith(LISTS) for key in keys)
    own = [] if lists else [key.removeprefix("article-") for key in keys if key.startswith("article-")]
    if due_after and (own or lists):
        named |= {"due_after": due_after} | {f"article{place}": int(pk) for place, pk in enumerate(own)}
    shape = tuple((name, type(value)) for name, value in named.items())
    found = _versions(shape).rows(**named)
    return Reading({key: version for key, version, _ in found}, found[0][2] if found else None)


@lru_cache(64)
def _versions(shape: tuple[tuple[str, type], ...]) -> Statement[PageVersion]:
    """Keys with versions; with `due_after`, what falls due among the articles that are named, or all if none is."""

    def build(due_after: datetime | None = None, **named: Any) -> "QuerySet[PageVersion, tuple[Any, ...]]":
        keys = [value for name, value in named.items() if name.startswith("key")]
        own = [value for name, value in named.items() if name.startswith("article")]
        due: Any = Value(None, output_field=DateTimeField())
        if due_after:
            scheduled = Article.objects.scheduled(due_after)
            among = scheduled.filter(pk__in=own) if own else scheduled
            due = Subquery(among.order_by("published_at").values("published_at")[:1])
        return PageVersion.objects.filter(key__in=keys).annotate(due=due).values_list("key", "version", "due")

    return Statement(build, **dict(shape))


def page_depends_on(response: HttpResponseBase, *keys: str) -> None:
    """Mark a public answer as one that shared caches may keep until one of the keys changes.

    `Surrogate-Key` is the header that CDNs purge by; the directives are those of RFC 9111 and RFC 5861.
    """
    response["Surrogate-Key"] = " ".join(sorted(set(keys)))
    response["Cache-Control"] = SHARED_CACHES


def note_end(request: HttpRequest, moment: datetime | None) -> None:
    """Let a part of a page say when it changes by itself; the page's view passes it on with `page_expires`."""
    if moment is not None:
        request.META[EXPIRES_NOTED] = min(moment, request.META.get(EXPIRES_NOTED, moment))


def page_expires(response: HttpResponseBase, moment: datetime | None) -> None:
    """Say that the page changes by itself at this moment, for what no key tells (comments that close); None: never.

    The earliest moment counts. The outermost layer takes the header off: it never leaves the site.
    """
    if moment is None:
        return
    before = response.get(EXPIRES_HEADER)
    response[EXPIRES_HEADER] = str(min(moment.timestamp(), float(before)) if before else moment.timestamp())
