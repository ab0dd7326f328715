"""Who writes."""

from typing import Any

from django.conf import settings
from django.db import models

from articles import html
from articles.addresses import address_of
from articles.models.image import Image
from articles.names import look_alike_key
from articles.slugs import MAX_LENGTH, SLUG_HELP, unique, validate_slug
from articles.web_addresses import LINES_HELP, WebAddress, validate_website, validate_websites, websites
from articles.words import sequence


class Author(models.Model):
    """Who writes; needs no log-in."""

    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=400, blank=True, db_default="", db_index=True, editable=False)
    name_words = models.TextField(blank=True, default="", db_default="", editable=False)
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )
    role = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="In a few words, such as “Columnist” or “Teaches law”.",
    )
    portrait = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bio = models.TextField(
        blank=True,
        help_text="Two or three sentences. An article keeps the bio that was current when it was first published.",
    )
    bio_html = models.TextField(blank=True, editable=False)
    website = models.CharField(blank=True, max_length=200, validators=[validate_website])
    links = models.TextField(
        "elsewhere",
        blank=True,
        default="",
        db_default="",
        validators=[validate_websites],
        help_text=f"Profiles. {LINES_HELP}",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name="staff account",
        help_text="Links the author to a staff account, so that a writer signs new drafts with this name.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or unique(self.name, Author.objects.exclude(pk=self.pk), "author")
        self.bio_html = html.clean_bio(self.bio)
        self.name_key = look_alike_key(self.name)
        self.name_words = sequence(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("articles:author-detail", self.slug)

    @property
    def initial(self) -> str:
        """The letter that stands in for a portrait."""
        return self.name[:1].upper()

    @property
    def elsewhere(self) -> list[WebAddress]:
        """The website and the profiles, each once."""
        return [WebAddress(url) for url in dict.fromkeys(websites(f"{self.website}\n{self.links}"))]
