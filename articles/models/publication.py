"""The publication around its articles: sections, topics, standing pages, and the versions of all pages."""

from typing import Any

from django.db import models
from django.urls import reverse

from articles import html
from articles.slugs import MAX_LENGTH, SLUG_HELP, unique, validate_page_slug, validate_slug


class Section(models.Model):
    """A part of the publication, such as Politics; stands in the site's navigation."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )
    description = models.CharField(max_length=300, blank=True, help_text="One sentence under the section’s name.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first in the navigation.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or unique(self.name, Section.objects.exclude(pk=self.pk), "section")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:section-detail", args=[self.slug])


class Topic(models.Model):
    """What an article is about; an article has any number."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or unique(self.name, Topic.objects.exclude(pk=self.pk), "topic")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:topic-detail", args=[self.slug])


class Page(models.Model):
    """A standing page at /<slug>/, such as About or the comment policy; linked from the foot of every page."""

    title = models.CharField(max_length=120)
    slug = models.CharField(max_length=MAX_LENGTH, unique=True, validators=[validate_page_slug])
    body = models.TextField()
    body_html = models.TextField(editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first at the foot of the site.")
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.body_html = html.clean_article(self.body).html
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:page-detail", args=[self.slug])


class PageVersion(models.Model):
    """How often what a key stands for has changed; see `articles.freshness`. The row `*` counts every change."""

    key = models.CharField(max_length=60, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
