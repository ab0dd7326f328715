"""The publication's masthead: what it says of itself, in the owner's words or else in the environment's.

Pages read it along with what stands around them (`articles.navigation`); mails, feeds and the desk call `current`.
What has to be said without a database (a refusal, an outage) calls `last_known`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.db.models import TextField
from django.db.models.functions import Cast

from articles.addresses import address_of
from articles.languages import direction_of
from articles.models import Image, Publication
from articles.web_addresses import websites

# What a row of the publication's words holds, in this order; and the row of one that says nothing.
COLUMNS = (
    "name", "tagline", "description", "language", "links", "principles__slug",
    "logo__key", "logo__alt", Cast("logo__widths", TextField()), "logo_id", "logo__width", "logo__height",
)  # fmt: skip
NOTHING = ("", "", "", "", "", "", "", "", "", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the publication says of itself."""

    name: str
    tagline: str
    description: str
    language: str
    links: Sequence[str]
    principles_url: str
    logo: Image | None

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, by the language."""
        return direction_of(self.language)


class _Known:
    """What this process read last."""

    row: Sequence[Any] = NOTHING


def current() -> Masthead:
    """As the database has it now: one query."""
    return learn(Publication.objects.values_list(*COLUMNS).first())


def last_known() -> Masthead:
    """As this process knew it last; asks no database."""
    return _made_of(_Known.row)


def learn(row: Sequence[Any] | None) -> Masthead:
    """The masthead of a row of COLUMNS, or of none; `last_known` repeats it from now on."""
    _Known.row = row or NOTHING
    return last_known()


def learn_at_start() -> None:
    """Know the name before the first page was made; without a database the environment's has to do."""
    try:
        current()
    except Error:
        pass
    finally:
        # The process may be forked from here on, and no two may share a connection.
        connections.close_all()


def _made_of(row: Sequence[Any]) -> Masthead:
    name, tagline, description, language, links, principles, *logo = row
    return Masthead(
        name=name or settings.OPED_SITE_NAME,
        tagline=tagline or settings.OPED_TAGLINE,
        description=description,
        language=language or settings.LANGUAGE_CODE,
        links=websites(links),
        principles_url=address_of("articles:page-detail", principles) if principles else "",
        logo=_picture(*logo) if logo[0] else None,
    )


def _picture(key: str, alt: str, widths: str, pk: int, width: int, height: int) -> Image:
    return Image(pk=pk, key=key, alt=alt, width=width, height=height, widths=json.loads(widths))
