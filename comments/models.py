"""Comments as readers see them, and beside them the private tables that no public page reads.

`Comment` holds no e-mail, no network address and no link to a user. `Commenter` and `Origin` do, or their keyed
hashes; `Decision` is the append-only log of what became of each comment. `Mail` and `AccessLink` are what is sent.
"""

from datetime import timedelta
from typing import Any, NoReturn

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author
from comments.querysets import KEY_DIGITS, CommenterQuerySet, CommentQuerySet, MailQuerySet

MAX_NAME = 100
MAX_EMAIL = 254
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
            models.Index(fields=["status", "submitted_at", "id"], name="comment_queue"),
            models.Index(fields=["status", "-decided_at"], name="comment_decided"),
            models.Index(fields=["article"], name="comment_picks", condition=Q(is_pick=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.excerpt}"

    def get_absolute_url(self) -> str:
        """The comment's address for ever; it leads to whichever page of its article holds it."""
        return reverse("comments:comment-permalink", args=[self.pk])

    @property
    def excerpt(self) -> str:
        """The first words, on one line."""
        line = " ".join(self.body.split())
        return line if len(line) <= 100 else f"{line[:99]}…"


class Commenter(models.Model):
    """A person as known by an e-mail address. Private."""

    address = models.EmailField(max_length=MAX_EMAIL)
    email_key = models.CharField(max_length=MAX_EMAIL * 2, unique=True, editable=False)
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    refused_mail_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommenterQuerySet.as_manager()

    def __str__(self) -> str:
        # Shown in lists and log entries, so it must not be the address.
        return f"commenter {self.pk}"

    @property
    def takes_mail(self) -> bool:
        """Its owner pressed the button in a mail, and never the other one."""
        return self.confirmed_at is not None and self.refused_mail_at is None


class Origin(models.Model):
    """Where one comment came from. Private; lives as long as the comment, while its network traces fade."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, primary_key=True, related_name="origin")
    commenter = models.ForeignKey(Commenter, on_delete=models.PROTECT, null=True, related_name="origins")
    fingerprint = models.CharField(
        max_length=64, unique=True, null=True, help_text="Keyed hash of article, person and text."
    )
    network = models.CharField(max_length=49, null=True, help_text="The /24 or /48 around the address.")
    address_key = models.CharField(max_length=64, null=True, db_index=True, help_text="Keyed hash of the address.")
    user_agent = models.CharField(max_length=300, null=True)
    findings = models.JSONField(default=list, help_text="What the policy had to say, in plain words.")
    tell_decision = models.BooleanField(default=False, db_default=False, help_text="Wants to hear of decisions.")
    tell_replies = models.BooleanField(default=False, db_default=False, help_text="Wants to hear of replies.")

    def __str__(self) -> str:
        return f"origin of comment {self.pk}"


class Decision(models.Model):
    """One change of a comment's status: who, when, from, to, why. Rows are only ever added.

    `mac` is an HMAC over the row and the comment's previous mac: a chain that shows edits and gaps.
    """

    comment_id = models.BigIntegerField(editable=False)
    from_status = models.CharField(max_length=8, blank=True, editable=False)
    to_status = models.CharField(max_length=8, editable=False)
    decided_by = models.CharField(max_length=150, editable=False)
    decided_at = models.DateTimeField(editable=False)
    reason = models.CharField(max_length=40, blank=True, editable=False)
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        indexes = [models.Index(fields=["comment_id", "id"], name="decision_chain")]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status} by {self.decided_by}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        raise TypeError("A decision is never edited or deleted; add another.")


class Reason(models.Model):
    """Why a comment is declined: one of the owner's list, with what its writer may read."""

    code = models.SlugField(max_length=40, unique=True, help_text="Kept in the log of decisions.")
    label = models.CharField(max_length=60, help_text="What moderators see on the button.")
    text = models.TextField(
        max_length=500, help_text="One or two sentences that the writer reads on the comment’s own page."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")

    class Meta:
        ordering = ["position", "label"]
        verbose_name = "reason for declining"
        verbose_name_plural = "reasons for declining"

    def __str__(self) -> str:
        return self.label


class AnsweringLink(models.Model):
    """A personal link with which an article's author answers comments without an account.

    Only the hash of its token is kept: the link is shown once, when it is made.
    """

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="answering_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.CharField(max_length=150, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"answering link of {self.author}"


class Discussion(models.Model):
    """The owner's choices on comments: one row for the whole site, with our defaults until it is saved."""

    is_open = models.BooleanField(
        "comments are open",
        default=True,
        help_text="The switch for the whole site. Off, every op-ed says that comments are closed and takes none; "
        "those that are there stay. WordPress: on.",
    )
    close_after_days = models.PositiveSmallIntegerField(
        "days until comments close",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Counted from publication. Empty: never. An op-ed’s own closing date goes before it. "
        "WordPress: never; 14 days when switched on.",
    )
    depth = models.PositiveSmallIntegerField(
        "levels of replies",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="1 to 10. Deeper replies stand at the last level and name what they answer. Comments that are "
        "there keep their place. WordPress: 5.",
    )
    newest_first = models.BooleanField(
        "newest threads first",
        default=False,
        help_text="What readers see first; a link above the comments turns it round. WordPress: oldest first.",
    )
    max_links = models.PositiveSmallIntegerField(
        "hold from this many links",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="The finding is shown to moderators. WordPress: 2.",
    )
    flood_seconds = models.PositiveSmallIntegerField(
        "seconds between comments",
        default=15,
        validators=[MaxValueValidator(3600)],
        help_text="Of one e-mail address or one network address; who is quicker is asked to wait. 0: no wait. "
        "WordPress: 15.",
    )
    edit_minutes = models.PositiveSmallIntegerField(
        "minutes for editing",
        default=15,
        validators=[MaxValueValidator(1440)],
        help_text="How long writers may change a comment, on its own page, while no moderator has decided. "
        "0: not at all. WordPress: not at all.",
    )
    shows_wait = models.BooleanField(
        "say how long moderation takes",
        default=True,
        help_text="“Usually published within about 3 hours”, measured on the last decisions; nothing while there "
        "are fewer than ten. WordPress has no such line.",
    )
    usual_wait_minutes = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "discussion settings"
        verbose_name_plural = "discussion settings"

    def __str__(self) -> str:
        return "Discussion settings"

    @classmethod
    def current(cls) -> "Discussion":
        """The choices in force: the stored row, or our defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Mail(models.Model):
    """A mail that is to go out, or went. Address and words are not here: they are looked up when it is sent."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "Please confirm this address"
        DECISION = "decision", "What became of a comment"
        REPLY = "reply", "A reply to a comment"
        ACCESS = "access", "The link to everything under an address"

    # What it is sent for, once: the database refuses a second row.
    purpose_key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # NULL: somebody asked for an address that we don't know; nothing is sent.
    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, null=True, related_name="mails")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="mails")
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=120, blank=True, help_text="Why it was never sent; no address.")

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(sent_at=None, failed=""), name="mail_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} mail {self.pk}"


class AccessLink(models.Model):
    """A link, mailed to an address, that opens everything kept under it: once, for an hour. Only its hash is kept."""

    LIFE = timedelta(hours=1)

    token_hash = models.CharField(max_length=64, unique=True)
    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="access_links")
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"access link {self.pk}"

    @property
    def is_fresh(self) -> bool:
        """Its hour is not over."""
        return timezone.now() < self.created_at + self.LIFE
