"""A comment as readers see it: no e-mail, no network address and no link to a user."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone

from articles.addresses import address_of
from articles.models import Article
from comments.querysets import KEY_DIGITS, CommentQuerySet

MAX_NAME = 100
MAX_WEBSITE = 200
MAX_BODY = 5_000


class Comment(models.Model):
    """A reader's words below an article. Only `submission` and `review` write its status."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        APPROVED = "approved", "Approved"
        SPAM = "spam", "Spam"
        TRASH = "trash", "Trash"

    class Badge(models.TextChoices):
        NONE = "", "None"
        STAFF = "staff", "Staff"
        AUTHOR = "author", "Author"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    # Digits only, 12 a level: sorts the same in every collation.
    sort_key = models.CharField(max_length=KEY_DIGITS * 10, editable=False, db_index=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    name = models.CharField(max_length=MAX_NAME)
    website = models.CharField(max_length=MAX_WEBSITE, blank=True)
    body = models.TextField()
    body_html = models.TextField(editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING, editable=False)
    badge = models.CharField(max_length=6, choices=Badge, default=Badge.NONE, blank=True, editable=False)
    is_pick = models.BooleanField("editors’ pick", default=False, editable=False)
    edited_by_staff = models.BooleanField(default=False, db_default=False, editable=False)
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("moderate_comment", "Can approve, refuse and restore comments"),
            ("view_email", "Can see commenters’ e-mail addresses"),
        ]
        indexes = [
            models.Index(fields=["article", "status", "sort_key"], name="comment_thread_order"),
            models.Index(
                F("article"),
                F("status"),
                Left("sort_key", KEY_DIGITS).desc(),
                F("sort_key"),
                name="comment_newest_threads",
            ),
            models.Index(fields=["article", "status", "-submitted_at", "-id"], name="comment_article_newest"),
            models.Index(fields=["status", "submitted_at", "id"], name="comment_queue"),
            models.Index(fields=["status", "-decided_at"], name="comment_decided"),
            # In thread order too: without it SQLite looks for picks among all comments of the article.
            models.Index(fields=["article", "status", "sort_key"], name="comment_picks", condition=Q(is_pick=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.excerpt}"

    def get_absolute_url(self) -> str:
        """The comment's address for ever; it leads to whichever page of its article holds it."""
        return address_of("comments:comment-permalink", self.pk)

    @property
    def excerpt(self) -> str:
        """The first words, on one line."""
        line = " ".join(self.body.split())
        return line if len(line) <= 100 else f"{line[:99]}…"
