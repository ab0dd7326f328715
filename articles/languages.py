"""Which language stands around a text: labels, dates and forms speak its own where we have a catalog for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info

CATALOGS = Path(__file__).parent / "locale"
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Speech:
    """A language code and the direction in which it is written."""

    code: str
    direction: str


@cache
def speech(language: str) -> Speech:
    """The language as a page's `lang` and `dir` name it."""
    return Speech(language, "rtl" if get_language_info(language)["bidi"] else "ltr")


@cache
def furniture(language: str) -> Speech:
    """What speaks around a text in this language: the same, or the site's where nobody has translated it."""
    return speech(language if has_catalog(language) else settings.LANGUAGE_CODE)


@cache
def has_catalog(language: str) -> bool:
    """True for English, in which the site is written, and where `locale` has the language, of whatever region."""
    base = language.partition("-")[0]
    return base == SOURCE or any((CATALOGS / name).is_dir() for name in (translation.to_locale(language), base))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what stands around a text of this language in its language."""
    with translation.override(furniture(language).code):
        yield
