"""Mail that is to go out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comments.models.comment import Comment
from comments.models.commenter import Commenter
from comments.querysets import NOTHING_TO_TELL, MailQuerySet


class Mail(models.Model):
    """A mail that is to go out, or went. Address and words are not here: they are looked up when it is sent."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "Please confirm this address"
        DECISION = "decision", "What became of a comment"
        REPLY = "reply", "A reply to a comment"
        ACCESS = "access", "The link to everything under an address"
        EACH = "each", "A comment for a moderator"
        REPORTED = "reported", "A comment that readers reported"
        DIGEST = "digest", "What waits for moderators"
        TEST = "test", "A test mail"

    # What it is sent for, once: the database refuses a second row.
    purpose_key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # To a reader or to a member of staff. Neither: somebody asked for an address that we don't know; nothing is sent.
    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, null=True, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="mails")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="mails")
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=120, blank=True, help_text="Why it was never sent; no address.")
    trouble = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="What the last attempt met; no address."
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(sent_at=None, failed=""), name="mail_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} mail {self.pk}"

    @property
    def state(self) -> str:
        """One word: sent, waiting, failed or dropped."""
        if self.sent_at:
            return "sent"
        if not self.failed:
            return "waiting"
        return "dropped" if self.failed == NOTHING_TO_TELL else "failed"
