"""Which comments a moderator is shown, in which order, and how many wait: a few queries, whatever the table holds.

What readers reported comes first, then what waits, the oldest first; what was decided stands newest first. Narrow
selections are looked for among LOOKED_AT comments at a time: a page may hold few cards and say where to go on.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from articles.models import Article
from comments.findings import BY_CODE, KINDS, kinds_of
from comments.models import Comment, Decision, Origin, Report
from comments.privacy import email_key
from comments.querysets import CommentQuerySet

WAITING, REPORTED = "waiting", "reported"
CARDS = 50
LOOKED_AT = 10_000
# Comments of a status are counted so far, and of those that wait so many are read, to count them by what they hold.
STATUS_LIMIT = 10_000
COUNT_LIMIT = 1_000
MOST_ARTICLES = 8


# Of one comment. Not a join, nor are the others below: PostgreSQL would begin with a whole table.
TOLD = Origin.objects.filter(pk=OuterRef("pk")).values_list(Cast("findings", TextField()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moderator wants to see; `sender` is a comment whose writer is meant, `after` the place to go on from.

    `sees_addresses`: words that are an address find the comments sent with it.
    """

    status: str = WAITING
    finding: str = ""
    article: int | None = None
    section: int | None = None
    sender: int | None = None
    words: str = ""
    after: str = ""
    sees_addresses: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Comments in their order, and from where to go on; "" for nowhere."""

    comments: list[Comment]
    more: str


@dataclass(frozen=True, slots=True)
class Run:
    """One part of the queue: its comments and their order. A place in it is its letter and a comment's id."""

    letter: str
    comments: CommentQuerySet
    is_oldest_first: bool = True

    def after(self, pk: int) -> CommentQuerySet:
        """What comes after a comment, which need not be in it any more; everything, if there is no such comment."""
        place = Comment.objects.filter(pk=pk).values_list("submitted_at", "pk").first()
        return self.comments.filter(self.beyond(place)) if place else self.comments

    def beyond(self, place: tuple[datetime, int]) -> Q:
        """What comes after a moment and a comment's id."""
        side = "gt" if self.is_oldest_first else "lt"
        moment, pk = place
        later = Q(**{f"submitted_at__{side}": moment}) | Q(submitted_at=moment, **{f"pk__{side}": pk})
        # Said twice: by the first half the database finds its place in the index.
        return Q(**{f"submitted_at__{side}e": moment}) & later

    def up_to(self, place: tuple[datetime, int]) -> Q:
        """What comes before, and the comment itself."""
        side = "lt" if self.is_oldest_first else "gt"
        moment, pk = place
        earlier = Q(**{f"submitted_at__{side}": moment}) | Q(submitted_at=moment, **{f"pk__{side}e": pk})
        return Q(**{f"submitted_at__{side}e": moment}) & earlier

    @property
    def order(self) -> tuple[str, str]:
        """For order_by."""
        return ("submitted_at", "pk") if self.is_oldest_first else ("-submitted_at", "-pk")


def find(wanted: Wanted, reported: Sequence[int], *, size: int = CARDS, look_at: int = LOOKED_AT) -> Found:
    """A page of the queue; `reported` are the comments that readers reported often enough."""
    found: list[Comment] = []
    letter, pk = wanted.after[:1], int(wanted.after[1:] or 0)
    for run in _from(letter, _runs(wanted, reported)):
        if len(found) == size:
            return Found(found, f"{run.letter}0")
        comments = run.after(pk) if run.letter == letter else run.comments
        some, end = _look(run, comments.filter(_broad(wanted)), _narrow(wanted), size - len(found), look_at)
        found += some
        if end:
            return Found(found, f"{run.letter}{end}")
    return Found(found, "")


def _runs(wanted: Wanted, reported: Sequence[int]) -> Iterator[Run]:
    comments = Comment.objects.all()
    if wanted.status in (WAITING, REPORTED):
        yield Run("r", comments.filter(pk__in=reported))
    if wanted.status == WAITING:
        yield Run("w", comments.pending().exclude(pk__in=reported))
    elif wanted.status != REPORTED:
        is_pending = wanted.status == Comment.Status.PENDING
        yield Run("s", comments.filter(status=wanted.status), is_oldest_first=is_pending)


def _from(letter: str, runs: Iterator[Run]) -> Iterator[Run]:
    """The runs from this one on; all, if there is none of this letter."""
    all_of_them = list(runs)
    letters = [run.letter for run in all_of_them]
    yield from all_of_them[letters.index(letter) if letter in letters else 0 :]


def _look(run: Run, comments: CommentQuerySet, narrow: Q, size: int, look_at: int) -> tuple[list[Comment], int]:
    """At most `size` comments, and the last one that was looked at if there are more; 0 if not."""
    ordered = comments.order_by(*run.order)
    ends = list(ordered.values_list("submitted_at", "pk")[look_at - 1 : look_at + 1]) if narrow else []
    is_all = len(ends) < 2
    looked_at = ordered if is_all else ordered.filter(run.up_to(ends[0]))
    found = list(_ready(looked_at.alias(told=Subquery(TOLD)).filter(narrow))[: size + 1])
    if len(found) > size:
        return found[:size], found[size - 1].pk
    return found, 0 if is_all else ends[0][1]


def _ready(comments: Any) -> Any:
    """With what a card shows; the address stays where it is."""
    newest = Decision.objects.filter(comment_id=OuterRef("pk")).order_by("-pk")
    reports = Prefetch("reports", Report.objects.unsettled().order_by("pk"), to_attr="unsettled_reports")
    heavy = ("article__body", "article__body_html", "article__toc", "parent__body_html")
    return (
        comments.select_related("article", "parent", "origin")
        .defer(*heavy)
        .annotate(seen=Subquery(newest.values("pk")[:1]))
        .prefetch_related(reports)
    )


def _broad(wanted: Wanted) -> Q:
    """What an index finds."""
    chosen = Q()
    if wanted.article is not None:
        chosen &= Q(article=wanted.article)
    if wanted.sender is not None:
        chosen &= Q(origin__commenter__in=Origin.objects.filter(pk=wanted.sender).values("commenter"))
    return chosen


def _narrow(wanted: Wanted) -> Q:
    """What has to be looked for."""
    chosen = Q()
    if wanted.section is not None:
        chosen &= Q(article__in=Article.objects.filter(section=wanted.section).values("pk"))
    if wanted.finding:
        chosen &= Q(told__regex=BY_CODE[wanted.finding].pattern)
    if wanted.words:
        chosen &= _says(wanted.words, sees_addresses=wanted.sees_addresses)
    return chosen


def _says(words: str, *, sees_addresses: bool) -> Q:
    """In the text, name, website or the article's title; a whole address, for those who may see addresses."""
    said = Q(body__icontains=words) | Q(name__icontains=words) | Q(website__icontains=words)
    said |= Q(article__in=Article.objects.filter(title__icontains=words).values("pk"))
    if sees_addresses and "@" in words:
        said |= Q(pk__in=Origin.objects.filter(commenter__email_key=email_key(words)).values("pk"))
    return said


def cards(comments: CommentQuerySet) -> list[Comment]:
    """Some comments, ready to be shown."""
    return list(_ready(comments.oldest_first()))


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, counted among the first COUNT_LIMIT; each list: id or code, what to call it, how many."""

    is_whole: bool
    findings: list[tuple[str, str, int]]
    articles: list[tuple[int, str, int]]
    sections: list[tuple[int, str, int]]


def count() -> Counts:
    """One query for all of it."""
    waiting = Q(status=Comment.Status.PENDING)
    columns = ("article", "article__title", "article__section", "article__section__name")
    ordered = Comment.objects.filter(waiting).oldest_first()
    rows = list(ordered.values_list(*columns, "origin__findings")[:COUNT_LIMIT])
    articles = Counter((article, title) for article, title, *_ in rows)
    sections = Counter((section, name) for *_, section, name, _ in rows)
    findings = Counter(kind.code for *_, found in rows for kind in kinds_of(found or []))
    return Counts(
        is_whole=len(rows) < COUNT_LIMIT,
        findings=[(kind.code, kind.label, findings[kind.code]) for kind in KINDS if findings[kind.code]],
        articles=[(pk, title, many) for (pk, title), many in articles.most_common(MOST_ARTICLES)],
        sections=[(pk, name, many) for (pk, name), many in sections.most_common()],
    )


def named_by(decision_ids: Collection[int]) -> "QuerySet[Decision, int]":
    """The comments that these decisions were about."""
    return Decision.objects.filter(pk__in=decision_ids).order_by("comment_id").values_list("comment_id", flat=True)


def overtaken(decision_ids: Collection[int]) -> list[int]:
    """The comments on which something was decided after these decisions."""
    later = Decision.objects.filter(comment_id=OuterRef("comment_id"), pk__gt=OuterRef("pk"))
    return list(named_by(decision_ids).filter(Exists(later)))


def totals() -> dict[str, int]:
    """How many comments there are of each status, STATUS_LIMIT at most: from so many entries of an index.

    In its order: PostgreSQL would else begin at the beginning of the table, and what waits stands at the end.
    """
    table = connection.ops.quote_name(Comment._meta.db_table)
    first = f"(SELECT 1 FROM {table} WHERE status = %s ORDER BY submitted_at LIMIT {STATUS_LIMIT})"  # noqa: S608
    counted = ", ".join(f"(SELECT count(*) FROM {first} AS found)" for _ in Comment.Status)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}", Comment.Status.values)
        return dict(zip(Comment.Status.values, cursor.fetchone(), strict=True))


def oldest() -> datetime | None:
    """Since when the oldest comment waits."""
    return Comment.objects.pending().oldest_first().values_list("submitted_at", flat=True).first()
