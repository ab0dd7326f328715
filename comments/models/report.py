"""What readers report. Private: no public page reads it, and nobody is told who reported."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from comments.models.comment import Comment
from comments.models.discussion import MAX_REPORT_REASON
from comments.querysets import ReportQuerySet

MAX_NOTE = 500


class Report(models.Model):
    """One reader's report of one comment. Of the reader only a keyed hash is kept; it lives as long as the comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, db_index=False, related_name="reports")
    reason = models.CharField(max_length=MAX_REPORT_REASON, help_text="In the words that the reader chose from.")
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    reporter = models.CharField(max_length=64, null=True, help_text="Keyed hash of the network address; it fades.")
    reported_at = models.DateTimeField(default=timezone.now)
    settled_by = models.BigIntegerField(null=True, help_text="The moderator’s decision that came after it.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reporter"], name="report_once")]
        indexes = [
            models.Index(fields=["comment"], condition=Q(settled_by=None), name="report_open"),
            models.Index(fields=["reporter", "reported_at"], name="report_flood"),
            models.Index(fields=["reported_at"], condition=Q(reporter__isnull=False), name="report_traces"),
        ]

    def __str__(self) -> str:
        return f"report of comment {self.comment_id}"
