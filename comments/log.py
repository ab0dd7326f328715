"""The log of decisions as staff read it: narrowed by who, what and when, the newest first; and as a table."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from django.db import connection
from django.db.models import QuerySet

from comments.figures import midnight
from comments.models import Decision

# A table is made in one of the few slots in which readers' comments are taken, too.
MAX_ROWS = 100_000
BATCH = 2_000
HEAD = ("decision", "comment", "when", "who", "from", "to", "why")
# What a spreadsheet takes for a formula; OWASP, "CSV Injection".
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to read; None or "" for all. Days are those of the site's time zone, both included."""

    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None


def decisions(asked: Asked) -> "QuerySet[Decision]":
    """The newest first."""
    found = Decision.objects.order_by("-decided_at", "-pk")
    if asked.who:
        found = found.filter(decided_by=asked.who)
    if asked.what:
        found = found.filter(to_status=asked.what)
    if asked.since:
        found = found.filter(decided_at__gte=midnight(asked.since))
    if asked.until:
        found = found.filter(decided_at__lt=midnight(asked.until + timedelta(days=1)))
    return found


def deciders() -> list[str]:
    """Everybody who ever decided, from one index entry each: the log is never read for it."""
    table = connection.ops.quote_name(Decision._meta.db_table)
    first = f"SELECT min(decided_by) FROM {table}"  # noqa: S608
    following = f"SELECT ({first} WHERE decided_by > who.name) FROM who WHERE who.name IS NOT NULL"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH RECURSIVE who(name) AS ({first} UNION ALL {following}) SELECT name FROM who")  # noqa: S608
        return [name for (name,) in cursor.fetchall() if name]


def table(asked: Asked) -> Iterator[str]:
    """The newest MAX_ROWS as CSV, line by line; no cell is a formula."""
    rows = decisions(asked).values_list(
        "pk", "comment_id", "decided_at", "decided_by", "from_status", "to_status", "reason"
    )
    yield _line(HEAD)
    for pk, comment_id, at, *words in rows[:MAX_ROWS].iterator(BATCH):
        yield _line((pk, comment_id, at.isoformat(), *words))


def defused(cell: object) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: Iterable[object]) -> str:
    line = StringIO()
    csv.writer(line).writerow(defused(cell) for cell in cells)
    return line.getvalue()
