"""Feeds and sitemaps through parsers that forgive nothing, and every address in them asked for."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from datetime import datetime

import feedparser

from tests.audit.site import LOC, Site, locations
from tests.servers import get

ATOM = "{http://www.w3.org/2005/Atom}"
RELATIVE = re.compile(r"""<[a-z][^>]*\s(?:href|src|srcset)="(?!https?:|mailto:)[^"]*\"""")
TYPES = {"feed/": "application/xml", "feed/atom/": "application/xml", "feed/json/": "application/feed+json"}
JSON_REQUIRED = {"id", "url", "title", "content_html", "date_published", "authors"}
MAX_LOCATIONS = 50_000
MAX_NEWS = 1_000


def check(site: Site) -> Sequence[str]:
    """What is wrong with any feed, any sitemap, or robots.txt."""
    kinds = site.kinds
    below = ["/", "/comments/", *(kinds[kind] for kind in ("op-ed", "author", "section", "topic"))]
    found = [sentence for path in below for ending in TYPES for sentence in of_feed(site, f"{path}{ending}", ending)]
    return [*found, *of_sitemaps(site)]


def of_feed(site: Site, path: str, ending: str) -> Iterator[str]:
    """One feed."""
    answer = site.get(path)
    if answer.headers["Content-Type"] != f"{TYPES[ending]}; charset=utf-8":
        yield f"{path} is served as {answer.headers['Content-Type']}"
    problems = of_json(answer.text, f"{site.url}{path}") if "json" in ending else of_xml(answer.text)
    yield from (f"{path}: {problem}" for problem in problems)
    if get(f"{site.url}{path}", {"If-None-Match": answer.headers["ETag"]}).status != 304:
        yield f"{path} is sent again though nothing changed"


def of_xml(text: str) -> Iterator[str]:
    """RSS or Atom."""
    root, parsed = ElementTree.fromstring(text), feedparser.parse(text.encode())
    if parsed.bozo:
        yield f"feedparser: {parsed.bozo_exception}"
    ids = [entry.id for entry in parsed.entries]
    if not ids or len(ids) != len(set(ids)):
        yield f"{len(ids)} entries with {len(set(ids))} ids"
    if [link.rel for link in parsed.feed.links].count("self") != 1:
        yield "it does not say where it is itself"
    for entry in parsed.entries:
        if RELATIVE.search(entry.content[0].value):
            yield f"an address that is not whole in {entry.id}"
        if not (entry.link and entry.title and entry.published_parsed and entry.authors):
            yield f"an entry without link, title, date or author: {entry.id}"
    for each in root.iter(f"{ATOM}entry"):
        if missing := {name for name in ("id", "title", "updated", "author") if each.find(f"{ATOM}{name}") is None}:
            yield f"an entry without {sorted(missing)} (RFC 4287, 4.1.2)"


def of_json(text: str, own_url: str) -> Iterator[str]:
    """JSON Feed 1.1."""
    feed = json.loads(text)
    if feed["version"] != "https://jsonfeed.org/version/1.1" or feed["feed_url"] != own_url or not feed["title"]:
        yield "version, title or its own address is wrong"
    ids = [item["id"] for item in feed["items"]]
    if not ids or len(ids) != len(set(ids)) or not all(isinstance(each, str) for each in ids):
        yield f"{len(ids)} items with {len(set(ids))} ids"
    for item in feed["items"]:
        if missing := JSON_REQUIRED - item.keys():
            yield f"an item without {sorted(missing)}"
        if RELATIVE.search(item["content_html"]):
            yield f"an address that is not whole in {item['id']}"
        if datetime.fromisoformat(item["date_published"]).tzinfo is None:
            yield f"a date without a zone in {item['id']}"


def of_sitemaps(site: Site) -> Iterator[str]:
    """The index, each sitemap, the news; every page that they name is there."""
    robots = site.get("/robots.txt").text
    for name in ("/sitemap.xml", "/news-sitemap.xml"):
        if f"Sitemap: {site.url}{name}" not in robots.splitlines():
            yield f"robots.txt does not name {name}"
    news = locations(site.get("/news-sitemap.xml").text)
    if not 0 < len(news) <= MAX_NEWS:
        yield f"{len(news)} news"
    if len(site.paths) != len(set(site.paths)) or len(site.paths) > MAX_LOCATIONS:
        yield "a page is named twice, or there are too many"
    yield from (f"{path} answers {status}" for path in site.paths if (status := site.get(path).status) != 200)
    for element in ElementTree.fromstring(site.get("/sitemap.xml").text):
        if not (element.findtext(LOC) or "").startswith(site.url):
            yield "a sitemap on another host"
