"""What stands around every page: the masthead, the links at its head and foot, and an article's topics."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles import masthead
from articles.addresses import address_of
from articles.masthead import Masthead
from articles.models import NavigationLink, Page, Publication, Section, Topic
from articles.statements import Row, Statement

# The slug of no op-ed: each has one.
NO_ARTICLE = ""
SAID_FROM = 4
# Where an owner's own links stand.
PLACES = frozenset(NavigationLink.Place.values)
# What templates call the parts of the masthead.
WORDS: Mapping[str, Callable[[Masthead], Any]] = {
    "site_name": attrgetter("name"),
    "tagline": attrgetter("tagline"),
    "site_description": attrgetter("description"),
    "site_language": attrgetter("language"),
    "site_direction": attrgetter("direction"),
    "site_logo": attrgetter("logo"),
    "site_links": attrgetter("links"),
    "principles_url": attrgetter("principles_url"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Around:
    """The masthead; links to sections and the owner's own (head), to pages and the owner's own (foot), to topics."""

    masthead: Masthead
    sections: list[Link]
    head: list[Link]
    pages: list[Link]
    foot: list[Link]
    topics: list[Link]


def around() -> Around:
    """All of it in one query, because every page needs it; without an article there are no topics."""
    return around_of(AROUND.rows(slug=NO_ARTICLE))


def around_of(rows: Iterable[Row]) -> Around:
    """The same, of the rows of AROUND."""
    links: dict[str, list[Link]] = {"section": [], "page": [], "topic": [], "head": [], "foot": []}
    said = None
    for row in sorted(rows, key=lambda row: (row[3], row[1])):
        kind, label, address, *_ = row
        if kind == "publication":
            said = row[SAID_FROM:]
        else:
            own = kind in PLACES
            links[kind].append(Link(label, address if own else address_of(f"articles:{kind}-detail", address)))
    return Around(
        masthead=masthead.learn(said),
        sections=links["section"],
        head=links["head"],
        pages=links["page"],
        foot=links["foot"],
        topics=links["topic"],
    )


def _all_around(slug: str) -> QuerySet[Any]:
    nothing = [Value(each) for each in masthead.NOTHING]
    arms: list[tuple[QuerySet[Any], Sequence[Any]]] = [
        (Publication.objects.all(), (Value("publication"), "name", Value(""), Value(0), *masthead.COLUMNS)),
        (Section.objects.filter(in_navigation=True), (Value("section"), "name", "slug", "position", *nothing)),
        (Page.objects.all(), (Value("page"), "title", "slug", "position", *nothing)),
        (Topic.objects.filter(articles__slug=slug), (Value("topic"), "name", "slug", Value(0), *nothing)),
        (NavigationLink.objects.all(), ("place", "label", "url", "position", *nothing)),
    ]
    first, *others = [rows.order_by().values_list(*columns) for rows, columns in arms]
    return first.union(*others, all=True)


AROUND = Statement(_all_around, slug=str)


def publication(request: HttpRequest) -> dict[str, Any]:
    """Context processor: once a template asks for it, what stands around the page and the masthead's words."""
    found: Any = SimpleLazyObject(around)
    words = {word: SimpleLazyObject(partial(_word, found, read)) for word, read in WORDS.items()}
    return {"base_url": settings.OPED_BASE_URL, "around": found, **words}


def stands_around() -> dict[str, Any]:
    """The same, read now."""
    found = around()
    return {"around": found, **words_of(found.masthead)}


def words_of(said: Masthead) -> dict[str, Any]:
    """The masthead's words by the names that templates know; all that a page made without a database gets."""
    return {word: read(said) for word, read in WORDS.items()}


def _word(found: Around, read: Callable[[Masthead], Any]) -> Any:
    return read(found.masthead)
