"""The owner's choices on comments."""

from collections.abc import Sequence
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_noop

from articles.models import RaidSwitch
from articles.statements import Statement
from comments.policy import MODES, Mode

MAX_REPORT_REASON = 80
MAX_FLOOD_SECONDS = 3600
REPORT_REASONS = "\n".join(
    (
        gettext_noop("Insults or threatens somebody"),
        gettext_noop("Spreads hatred against a group"),
        gettext_noop("Tells private things about somebody"),
        gettext_noop("Spam or advertising"),
        gettext_noop("Off topic"),
        gettext_noop("Something else"),
    )
)


def reasons_in(text: str) -> list[str]:
    """The lines of a list of reasons, each once; empty ones are none."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def validate_reasons(text: str) -> None:
    """Raises ValidationError for a list that readers could not choose from."""
    reasons = reasons_in(text)
    if not reasons or any(len(reason) > MAX_REPORT_REASON for reason in reasons):
        raise ValidationError(f"Give one reason a line, each of at most {MAX_REPORT_REASON} characters.")


class Discussion(RaidSwitch):
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
    mode = models.CharField(
        "what is published",
        max_length=7,
        choices=MODES,
        default=Mode.HOLD,
        db_default="hold",
        help_text="What happens to a comment that no check below objects to. Known readers have confirmed their "
        "address, had a comment approved, and write from the browser in which they confirmed. WordPress: nothing is "
        "held but a writer’s first comment.",
    )
    held_words = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=100_000,
        help_text="One a line. A comment that uses one, in its text, name, website or email, waits for a moderator. "
        "Case and accents don’t matter; whole words count, and with asterisks, as in *casino*, also parts of "
        "words. WordPress: “Comment Moderation”, empty, parts of words.",
    )
    blocked_words = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=100_000,
        help_text="As above, but such a comment goes to spam. WordPress: “Disallowed Comment Keys”, empty; to trash.",
    )
    old_after_days = models.PositiveSmallIntegerField(
        "hold on op-eds older than",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Days since publication. Empty: whatever the age. WordPress has no such rule.",
    )
    flood_seconds = models.PositiveSmallIntegerField(
        "seconds between comments",
        default=15,
        validators=[MaxValueValidator(MAX_FLOOD_SECONDS)],
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
    reports_to_review = models.PositiveSmallIntegerField(
        "reports that call a moderator",
        default=3,
        db_default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="When so many readers have reported a comment, it stands first in the moderators’ list. A decision "
        "on it settles the reports before. WordPress has no reports.",
    )
    reports_hide = models.BooleanField(
        "hide what was reported so often",
        default=False,
        db_default=False,
        help_text="Takes such a comment off the page until a moderator has looked at it. One that a moderator kept "
        "after reports is not hidden again. WordPress hides nothing by itself.",
    )
    report_reasons = models.TextField(
        "reasons for reporting",
        default=REPORT_REASONS,
        db_default=REPORT_REASONS,
        max_length=2_000,
        validators=[validate_reasons],
        help_text="One a line; readers choose one. Reports that are there keep theirs. WordPress has none.",
    )
    spam_days = models.PositiveSmallIntegerField(
        "days until spam is deleted",
        null=True,
        blank=True,
        default=30,
        db_default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Counted from the decision, or from arrival if there was none; then it is deleted for ever. Empty: "
        "never. WordPress: 30 for what is in the trash, 15 for spam with Akismet.",
    )
    trash_days = models.PositiveSmallIntegerField(
        "days until the trash is emptied",
        null=True,
        blank=True,
        default=30,
        db_default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="As above, for what was declined or withdrawn. Replies that readers see stay. WordPress: 30.",
    )
    traces_days = models.PositiveSmallIntegerField(
        "days until traces are forgotten",
        null=True,
        blank=True,
        default=90,
        db_default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="After these we forget from which network and browser a comment came, and from where one was "
        "reported. Comments, names and email addresses stay. Empty: never. WordPress keeps all that for ever.",
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
        return cls.of(CURRENT.objects())

    @classmethod
    def of(cls, stored: "Sequence[Discussion]") -> "Discussion":
        """The stored row, if there is one, or our defaults, which all share: for reading."""
        return stored[0] if stored else defaults()


@cache
def defaults() -> Discussion:
    """What holds until an owner has chosen."""
    return Discussion(pk=1)


CURRENT = Statement(lambda: Discussion.objects.filter(pk=1))
