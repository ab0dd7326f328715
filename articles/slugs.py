"""Slugs in any script: letters, marks and digits of Unicode, joined by hyphens, never empty."""

import unicodedata
from typing import Protocol

from django.core.exceptions import ValidationError

MAX_LENGTH = 120
SLUG_HELP = "The last part of the address. Leave it empty to have it made from the title."
# A page lives at /<slug>/, beside these.
RESERVED = frozenset(
    {
        "accounts", "admin", "archive", "author", "authors", "comments", "corrections", "feed", "media", "search",
        "section", "static", "topic", "topics",
    }
)  # fmt: skip


class HasSlugs(Protocol):
    """What `unique` needs: the rows among which a slug is to be the only one."""

    def filter(self, **lookups: object) -> "HasSlugs": ...
    def exists(self) -> bool: ...


def slugify(text: str) -> str:
    """The text as a slug; marks stay, so that Hindi or Urdu keep their vowels (Django's slugify drops them)."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("'", "").replace("’", "")
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    slug = "-".join("".join(kept).split())
    if len(slug) <= MAX_LENGTH:
        return slug
    # Whole words, unless the first is too long for that.
    return slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]


def unique(text: str, among: HasSlugs, fallback: str) -> str:
    """A slug of the text that no row has yet: "title", "title-2", "title-3" …"""
    base = slugify(text) or fallback
    slug, number = base, 2
    while among.filter(slug=slug).exists():
        slug, number = f"{base[: MAX_LENGTH - 8].rstrip('-')}-{number}", number + 1
    return slug


def validate_slug(value: str) -> None:
    """Raises ValidationError for anything that `slugify` would write differently."""
    if value != slugify(value):
        raise ValidationError(
            "Use letters, digits and single hyphens only: “%(suggestion)s”.",
            params={"suggestion": slugify(value) or "a-few-words"},
        )


def validate_page_slug(value: str) -> None:
    """A page's slug must not hide another part of the site."""
    validate_slug(value)
    if value in RESERVED or (value.isdigit() and len(value) == 4):
        raise ValidationError("This address belongs to another part of the site; choose another.")
