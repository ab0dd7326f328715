"""What is deleted by itself: old spam and trash, and the traces of where comments and reports came from.

Jobs call it again and again; each call does a bounded amount of work, so that mail never waits long for it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments import review
from comments.models import Comment, Discussion, Origin, Report
from comments.policy import counted
from comments.querysets import CommentQuerySet

BATCH = 500
BATCHES_A_CALL = 4


def days_until_deleted(discussion: Discussion) -> Mapping[str, int | None]:
    """For how many days comments of a status are kept; None: for ever."""
    return {Comment.Status.SPAM: discussion.spam_days, Comment.Status.TRASH: discussion.trash_days}


def when_deleted() -> dict[str, str]:
    """For each status, what moderators read above comments that will be deleted by themselves."""
    return {
        status: f"What has been here for {counted(days, 'day')} is deleted for ever. Until then it can be put back."
        for status, days in days_until_deleted(Discussion.current()).items()
        if days is not None
    }


def delete_old() -> int:
    """Delete spam and trash that have been there for as long as the owner wants; the number of comments."""
    deleted, now = 0, timezone.now()
    for status, days in days_until_deleted(Discussion.current()).items():
        if days is None:
            continue
        due = refused_before(status, now - timedelta(days=days))
        for _ in range(BATCHES_A_CALL):
            ids = list(due.oldest_first().values_list("pk", flat=True)[:BATCH])
            # Asked again under the locks: one of them may have been restored.
            deleted += review.purge(due.filter(pk__in=ids)) if ids else 0
            if len(ids) < BATCH:
                break
    return deleted


def refused_before(status: str, then: datetime) -> CommentQuerySet:
    """Comments of a status that came in before, and were not decided on since."""
    comments: CommentQuerySet = Comment.objects.filter(status=status, submitted_at__lt=then)
    return comments.filter(Q(decided_at=None) | Q(decided_at__lt=then))


def forget_traces() -> int:
    """Forget where old comments and reports came from; the number of them. No row is deleted."""
    days = Discussion.current().traces_days
    if days is None:
        return 0
    then = timezone.now() - timedelta(days=days)
    return _forget_origins(then) + _forget_reporters(then)


def _forget_origins(then: datetime) -> int:
    """In the order of their ids, which is that of their arrival: the first batch with nothing due is the last."""
    forgotten = 0
    for _ in range(BATCHES_A_CALL):
        first = Origin.objects.with_traces().order_by("pk").values_list("pk", flat=True)[:BATCH]
        due = Comment.objects.filter(pk__in=list(first), submitted_at__lt=then).order_by("pk")
        with transaction.atomic():
            ids = list(due.select_for_update(no_key=True).values_list("pk", flat=True))
            forgotten += Origin.objects.filter(pk__in=ids).update(network=None, address_key=None, user_agent=None)
        if len(ids) < BATCH:
            break
    return forgotten


def _forget_reporters(then: datetime) -> int:
    forgotten = 0
    for _ in range(BATCHES_A_CALL):
        due = Report.objects.filter(reported_at__lt=then, reporter__isnull=False).order_by("reported_at")
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        forgotten += Report.objects.filter(pk__in=ids).update(reporter=None)
        if len(ids) < BATCH:
            break
    return forgotten
