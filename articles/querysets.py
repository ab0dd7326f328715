"""What may be read: the one visibility rule of articles, and the selections that pages are made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

if TYPE_CHECKING:
    from articles.models import Article, Byline


def published_condition(prefix: str = "", at: datetime | None = None) -> Q:
    """The visibility rule, also across a relation: published_condition("article__"). `at` defaults to now.

    A scheduled article appears by itself when its time comes. `went_live_at` keeps it visible
    when the clock steps back afterwards.
    """
    is_due = Q(**{f"{prefix}published_at__lte": at or timezone.now()}) | Q(**{f"{prefix}went_live_at__isnull": False})
    return Q(**{f"{prefix}status": "published"}) & is_due


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles."""

    def published(self, at: datetime | None = None) -> Self:
        """What the public may read now, or could at another time. Every page, feed and list for readers starts here."""
        return self.filter(published_condition(at=at))

    def due(self) -> Self:
        """Published by their time, but not stamped as live yet."""
        return self.published().filter(went_live_at__isnull=True)

    def scheduled(self, after: datetime | None = None) -> Self:
        """Published in the future, or at a time later than `after`."""
        return self.filter(status="published", went_live_at__isnull=True, published_at__gt=after or timezone.now())

    def gone(self) -> Self:
        """Readers have seen them, and may not any more. One that is scheduled again will be back."""
        return self.filter(first_live_at__isnull=False).exclude(status="published")

    def newest_first(self) -> Self:
        """By date of publication; ties by id, so that the order is stable."""
        return self.order_by("-published_at", "-pk")

    def with_bylines(self) -> Self:
        """Section, picture and authors ready for printing, in two queries whatever the number of articles."""
        byline: type[Byline] = apps.get_model("articles", "Byline")
        bylines = byline.objects.select_related("author__portrait").order_by("position", "pk")
        return self.select_related("section", "lead_image").prefetch_related(Prefetch("bylines", queryset=bylines))

    def for_list(self) -> Self:
        """Everything a list of articles prints, without the bodies."""
        return self.with_bylines().defer("body", "body_html", "toc")

    def as_cards(self) -> "models.QuerySet[Article, tuple[Any, ...]]":
        """The columns of `articles.cards.Card`: one row an article."""
        return self.values_list(
            "pk", "title", "standfirst", "slug", "address_year", "address_month", "language", "published_at",
            "comment_count", "section__name", "section__slug", "lead_image_id",
        )  # fmt: skip
