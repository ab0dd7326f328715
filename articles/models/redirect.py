"""Addresses that moved, and addresses that lead nowhere."""

from django.db import models

MAX_PATH = 500


class Redirect(models.Model):
    """An address of this site that answers with a 301 to another, for ever (RFC 9110, 15.4.2)."""

    old_path = models.CharField("from", max_length=MAX_PATH, unique=True)
    new_path = models.CharField("to", max_length=MAX_PATH)
    made_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["new_path"], name="redirect_target")]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"


class MissingPath(models.Model):
    """An address that was asked for and not found, and how often; their number is bounded."""

    path = models.CharField(max_length=MAX_PATH, unique=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-count", "-last_at"]
        verbose_name = "address not found"
        verbose_name_plural = "addresses not found"
        indexes = [models.Index(fields=["-count", "-last_at"], name="missing_path_most")]

    def __str__(self) -> str:
        return f"{self.path} ({self.count})"
