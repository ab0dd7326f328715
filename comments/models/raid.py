"""The log of raid switches."""

from django.db import models
from django.utils import timezone

from articles.models import Article, Raid
from comments.models.append_only import AppendOnly


class RaidLog(AppendOnly):
    """Who switched what, where, until when and why; without an article, for the whole site. It outlives the article."""

    article = models.ForeignKey(
        Article, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+", editable=False
    )
    raid = models.CharField(max_length=5, choices=Raid, blank=True, editable=False)
    until = models.DateTimeField(null=True, editable=False)
    seconds = models.PositiveIntegerField(editable=False)
    switched_by = models.CharField(max_length=150, editable=False)
    switched_at = models.DateTimeField(default=timezone.now, editable=False)
    why = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        # Whoever moderates may see and use them.
        default_permissions = ()
        verbose_name = "raid switch"
        verbose_name_plural = "raid switches"

    def __str__(self) -> str:
        return f"{self.get_raid_display()} by {self.switched_by}"
