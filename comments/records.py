"""What became of people's comments so far, as moderators and the policy count it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from comments.decisions import WITHDRAWN
from comments.models import Comment, Decision


@dataclass(frozen=True, slots=True)
class Record:
    """How many of somebody's comments were approved, were refused by others (spam or trash), and wait."""

    approved: int = 0
    refused: int = 0
    waiting: int = 0


def records_of(people: Collection[int]) -> dict[int, Record]:
    """By the ids of commenters; who has no comment has no record."""
    newest = Decision.objects.filter(comment_id=OuterRef("pk")).order_by("-pk")
    written = Comment.objects.filter(origin__commenter__in=people).alias(why=Subquery(newest.values("reason")[:1]))
    is_trash = Q(status=Comment.Status.TRASH)
    counted = written.values_list("origin__commenter").annotate(
        approved=Count("pk", filter=Q(status=Comment.Status.APPROVED)),
        refused=Count("pk", filter=Q(status=Comment.Status.SPAM) | is_trash),
        withdrawn=Count("pk", filter=is_trash & Q(why=WITHDRAWN)),
        waiting=Count("pk", filter=Q(status=Comment.Status.PENDING)),
    )
    return {
        person: Record(approved, refused - withdrawn, waiting)
        for person, approved, refused, withdrawn, waiting in counted
    }


def record_of(person: int) -> Record:
    """Of one commenter."""
    return records_of([person]).get(person, Record())
