"""Mails of a site that writes them into files instead of sending them: where they are, and the latest to read."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from heapq import nlargest
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# What Django's backend names its files: the time, and a number of the connection.
NAME = re.compile(r"\d{8}-\d{6}-\d{1,20}\.log", re.ASCII)
# What it writes behind each message.
RULE = b"\n" + b"-" * 79
SHOWN = 5
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FiledMail:
    """One mail in a file."""

    file: str
    to: str
    subject: str
    body_html: SafeString


def folder() -> Path | None:
    """Where mails are written; None on a site that sends them."""
    return Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND == FILE_BACKEND else None  # type: ignore[misc]


def latest(place: Path) -> list[FiledMail]:
    """The last few mails of a folder, the newest first; what is not a file of the backend's is left alone."""
    try:
        names = [path.name for path in place.iterdir() if NAME.fullmatch(path.name)]
    except OSError:  # It is made with the first mail.
        return []
    found = (_read(place / name) for name in nlargest(SHOWN, names))
    return [mail for mail in found if mail is not None]


def _read(path: Path) -> FiledMail | None:
    if path.is_symlink():
        return None
    try:
        with path.open("rb") as file:
            written = file.read(MAX_BYTES)
    except OSError:
        return None
    message = message_from_bytes(written.split(RULE)[0], policy=policy.default)
    text = message.get_body(("plain",))
    words = str(text.get_content()) if text is not None else ""
    return FiledMail(path.name, str(message["To"] or ""), str(message["Subject"] or ""), with_own_links(words))


def with_own_links(text: str) -> SafeString:
    """Text as HTML in which addresses of our own site, and no others, can be followed."""
    ours = re.escape(settings.OPED_BASE_URL)
    parts = re.split(rf"({ours}/\S*)", text)
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', part) if place % 2 else part,) for place, part in enumerate(parts)),
    )
