"""What moderators switch on against a raid of comments: on one article, or on whatever else has such a switch."""

from datetime import datetime

from django.db import models


class Raid(models.TextChoices):
    """What a switch does; of two that run at once, each keeps its own rule."""

    OFF = "", "Off"
    HOLD = "hold", "Hold"
    SLOW = "slow", "Slow mode"
    CLOSE = "close", "Close"


class RaidSwitch(models.Model):
    """A switch that goes off by itself at `raid_until`; without that, when somebody switches it off."""

    raid = models.CharField(max_length=5, choices=Raid, default=Raid.OFF, blank=True, db_default="", editable=False)
    raid_until = models.DateTimeField(null=True, editable=False)
    raid_seconds = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        abstract = True

    def raid_at(self, now: datetime) -> Raid:
        """What it does at this moment."""
        is_over = self.raid_until is not None and self.raid_until <= now
        return Raid(self.raid) if self.raid and not is_over else Raid.OFF
