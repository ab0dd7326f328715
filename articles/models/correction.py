"""What was wrong in an article, and when it was put right."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from articles import html
from articles.models.article import Article


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections."""

    def published(self, at: datetime | None = None) -> "CorrectionQuerySet":
        """Those of articles that the public may read; asked of each, so that databases start from the corrections."""
        readable = Article.objects.published(at).filter(pk=models.OuterRef("article"))
        return self.filter(models.Exists(readable))

    def newest_first(self) -> "CorrectionQuerySet":
        """By the day they were made; ties by id, so that the order is stable."""
        return self.order_by("-made_at", "-pk")

    def with_articles(self) -> "CorrectionQuerySet":
        """With what names and links the article; for a few rows, because SQLite would begin with all articles."""
        columns = ("title", "slug", "language", "address_year", "address_month", "published_at")
        shown = ("text_html", "made_at", "article_id", *(f"article__{name}" for name in columns))
        return self.select_related("article").only(*shown)


class Correction(models.Model):
    """One correction, printed below its article and in the list of all."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(max_length=1000, help_text="What was wrong, and what is right.")
    text_html = models.TextField(editable=False)
    made_at = models.DateTimeField("corrected on", default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return html.text_of(self.text_html)[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_html = html.clean_bio(self.text)
        super().save(*args, **kwargs)
