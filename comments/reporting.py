"""Readers' reports: enough of them put a comment before a moderator and, if the owner wants that, off the page.

The locks are those of `review`: the article's, then the comment's.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments import review
from comments.decisions import REPORTS
from comments.models import Comment, Discussion, Report
from comments.privacy import keyed_hash, line_of
from comments.querysets import CommentQuerySet
from comments.staff_mail import tell_of_reports

logger = logging.getLogger("oped.audit")
HOUR = timedelta(hours=1)
REPORTS_AN_HOUR = 10


class TooManyReports(Exception):
    """Somebody has reported much within an hour; `wait` seconds are left until the next is taken."""

    def __init__(self, wait: int) -> None:
        super().__init__(_("You have reported many comments within an hour. Please wait a while and send this again."))
        self.wait = wait


def report_comment(comment_id: int, *, reason: str, note: str, address: str) -> bool:
    """Store a reader's report, the first of theirs on this comment; False if readers don't see the comment any more.

    Raises TooManyReports.
    """
    reporter = keyed_hash("reporter", line_of(address))
    with transaction.atomic():
        comment = _locked(comment_id)
        if comment is None:
            return False
        if not Report.objects.filter(comment=comment, reporter=reporter).exists():
            if settings.OPED_RATE_LIMITS:
                _refuse_flood(reporter)
            Report.objects.create(comment=comment, reason=reason, note=note, reporter=reporter)
            logger.info("comment=%s reported", comment.pk)
            _call_moderators(comment, Discussion.current())
    return True


def _locked(comment_id: int) -> Comment | None:
    """The comment as readers see it, under its locks."""
    chosen = Comment.objects.filter(pk=comment_id)
    articles = Article.objects.select_for_update(no_key=True).filter(pk__in=chosen.values("article"))
    list(articles.values_list("pk"))
    visible: CommentQuerySet = Comment.objects.visible()
    return visible.select_for_update(of=("self",)).filter(pk=comment_id).first()


def _refuse_flood(reporter: str) -> None:
    now = timezone.now()
    recent = Report.objects.filter(reporter=reporter, reported_at__gt=now - HOUR).order_by("-reported_at")
    moments = list(recent.values_list("reported_at", flat=True)[:REPORTS_AN_HOUR])
    if len(moments) == REPORTS_AN_HOUR:
        raise TooManyReports(max(1, round((moments[-1] + HOUR - now).total_seconds())))


def _call_moderators(comment: Comment, discussion: Discussion) -> None:
    """Once there are enough reports, tell staff, and hide what no moderator has looked at after reports."""
    unsettled = comment.reports.unsettled().count()
    if unsettled < discussion.reports_to_review:
        return
    settled = comment.reports.count() - unsettled
    tell_of_reports(comment, round_number=settled)
    if discussion.reports_hide and not settled:
        review.hold(Comment.objects.filter(pk=comment.pk), by=REPORTS)
