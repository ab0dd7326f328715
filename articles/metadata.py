"""What machines read in the head of a page: description, canonical address, Open Graph, feeds, and one JSON-LD graph.

Written in Python because a template takes ten times as long, and from what the page has read anyway: nothing here asks
the database.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from locale import normalize

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import to_locale

from articles.converters import FeedConverter
from articles.graph import Node, icon_url
from articles.masthead import Masthead
from articles.models import Image
from articles.paging import Slice
from articles.web_addresses import absolute

MAX_DESCRIPTION = 300
FEEDS = (("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json"))
SHARE_SIZE = (1200, 630)
ICON_SIZE = (512, 512)
AS_JSON = json.JSONEncoder(ensure_ascii=False)
# What the standard library's table of locales doesn't know, or says otherwise than those who read og:locale.
PLACES = {
    "ar": "ar_AR", "bn": "bn_BD", "hy": "hy_AM", "kk": "kk_KZ", "km": "km_KH", "mn": "mn_MN", "my": "my_MM",
    "ne": "ne_NP", "sr-latn": "sr_RS", "sw": "sw_KE", "zh-hans": "zh_CN", "zh-hant": "zh_TW",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself."""

    title: str
    path: str
    description: str
    language: str
    graph: Sequence[Node]
    kind: str = "website"
    picture: Image | None = None
    properties: Sequence[tuple[str, str]] = ()
    # The page's own feeds, if they are not those of the whole site.
    feed_path: str = ""
    feed_title: str = ""
    pages: Slice | None = None

    def printed(self, said: Masthead) -> SafeString:
        """The elements, each on its line."""
        return mark_safe("\n".join(self._lines(said)))  # noqa: S308 - each value is escaped

    def _lines(self, said: Masthead) -> Iterator[str]:
        url = absolute(self._page(self.pages.number if self.pages else 1))
        description = " ".join(self.description.split())[:MAX_DESCRIPTION]
        if description:
            yield f'<meta name="description" content="{escape(description)}">'
        yield f'<link rel="canonical" href="{escape(url)}">'
        yield '<meta name="robots" content="max-image-preview:large">'
        if self.pages and self.pages.number > 1:
            yield f'<link rel="prev" href="{escape(self._page(self.pages.previous_number))}">'
        if self.pages and self.pages.has_next:
            yield f'<link rel="next" href="{escape(self._page(self.pages.next_number))}">'
        yield from self._open_graph(said, url, description)
        if self.feed_path:
            yield feed_links(f"{self.feed_title or self.title} – {said.name}", self.feed_path)
        yield feed_links(said.name, "/")
        graph = AS_JSON.encode({"@context": "https://schema.org", "@graph": self.graph})
        # In a script element nothing but "<" can begin anything else.
        graph = graph.replace("<", r"\u003c")
        yield f'<script type="application/ld+json">{graph}</script>'

    def _page(self, number: int) -> str:
        return f"{self.path}?page={number}" if number > 1 else self.path

    def _open_graph(self, said: Masthead, url: str, description: str) -> Iterator[str]:
        """The Open Graph protocol (ogp.me), which says also what a Twitter card shows, but for its form."""
        shared = self.picture.share_address if self.picture else ""
        width, height = SHARE_SIZE if shared else ICON_SIZE
        properties = [
            ("og:type", self.kind),
            ("og:title", self.title),
            ("og:description", description),
            ("og:url", url),
            ("og:site_name", said.name),
            ("og:locale", og_locale(self.language)),
            ("og:image", absolute(shared) if shared else icon_url()),
            ("og:image:width", str(width)),
            ("og:image:height", str(height)),
            ("og:image:alt", self.picture.alt if self.picture and shared else said.name),
            *self.properties,
        ]
        for name, content in properties:
            if content:
                yield f'<meta property="{name}" content="{escape(content)}">'
        yield f'<meta name="twitter:card" content="{"summary_large_image" if shared else "summary"}">'


@cache
def og_locale(language: str) -> str:
    """Language and territory, as Open Graph wants them: the territory that most readers of the language are in."""
    return PLACES.get(language) or normalize(to_locale(language)).partition(".")[0]


@lru_cache(256)
def feed_links(title: str, path: str) -> str:
    """The feeds of the page at this path, in each format."""
    ending = FeedConverter().to_url
    return "\n".join(
        f'<link rel="alternate" type="{media_type}" title="{escape(title)}" href="{escape(path + ending(form))}">'
        for form, media_type in FEEDS
    )
