"""What editors put on the front page by hand."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from articles.models.article import Article


class PinQuerySet(models.QuerySet["Pin"]):
    """Pins."""

    def running(self, now: datetime) -> "PinQuerySet":
        """Those whose time is not over; whether readers may see the article is still `published()`'s to say."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now))


class Pin(models.Model):
    """An article that has a place on the front page, until it is taken off or its time is over."""

    class Place(models.TextChoices):
        LEAD = "lead", "Lead"
        SELECTION = "selection", "Editors’ selection"

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="pin")
    place = models.CharField(max_length=10, choices=Place, default=Place.SELECTION)
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")
    until = models.DateTimeField(null=True, blank=True, help_text="Leave empty to keep it until you take it off.")

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["place", "position", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.article}"
