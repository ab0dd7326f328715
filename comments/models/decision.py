"""What becomes of comments: the append-only log, and the owner's reasons for declining."""

from django.db import models
from django.db.models import Q

from comments.models.append_only import AppendOnly


class Decision(AppendOnly):
    """One change of a comment's status: who, when, from, to, why.

    `mac` is an HMAC over the row and the comment's previous mac: a chain that shows edits and gaps.
    """

    comment_id = models.BigIntegerField(editable=False)
    from_status = models.CharField(max_length=8, blank=True, editable=False)
    to_status = models.CharField(max_length=8, editable=False)
    decided_by = models.CharField(max_length=150, editable=False)
    decided_at = models.DateTimeField(editable=False)
    reason = models.CharField(max_length=40, blank=True, editable=False)
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["comment_id", "id"], name="decision_chain"),
            models.Index(fields=["decided_at", "id"], name="decision_when"),
            models.Index(fields=["decided_by", "decided_at", "id"], name="decision_who"),
            # Most rows are first ones of comments that wait: these need no help, and cost a reader's post nothing.
            models.Index(
                fields=["to_status", "decided_at", "id"], name="decision_what", condition=~Q(to_status="pending")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status} by {self.decided_by}"


class Seal(AppendOnly):
    """How many decisions there were since the last seal, up to an id: shows rows that are gone from a chain's end.

    `mac` is an HMAC over the row and the previous seal's mac.
    """

    through_id = models.BigIntegerField(editable=False)
    decisions = models.PositiveBigIntegerField(editable=False)
    sealed_at = models.DateTimeField(editable=False)
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.decisions} decisions up to {self.through_id}"


class Reason(models.Model):
    """Why a comment is declined: one of the owner's list, with what its writer may read."""

    code = models.SlugField(max_length=40, unique=True, help_text="Kept in the log of decisions.")
    label = models.CharField(max_length=60, help_text="What moderators see on the button.")
    text = models.TextField(
        max_length=500, help_text="One or two sentences that the writer reads on the comment’s own page."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")

    class Meta:
        ordering = ["position", "label"]
        verbose_name = "reason for declining"
        verbose_name_plural = "reasons for declining"

    def __str__(self) -> str:
        return self.label
