"""Figures on moderation, day by day: worked out by a job, read by the desk's front page from a table of thirty rows."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import ceil

from django.db.models import Count
from django.utils import timezone

from comments.decisions import POLICY, REPORTS, WRITER
from comments.models import Comment, DayFigures, Decision

DAYS = 30
Status = Comment.Status
# What nobody in the newsroom decided.
NO_MODERATOR = (POLICY, WRITER, REPORTS)


def last_days() -> list[date]:
    """The days that are told of, the oldest first."""
    today = timezone.localdate()
    return [today - timedelta(days=back) for back in reversed(range(DAYS))]


def count_days() -> None:
    """Work out the last days anew, because what became of their comments can change, and forget those before."""
    days = last_days()
    rows = [figures_of(day) for day in days]
    columns = [field.name for field in DayFigures._meta.fields if not field.primary_key]
    DayFigures.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=columns)
    DayFigures.objects.filter(day__lt=days[0]).delete()


def figures_of(day: date) -> DayFigures:
    """One day, by indexes that lead to its own rows: the tables may be of any size."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    came = Comment.objects.filter(status__in=Status.values, submitted_at__gte=start, submitted_at__lt=end)
    fates = dict(came.order_by().values_list("status").annotate(Count("pk")))
    by_people = _decisions(start, end)
    decided = Comment.objects.filter(
        status__in=[Status.APPROVED, Status.SPAM, Status.TRASH], decided_at__gte=start, decided_at__lt=end
    )
    rows = list(decided.values_list("status", "submitted_at", "decided_at"))
    waits = sorted((at - came_at).total_seconds() / 60 for _, came_at, at in rows if at)
    return DayFigures(
        day=day,
        **{status: fates.get(status, 0) for status in Status.values},
        median_minutes=share_within(waits, 0.5),
        slow_minutes=share_within(waits, 0.9),
        decided=len(rows),
        let_through=sum(status == Status.APPROVED for status, *_ in rows),
        decisions=by_people,
        counted_at=timezone.now(),
    )


def share_within(waits: Sequence[float], share: float) -> int | None:
    """The minutes that such a share of the waits, in order, did not exceed (nearest rank); None without any."""
    return max(0, round(waits[ceil(share * len(waits)) - 1])) if waits else None


def midnight(day: date) -> datetime:
    """When a day begins in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def _decisions(start: datetime, end: datetime) -> dict[str, int]:
    """How many decisions each moderator made; imports and the policy's first word are none."""
    made = Decision.objects.filter(decided_at__gte=start, decided_at__lt=end).exclude(from_status="")
    people = made.exclude(decided_by__in=NO_MODERATOR).order_by().values_list("decided_by")
    return dict(people.annotate(Count("pk")))
