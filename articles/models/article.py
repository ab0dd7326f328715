"""An op-ed and who signed it."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles import html
from articles.addresses import address_of
from articles.languages import direction_of
from articles.models.author import Author
from articles.models.image import Image
from articles.models.publication import Section, Topic, languages
from articles.models.raid import RaidSwitch
from articles.querysets import ArticleQuerySet
from articles.slugs import MAX_LENGTH, SLUG_HELP, unique, validate_slug
from articles.statements import Statement

WORDS_A_MINUTE = 230
# A shorter piece is read from its beginning to its end.
CONTENTS_FROM_HEADINGS, CONTENTS_FROM_WORDS = 3, 900


def site_language() -> str:
    """The language that most articles are in."""
    return str(settings.LANGUAGE_CODE)


class Article(RaidSwitch):
    """An op-ed. Its status changes only through the verbs in `articles.publishing`."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    title = models.CharField(max_length=200)
    standfirst = models.TextField(
        blank=True, max_length=500, help_text="One or two sentences under the title that say why to read on."
    )
    slug = models.CharField(
        max_length=MAX_LENGTH, unique=True, blank=True, validators=[validate_slug], help_text=SLUG_HELP
    )
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True, editable=False)
    toc = models.JSONField(default=list, blank=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    lead_image = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="articles")
    disclosure = models.CharField(
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text="What readers should know of the author’s interests; printed below the text.",
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_by",
        db_index=False,  # most answer nothing: see article_replies
        help_text="The op-ed that this one replies to; each then links to the other.",
    )
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    authors: "models.ManyToManyField[Author, Byline]" = models.ManyToManyField(
        Author, through="Byline", related_name="articles"
    )
    language = models.CharField(max_length=10, choices=languages, default=site_language)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(
        "publish on",
        null=True,
        blank=True,
        help_text="Leave empty to publish at once; a later time schedules it.",
    )
    went_live_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_live_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(
        "updated on",
        null=True,
        blank=True,
        help_text="Shown to readers; set it only when the change is one of substance.",
    )
    address_year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    address_month = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    comments_open = models.BooleanField("comments are open", default=True)
    comments_close_at = models.DateTimeField(
        "comments close on",
        null=True,
        blank=True,
        help_text="Leave empty for the site’s rule, which stands in the discussion settings.",
    )
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    saved_at = models.DateTimeField(auto_now=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        permissions = [("publish_article", "Can publish, schedule and withdraw articles")]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),
            models.Index(fields=["section", "status", "-published_at", "-id"], name="article_section_newest"),
            models.Index(fields=["raid"], name="article_raid"),
            models.Index(fields=["answers"], condition=models.Q(answers__isnull=False), name="article_replies"),
            # All that the index of sitemaps reads: the rows themselves are as long as their texts.
            models.Index(fields=["id", "status", "published_at", "went_live_at", "changed_at"], name="article_changes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_at__isnull=False, address_year__isnull=False, address_month__isnull=False),
                name="article_published_has_date_and_address",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Computes slug, body_html, toc and word_count; `update_fields` with body or language takes them along."""
        self.slug = self.slug or unique(self.title, Article.objects.exclude(pk=self.pk), "op-ed")
        fields = kwargs.get("update_fields")
        if fields is None or {"body", "language"} & set(fields):
            clean = html.clean_article(self.body, self.language)
            self.body_html, self.toc, self.word_count = clean.html, clean.toc, clean.word_count
            if fields is not None:
                kwargs["update_fields"] = {*fields, "body_html", "toc", "word_count"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The address for ever: year and month of the first publication, in the site's time zone."""
        year, month = self.address_year, self.address_month
        if year is None or month is None:
            local = timezone.localtime(self.published_at)
            year, month = local.year, local.month
        return address_of("articles:article-detail", year, month, self.slug)

    @cached_property
    def signed(self) -> "list[Byline]":
        """Its bylines in order, each with its author."""
        return SIGNED.objects(article=self.pk)

    def last_change(self, *corrections: datetime | None) -> datetime | None:
        """When something of substance last changed for readers: published, changed, or corrected at these moments."""
        return max(filter(None, [self.published_at, self.changed_at, *corrections]), default=None)

    @property
    def is_live(self) -> bool:
        """The rule of `published()` for this one row."""
        is_due = self.went_live_at is not None or (
            self.published_at is not None and self.published_at <= timezone.now()
        )
        return self.status == self.Status.PUBLISHED and is_due

    @property
    def was_seen(self) -> bool:
        """Readers have seen it, so its address and its row stay for ever."""
        return self.first_live_at is not None or self.is_live

    @property
    def has_text(self) -> bool:
        """There is something to read."""
        return html.shows_text(self.body_html)

    @property
    def is_scheduled(self) -> bool:
        """Published, but not yet."""
        return self.status == self.Status.PUBLISHED and not self.is_live

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, by the article's language."""
        return direction_of(self.language)

    @property
    def has_contents(self) -> bool:
        """Long enough for a list of its sections."""
        return self.word_count >= CONTENTS_FROM_WORDS and len(self.toc) >= CONTENTS_FROM_HEADINGS

    @property
    def reading_minutes(self) -> int:
        """At least one."""
        return max(1, round(self.word_count / WORDS_A_MINUTE))


class Byline(models.Model):
    """One author of one article, in order, with the bio as it was printed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)
    bio_html = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["author", "id"], name="byline_newest")]
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="byline_once_per_author")]

    def __str__(self) -> str:
        return f"{self.author} on {self.article}"

    @property
    def printed_bio_html(self) -> str:
        """The bio at first publication; before that, the author's own."""
        return self.bio_html or self.author.bio_html


def at(slug: Any) -> models.Subquery:
    """The id of the op-ed with this slug, inside a query."""
    return models.Subquery(Article.objects.filter(slug=slug).values("pk"))


def _signed(article: Any) -> models.QuerySet[Byline]:
    return Byline.objects.filter(article=article).select_related("author__portrait").order_by("position", "pk")


SIGNED = Statement(_signed, article=int)
SIGNED_AT = Statement(lambda slug: _signed(at(slug)), slug=str)
