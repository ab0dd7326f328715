"""Senders whose comments go to spam."""

from django.db import models
from django.utils import timezone


class Block(models.Model):
    """One address, domain or network. Of an address only a keyed hash is kept, so that a block survives an erasure."""

    class Kind(models.TextChoices):
        ADDRESS = "address", "Email address"
        DOMAIN = "domain", "Domain of email addresses"
        NETWORK = "network", "Network"

    kind = models.CharField(max_length=7, choices=Kind)
    key = models.CharField(max_length=255, editable=False)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: for ever.")
    note = models.CharField(max_length=200, blank=True, help_text="Why, for your colleagues. No address, please.")
    made_by = models.CharField(max_length=150, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "blocked sender"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} {'' if self.kind == self.Kind.ADDRESS else self.key}".strip()
