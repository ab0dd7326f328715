"""The publication around its articles: what it says of itself, sections, topics, pages, and the versions of all."""

from typing import Any

from django.conf import settings
from django.db import models

from articles import html
from articles.addresses import address_of
from articles.models.image import Image
from articles.slugs import MAX_LENGTH, SLUG_HELP, unique, validate_page_slug, validate_slug
from articles.web_addresses import LINES_HELP, validate_websites
from articles.words import sequence


def languages() -> list[tuple[str, str]]:
    """Codes and names of the languages that texts can be in; a function, so that migrations don't list them."""
    return list(settings.LANGUAGES)


class Section(models.Model):
    """A part of the publication, such as Politics; stands in the site's navigation."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )
    description = models.CharField(max_length=300, blank=True, help_text="One sentence under the section’s name.")
    in_navigation = models.BooleanField(
        "in the navigation", default=True, db_default=True, help_text="Stands at the head of every page."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first in the navigation.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or unique(self.name, Section.objects.exclude(pk=self.pk), "section")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("articles:section-detail", self.slug)


class Topic(models.Model):
    """What an article is about; an article has any number."""

    name = models.CharField(max_length=60, unique=True)
    name_words = models.TextField(blank=True, default="", db_default="", editable=False)
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )
    description = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="One sentence under the topic’s name."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or unique(self.name, Topic.objects.exclude(pk=self.pk), "topic")
        self.name_words = sequence(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("articles:topic-detail", self.slug)


class Publication(models.Model):
    """What the owner says of the publication; one row. What is empty comes from the environment."""

    name = models.CharField(max_length=80, blank=True, help_text="Stands at the head of every page.")
    tagline = models.CharField(max_length=160, blank=True, help_text="A few words beside the name.")
    description = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences for search engines and for those who share a link."
    )
    language = models.CharField(max_length=10, choices=languages, blank=True)
    logo = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    principles = models.ForeignKey(
        "Page",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publishing principles",
        help_text="The page that says by which rules you publish; search engines read it too.",
    )
    links = models.TextField(
        "elsewhere", blank=True, validators=[validate_websites], help_text=f"The publication’s profiles. {LINES_HELP}"
    )

    class Meta:
        verbose_name = verbose_name_plural = "site settings"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="publication_is_one")]

    def __str__(self) -> str:
        return self.name or "Publication"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its words stand in headers, feeds and mails: one line each, without anything invisible."""
        for field in ("name", "tagline", "description"):
            setattr(self, field, html.plain_line(getattr(self, field)))
        super().save(*args, **kwargs)

    @classmethod
    def spoken(cls) -> str:
        """The language of the publication, which its standing pages are in."""
        return str(cls.objects.values_list("language", flat=True).first() or settings.LANGUAGE_CODE)


class NavigationLink(models.Model):
    """A link that the owner adds to the head or the foot of every page, beside sections and standing pages."""

    class Place(models.TextChoices):
        HEAD = "head", "Head"
        FOOT = "foot", "Foot"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="navigation")
    place = models.CharField(max_length=4, choices=Place, default=Place.HEAD)
    label = models.CharField(max_length=40)
    url = models.CharField("address", max_length=200, help_text="/a-page-of-this-site/ or https://example.org")
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")

    class Meta:
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        return self.label


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
        self.body_html = html.clean_article(self.body, Publication.spoken()).html
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("articles:page-detail", self.slug)


class PageVersion(models.Model):
    """How often what a key stands for has changed; see `articles.freshness`. The row `*` counts every change."""

    key = models.CharField(max_length=60, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
