"""How a feed is written: RSS 2.0 (rssboard.org/rss-specification), Atom (RFC 4287), JSON Feed 1.1 (jsonfeed.org).

Whatever its texts hold, a feed is well-formed: each goes through `html.without_traps` on its way out.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from types import MappingProxyType
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.feedgenerator import rfc2822_date
from django.utils.translation import gettext
from django.utils.xmlutils import SimplerXMLGenerator

from articles import masthead
from articles.converters import FeedConverter
from articles.freshness import page_depends_on
from articles.html import plain_line, without_traps
from articles.languages import speaking
from articles.web_addresses import absolute

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ICON = "oped/icon-512.png"
NONE: Mapping[str, str] = MappingProxyType({})
XHTML = "http://www.w3.org/1999/xhtml"
NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote an entry, and the address of their page if they have one."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FeedPicture:
    """The picture of an entry."""

    url: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: its id for ever, its text as HTML with absolute addresses, and a summary in plain words."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    authors: Sequence[Signature]
    published: datetime
    updated: datetime
    language: str = ""
    categories: Sequence[str] = ()
    picture: FeedPicture | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, the address of the page that it follows, and its entries, the newest first."""

    title: str
    description: str
    site_name: str
    language: str
    page_url: str
    own_url: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When an entry was last added or changed; an empty feed never was."""
        return max((entry.updated for entry in self.entries), default=NEVER)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: its name (none for the whole site), the path of the page that it follows, a sentence."""

    name: str
    path: str
    description: str = ""


def new_feed(subject: Subject, form: str, entries: Sequence[Entry], *, below: str = "") -> Feed:
    """A feed whose address is that of its page, or the path `below`, with the ending of its format."""
    said = masthead.current()
    title = plain_line(f"{subject.name} – {said.name}" if subject.name else said.name)
    description = subject.description or (title if subject.name else said.description or said.tagline or title)
    return Feed(
        title=title,
        description=plain_line(description),
        site_name=said.name,
        language=said.language,
        page_url=absolute(subject.path),
        own_url=absolute(f"{below or subject.path}{FeedConverter().to_url(form)}"),
        entries=entries,
    )


def to_the_second(moment: datetime) -> str:
    """As RFC 3339 writes it; a browser shows it as it stands."""
    return moment.isoformat(timespec="seconds")


class Writer(SimplerXMLGenerator):
    """Writes elements; what XML can't hold is left out of texts and attributes."""

    def element(self, name: str, text: str = "", **attributes: str) -> None:
        """One element without children."""
        with self.inside(name, attributes):
            self.characters(without_traps(text))

    @contextmanager
    def inside(self, name: str, attributes: Mapping[str, str] = NONE) -> Iterator[None]:
        """An element, and in it what is written meanwhile."""
        self.startElement(name, AttributesImpl({key: without_traps(value) for key, value in attributes.items()}))
        yield
        self.endElement(name)

    @contextmanager
    def document(self, root: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """The whole, with the style sheet that makes it readable in a browser."""
        self.startDocument()
        self.processingInstruction("xml-stylesheet", f'href="{static("oped/feed.css")}" type="text/css"')
        with self.inside(root, attributes):
            yield

    def note_for_browsers(self, feed: Feed) -> None:
        """A paragraph that browsers show and feed readers, which don't know the element, leave out."""
        with self.inside("p", {"xmlns": XHTML}):
            with speaking(feed.language):
                said = gettext("This is a feed: put its address into a feed reader to hear of what is new. Or go to:")
            self.characters(f"{said} ")
            self.element("a", feed.site_name, href=feed.page_url)


def rss(feed: Feed) -> str:
    """The feed as RSS 2.0, with the full text in content:encoded and one dc:creator a name."""
    out = StringIO()
    xml = Writer(out, "utf-8", short_empty_elements=True)
    with xml.document("rss", {"version": "2.0", "xml:lang": feed.language, **NAMESPACES}), xml.inside("channel"):
        xml.element("title", feed.title)
        xml.element("link", feed.page_url)
        xml.element("description", feed.description)
        xml.note_for_browsers(feed)
        xml.element("atom:link", rel="self", type="application/rss+xml", href=feed.own_url)
        xml.element("language", feed.language)
        if feed.entries:
            xml.element("lastBuildDate", rfc2822_date(feed.updated))
        for entry in feed.entries:
            with xml.inside("item", {"xml:lang": entry.language or feed.language}):
                _rss_item(xml, entry)
    return out.getvalue()


def _rss_item(xml: Writer, entry: Entry) -> None:
    xml.element("title", entry.title)
    xml.element("link", entry.url)
    xml.element("guid", entry.id, isPermaLink="true" if entry.id == entry.url else "false")
    xml.element("pubDate", rfc2822_date(entry.published))
    if entry.updated > entry.published:
        xml.element("atom:updated", to_the_second(entry.updated))
    for author in entry.authors:
        xml.element("dc:creator", author.name)
    for category in entry.categories:
        xml.element("category", category)
    if entry.language:
        xml.element("dc:language", entry.language)
    xml.element("description", entry.summary)
    xml.element("content:encoded", entry.html)
    if picture := entry.picture:
        with xml.inside("media:content", {"url": picture.url, "medium": "image", "type": "image/webp"}):
            if picture.alt:
                xml.element("media:description", picture.alt, type="plain")
            if picture.credit:
                xml.element("media:credit", picture.credit)


def atom(feed: Feed) -> str:
    """The feed as Atom."""
    out = StringIO()
    xml = Writer(out, "utf-8", short_empty_elements=True)
    with xml.document("feed", {"xmlns": NAMESPACES["xmlns:atom"], "xml:lang": feed.language}):
        xml.element("id", feed.own_url)
        xml.element("title", feed.title)
        xml.element("subtitle", feed.description)
        xml.note_for_browsers(feed)
        xml.element("link", rel="self", type="application/atom+xml", href=feed.own_url)
        xml.element("link", rel="alternate", type="text/html", href=feed.page_url)
        xml.element("updated", to_the_second(feed.updated))
        xml.element("icon", absolute(static(ICON)))
        with xml.inside("author"):
            xml.element("name", feed.site_name)
        for entry in feed.entries:
            with xml.inside("entry", {"xml:lang": entry.language or feed.language}):
                _atom_entry(xml, entry)
    return out.getvalue()


def _atom_entry(xml: Writer, entry: Entry) -> None:
    xml.element("id", entry.id)
    xml.element("title", entry.title)
    xml.element("link", rel="alternate", type="text/html", href=entry.url)
    xml.element("published", to_the_second(entry.published))
    xml.element("updated", to_the_second(entry.updated))
    for author in entry.authors:
        with xml.inside("author"):
            xml.element("name", author.name)
            if author.url:
                xml.element("uri", author.url)
    for category in entry.categories:
        xml.element("category", term=category)
    if entry.picture:
        xml.element("link", rel="enclosure", type="image/webp", href=entry.picture.url)
    xml.element("summary", entry.summary)
    xml.element("content", entry.html, type="html")


def json_feed(feed: Feed) -> str:
    """The feed as JSON Feed 1.1."""
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.own_url,
        "description": feed.description,
        "icon": absolute(static(ICON)),
        "language": feed.language,
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(_plain(whole), ensure_ascii=False)


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture.url if entry.picture else "",
        "date_published": to_the_second(entry.published),
        "date_modified": to_the_second(entry.updated),
        "authors": [{"name": author.name} | ({"url": author.url} if author.url else {}) for author in entry.authors],
        "tags": list(entry.categories),
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return without_traps(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value]


# Media types with which each is served. With application/rss+xml and application/atom+xml Chromium shows bare code and
# Firefox saves a file; as plain XML (RFC 7303) both show what the style sheet makes of it. Links name the exact types.
FORMATS: dict[str, tuple[str, Callable[[Feed], str]]] = {
    "rss": ("application/xml", rss),
    "atom": ("application/xml", atom),
    "json": ("application/feed+json", json_feed),
}


def respond(feed: Feed, form: str, *keys: str) -> HttpResponse:
    """The feed in one of FORMATS; it depends on the site's name and on these keys."""
    content_type, write = FORMATS[form]
    response = HttpResponse(write(feed), content_type=f"{content_type}; charset=utf-8")
    page_depends_on(response, "site", *keys)
    return response
