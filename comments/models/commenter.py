"""The private side, which no public page reads: who wrote a comment, and where it came from."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.names import look_alike_key
from comments.models.comment import Comment
from comments.querysets import HAS_TRACES, CommenterQuerySet, OriginQuerySet

MAX_EMAIL = 254
# A character of a name may stand for several letters.
MAX_NAME_KEY = 200


class Commenter(models.Model):
    """A person as known by an e-mail address. Private."""

    address = models.EmailField(max_length=MAX_EMAIL)
    email_key = models.CharField(max_length=MAX_EMAIL * 2, unique=True, editable=False)
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    refused_mail_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        permissions = [("erase_person", "Can export and erase everything kept under an address")]

    def __str__(self) -> str:
        # Shown in lists and log entries, so it must not be the address.
        return f"commenter {self.pk}"

    def name_key(self, name: str) -> str | None:
        """By what others' names are compared with one that this person uses; None until the address is confirmed."""
        return look_alike_key(name)[:MAX_NAME_KEY] if self.confirmed_at else None

    @property
    def takes_mail(self) -> bool:
        """Its owner pressed the button in a mail, and never the other one."""
        return self.confirmed_at is not None and self.refused_mail_at is None


class Origin(models.Model):
    """Where one comment came from. Private; lives as long as the comment, while its network traces fade."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, primary_key=True, related_name="origin")
    commenter = models.ForeignKey(
        Commenter, on_delete=models.PROTECT, null=True, db_index=False, related_name="origins"
    )
    fingerprint = models.CharField(
        max_length=64, unique=True, null=True, help_text="Keyed hash of article, person and text."
    )
    network = models.CharField(max_length=49, null=True, help_text="The /24 or /48 around the address.")
    address_key = models.CharField(max_length=64, null=True, db_index=True, help_text="Keyed hash of the address.")
    user_agent = models.CharField(max_length=300, null=True)
    findings = models.JSONField(default=list, help_text="What the policy had to say, in plain words.")
    name_key = models.CharField(max_length=MAX_NAME_KEY, null=True, help_text="See `Commenter.name_key`.")
    tell_decision = models.BooleanField(default=False, db_default=False, help_text="Wants to hear of decisions.")
    tell_replies = models.BooleanField(default=False, db_default=False, help_text="Wants to hear of replies.")

    objects = OriginQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["commenter", "comment"], name="origin_by_person"),
            models.Index(fields=["network"], name="origin_network"),
            models.Index(fields=["name_key"], condition=Q(name_key__isnull=False), name="origin_name"),
            models.Index(fields=["comment"], condition=HAS_TRACES, name="origin_traces"),
        ]

    def __str__(self) -> str:
        return f"origin of comment {self.pk}"
