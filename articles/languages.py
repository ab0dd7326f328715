"""Which language stands around a text: labels, dates and forms speak its own where we have a catalog for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

CATALOGS = Path(__file__).parent / "locale"
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Speech:
    """A language as a page names it, and its formats of dates, as the template filter `date` takes them."""

    code: str
    direction: str
    day: str
    moment: str


@cache
def direction_of(language: str) -> str:
    """`rtl` or `ltr`; not by Django's table of languages, which writes Azerbaijani from the right."""
    return "rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


@cache
def furniture(language: str, site: str) -> Speech:
    """What speaks around a text in this language: the same, or the site's where nobody has translated it."""
    code = language if has_catalog(language) else site
    with translation.override(code):
        return Speech(code, direction_of(code), day=pgettext("date", "j F Y"), moment=pgettext("date", "j F Y, H:i"))


@cache
def has_catalog(language: str) -> bool:
    """True for English, in which the site is written, and where `locale` has the language, of whatever region."""
    base = language.partition("-")[0]
    return base == SOURCE or any((CATALOGS / name).is_dir() for name in (translation.to_locale(language), base))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what stands around a text of this language in its language; without a catalog, as before."""
    if not has_catalog(language):
        yield
        return
    with translation.override(language):
        yield
