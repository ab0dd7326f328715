"""Web addresses: of our own pages in full, and those that staff type, one or a list with one a line."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from articles import html

LINES_HELP = "One web address a line."
MAX_LINES = 12


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address and what stands for it on a page: example.org/ana."""

    url: str

    @property
    def shown(self) -> str:
        parts = urlsplit(self.url)
        return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")


def absolute(path: str) -> str:
    """The path on our own host, for whoever reads it elsewhere: feeds, mail, search engines."""
    return f"{settings.OPED_BASE_URL}{path}"


def host() -> str:
    """The name of our host, without a port."""
    return urlsplit(settings.OPED_BASE_URL).hostname or ""


def validate_website(value: str) -> None:
    """Raises ValidationError for what can't stand in a link."""
    if not html.is_website(value):
        raise ValidationError("Give a web address like https://example.org.")


def validate_websites(value: str) -> None:
    """Raises ValidationError, naming the line, for a list that holds anything but web addresses."""
    found = websites(value)
    if len(found) > MAX_LINES:
        raise ValidationError(f"Give {MAX_LINES} addresses at most.")
    for line in found:
        if not html.is_website(line):
            raise ValidationError("“%(line)s” is no web address like https://example.org.", params={"line": line})


def websites(value: str) -> list[str]:
    """The addresses of such a list."""
    return [line.strip() for line in value.splitlines() if line.strip()]
