"""Which comments readers have reported so often that a moderator should look, and why."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef

from comments.models import Comment, Discussion, Report

# More than anybody looks through; the next ones come up as these are settled.
COUNT_LIMIT = 1_000


def reported_ids() -> list[int]:
    """The comments with as many unsettled reports as call a moderator; at most COUNT_LIMIT."""
    often = often_reported(Discussion.current().reports_to_review)
    return list(often.values_list("comment", flat=True)[:COUNT_LIMIT])


def often_reported(least: int) -> Any:
    """The `comment` of at least so many unsettled reports, if it is on the page or waits."""
    comments = Comment.objects.filter(status__in=(Comment.Status.APPROVED, Comment.Status.PENDING))
    # Not a join: SQLite would begin with all comments.
    unsettled = Report.objects.unsettled().filter(Exists(comments.filter(pk=OuterRef("comment"))))
    counted = unsettled.values("comment").annotate(count=Count("pk"))
    return counted.filter(count__gte=least).order_by("comment")


def reasons_of(reports: Iterable[Report]) -> list[str]:
    """As in "Off topic (2)", the most frequent first."""
    counts = Counter(report.reason for report in reports)
    return [f"{reason} ({count})" for reason, count in counts.most_common()]
