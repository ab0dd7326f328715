"""Figures on moderation, worked out by a job, because the desk's front page may not count whole tables."""

from django.db import models


class DayFigures(models.Model):
    """One day, in the site's time zone: what came in and what became of it since, and what was decided on that day."""

    day = models.DateField(primary_key=True)
    approved = models.PositiveIntegerField()
    pending = models.PositiveIntegerField()
    spam = models.PositiveIntegerField()
    trash = models.PositiveIntegerField()
    median_minutes = models.PositiveIntegerField(null=True, help_text="Half of what was decided had waited no longer.")
    slow_minutes = models.PositiveIntegerField(null=True, help_text="Nine of ten had waited no longer.")
    decided = models.PositiveIntegerField(help_text="Comments that moderators let through or refused.")
    let_through = models.PositiveIntegerField(help_text="Of them, those let through.")
    decisions = models.JSONField(default=dict, help_text="Decisions by each moderator.")
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"figures of {self.day}"
