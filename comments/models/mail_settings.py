"""The owner's choices on mail."""

import re
from email.utils import parseaddr, quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from articles import html, masthead

MAX_LINES = 500
PLACEHOLDER = re.compile(r"\{[^{}\s]{0,40}\}")


def one_line(text: str) -> None:
    """A name for a header. Raises ValidationError."""
    if html.plain_line(text) != text:
        raise ValidationError("Please give one line without line breaks or invisible characters.")


def names_site(text: str) -> None:
    """Lines of a mail that tells of no op-ed. Raises ValidationError."""
    _names_only(text, "{site}")


def names_site_or_title(text: str) -> None:
    """Lines of a mail about an op-ed. Raises ValidationError."""
    _names_only(text, "{site}", "{title}")


def _names_only(text: str, *allowed: str) -> None:
    unknown = [found for found in PLACEHOLDER.findall(text) if found not in allowed]
    if unknown:
        raise ValidationError(f"Only {' and '.join(allowed)} can be filled in here, not {unknown[0]}.")


def _lines(label: str, *, has_title: bool = True) -> models.TextField:
    check = names_site_or_title if has_title else names_site
    return models.TextField(label, max_length=MAX_LINES, blank=True, default="", validators=[check])


class MailSettings(models.Model):
    """How the site's mail is signed, and its own words around ours: one row, empty until it is saved.

    The server and its password are in the environment, not here.
    """

    from_name = models.CharField(
        "From name", max_length=100, blank=True, validators=[one_line], help_text="What readers see as the sender."
    )
    from_address = models.EmailField(
        "From address",
        blank=True,
        help_text="Your mail server must be allowed to send for it. Empty: OPED_FROM_EMAIL, from the environment.",
    )
    reply_to = models.EmailField(
        "Reply-To address", blank=True, help_text="Where answers to our mail go. Empty: to the From address."
    )
    confirm_opening = _lines("before: please confirm this address", has_title=False)
    confirm_closing = _lines("after: please confirm this address", has_title=False)
    published_opening = _lines("before: your comment was published")
    published_closing = _lines("after: your comment was published")
    declined_opening = _lines("before: your comment was not published")
    declined_closing = _lines("after: your comment was not published")
    reply_opening = _lines("before: somebody replied")
    reply_closing = _lines("after: somebody replied")
    access_opening = _lines("before: the link to everything under an address", has_title=False)
    access_closing = _lines("after: the link to everything under an address", has_title=False)

    class Meta:
        verbose_name = "mail settings"
        verbose_name_plural = "mail settings"

    def __str__(self) -> str:
        return "Mail settings"

    def clean(self) -> None:
        """Texts as mails can hold them, without what no eye sees."""
        for field in self._meta.fields:
            if isinstance(field, models.TextField):
                setattr(self, field.name, html.plain_characters(getattr(self, field.name)).strip())

    @classmethod
    def current(cls) -> "MailSettings":
        """The choices in force: the stored row, or none."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def sender(self) -> str:
        """The From header."""
        if not self.from_name and not self.from_address:
            return str(settings.DEFAULT_FROM_EMAIL)
        address = self.from_address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return f'"{quote(self.from_name)}" <{address}>' if self.from_name else address

    def around(self, template: str, title: str) -> tuple[str, str]:
        """The owner's own lines before and after a mail; "" for none. Words are put in as they are, never as code."""
        words = {"{site}": masthead.current().name, "{title}": title}
        before, after = (getattr(self, f"{template}_{place}", "") for place in ("opening", "closing"))
        return filled(before, words), filled(after, words)


def filled(text: str, words: dict[str, str]) -> str:
    """The text with each placeholder replaced once; what is put in is not looked at again."""
    return PLACEHOLDER.sub(lambda found: words.get(found[0], found[0]), text)
