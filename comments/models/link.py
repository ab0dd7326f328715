"""Links that are a right: to everything under an address, and to answering as an author. Only their hashes are kept."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from articles.models import Author
from comments.models.commenter import Commenter


class AccessLink(models.Model):
    """A link, mailed to an address, that opens everything kept under it: once, for an hour. Only its hash is kept."""

    LIFE = timedelta(hours=1)

    token_hash = models.CharField(max_length=64, unique=True)
    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="access_links")
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"access link {self.pk}"

    @property
    def is_fresh(self) -> bool:
        """Its hour is not over."""
        return timezone.now() < self.created_at + self.LIFE


class AnsweringLink(models.Model):
    """A personal link with which an article's author answers comments without an account.

    Only the hash of its token is kept: the link is shown once, when it is made.
    """

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="answering_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.CharField(max_length=150, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"answering link of {self.author}"
