"""What became of people's comments so far, as moderators and the policy count it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, When

from articles.statements import Statement
from comments.decisions import WITHDRAWN
from comments.models import Comment, Commenter, Decision, Origin

# Of each person so many are looked at, the latest: what a spammer ever sent would keep every card waiting.
LATEST = 1_000


@dataclass(frozen=True, slots=True)
class Record:
    """How many of somebody's latest comments were approved, were refused by others (spam or trash), and wait."""

    approved: int = 0
    refused: int = 0
    waiting: int = 0


def records_of(people: Collection[int]) -> dict[int, Record]:
    """By the ids of commenters."""
    return {person: Record(*numbers) for person, *numbers in _counted().filter(pk__in=people)}


def record_of(person: Commenter) -> Record:
    """Of one commenter."""
    found = OF_ONE.rows(person=person.email_key)
    return Record(*found[0][1:]) if found else Record()


def _counted() -> "QuerySet[Commenter, Any]":
    """Each commenter's id and three numbers."""
    last = Decision.objects.filter(comment_id=OuterRef("pk")).order_by("-pk").values("reason")[:1]
    is_trash = When(comment__status=Comment.Status.TRASH, then=Subquery(last))
    written = Origin.objects.filter(commenter=OuterRef("pk")).order_by("-pk")
    latest = written.values(status=F("comment__status"), why=Case(is_trash))[:LATEST]
    return Commenter.objects.values_list(
        "pk",
        _count(latest, "status = 'approved'"),
        _count(latest, f"status IN ('spam', 'trash') AND coalesce(why, '') <> '{WITHDRAWN}'"),
        _count(latest, "status = 'pending'"),
    )


def _count(rows: "QuerySet[Origin, Any]", which: str) -> Subquery:
    """How many of them, and no join: PostgreSQL would begin with a whole table."""
    template = f"(SELECT count(*) FROM (%(subquery)s) AS latest WHERE {which})"  # noqa: S608
    return Subquery(rows, output_field=IntegerField(), template=template)


OF_ONE = Statement(lambda person: _counted().filter(email_key=person), person=str)
