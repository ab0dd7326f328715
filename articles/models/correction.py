"""What was wrong in an article, and when it was put right."""

from typing import Any

from django.db import models
from django.utils import timezone

from articles import html
from articles.models.article import Article


class Correction(models.Model):
    """One correction, printed below its article and in the list of all."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(max_length=1000, help_text="What was wrong, and what is right.")
    text_html = models.TextField(editable=False)
    made_at = models.DateTimeField("corrected on", default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return html.text_of(self.text_html)[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_html = html.clean_bio(self.text)
        super().save(*args, **kwargs)
