"""The page cache: finished pages, served without Django for as long as nothing that they show has changed.

A shared cache (RFC 9111) inside the server process, which goes on with what it has when the database is away
(RFC 5861, 4). Versions are compared by equality only: "higher than the last one seen" misses what commits late.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import time

from django.conf import settings
from django.utils import timezone

from articles.freshness import EVERYTHING, EXPIRES_HEADER, Reading
from opedsite.answers import Answer, Header, Turns
from opedsite.finished_pages import HIT, Representation, codings_for, decoded, encoded, represent, storable_keys
from opedsite.headers import required_headers
from opedsite.page_keys import Key, Wish
from opedsite.page_versions import DatabaseAway, PageVersions
from opedsite.repeats import Question, Repeat, Repeats, Reply

# However sure the versions are: a mistake of ours should mend itself.
LONGEST_SECONDS = 300.0
# While one thread looks, so long after the recheck is due others go on: time for a look, not for a pause of readers, in
# which anything may have changed.
GO_ON_SECONDS = 0.1
# A page during whose making something changed is made once more; after that it is sent, but not kept.
ATTEMPTS = 2
# What a page costs besides its bodies: its headers and its place in the dictionary.
OVERHEAD_BYTES = 4096
STALE: Header = ("Cache-Status", "OpEd; hit; detail=stale-if-error")


@dataclass(slots=True)
class Page:
    """A finished page, what it depends on, and between which moments (Unix time) it may be served."""

    representations: dict[str, Representation]
    codings: tuple[str, ...]
    versions: Mapping[str, int]
    everything: int
    asked: frozenset[str]
    since: float
    until: float
    is_kept: bool = False

    @property
    def size(self) -> int:
        """Bytes that the page takes."""
        return OVERHEAD_BYTES + sum(len(each.body[0]) for each in self.representations.values())


class PageCache:
    """Pages by key, the least recently served leave first; safe to use from any thread."""

    def __init__(
        self, versions: PageVersions, *, max_bytes: int, recheck_seconds: float, required: Mapping[str, str]
    ) -> None:
        self.versions = versions
        self.max_bytes = max_bytes
        self.recheck_seconds = recheck_seconds
        self.required: tuple[Header, ...] = tuple(required.items())
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.bytes = 0
        self.writing = Lock()
        self.looking = Lock()
        self.turns = Turns()
        self.repeats = Repeats()

    # --- Serve

    def recall(self, key: Key) -> Page | None:
        """The page, if it may be served now; while the database is away, the last good one (RFC 9111, 4.2.4)."""
        page = self.pages.get(key)
        if page is None:
            return None
        now = time()
        is_in_time = page.since <= now < page.until
        if not (is_in_time and self._is_sure(page, now)) and not self._may_serve(page, now, is_in_time=is_in_time):
            return None
        try:  # noqa: SIM105 - every hit comes here, and suppress() costs three times as much
            self.pages.move_to_end(key)
        except KeyError:  # another thread has just thrown it out
            pass
        return page

    def representation(self, page: Page, wanted: str) -> Representation:
        """The page in this coding, or as it is, if it is not worth compressing."""
        coding = wanted if wanted in page.codings else "identity"
        return page.representations.get(coding) or self._represent_as(page, coding)

    def _represent_as(self, page: Page, coding: str) -> Representation:
        """A coding is made when the first client wants it. Then the plain page is let go, which takes four times as
        much room; the few who want that get it made of the other.
        """
        made = page.representations  # never changed: another thread may be in here too
        plain = made.get("identity") or next(decoded(each, name) for name, each in made.items())
        if coding == "identity":
            return plain
        chosen = encoded(plain, coding)
        with self.writing:
            before = page.size
            made = page.representations | {coding: chosen}
            page.representations = {name: each for name, each in made.items() if name != "identity"}
            if page.is_kept:
                self.bytes += page.size - before
                self._make_room()
        return chosen

    def key_of(self, wish: Wish) -> Key:
        """The key of a request, without parameters that the view of this path does not ask for."""
        plain = self.pages.get(wish.path)
        if plain is not None and plain.asked.isdisjoint(name for name, _ in wish.parameters):
            return wish.path
        return wish.key()

    def hit_headers(self, page: Page) -> tuple[Header, ...]:
        """Age (RFC 9111, 5.1) counts from when the page was last known to be unchanged; Cache-Status is RFC 9211."""
        is_away = self.versions.is_away
        if self.recheck_seconds <= 1 and not is_away:
            return HIT
        known = self.versions.known
        age = max(0, int(time() - (known.at if page.everything == known.everything else page.since)))
        return ("Age", str(age)), STALE if is_away else HIT[1]

    def remember(self, question: Question, page: Page, reply: Reply) -> None:
        """Let a reply be repeated for as long as its page needs neither another look nor another thought. One that was
        made for this reader alone is not, for it would take room of its own.
        """
        is_the_pages_own = not reply.body or any(reply.body is each.body for each in page.representations.values())
        if is_the_pages_own and self.hit_headers(page) is HIT:
            known = self.versions.known
            until = min(page.until, known.at + self.recheck_seconds)
            self.repeats.keep(question, Repeat(reply, page.everything, max(page.since, known.at), until))

    def _is_sure(self, page: Page, now: float) -> bool:
        """Nothing at all had changed at the last look, and that was a moment ago."""
        known = self.versions.known
        return page.everything == known.everything and known.at <= now < known.at + self.recheck_seconds

    def _may_serve(self, page: Page, now: float, *, is_in_time: bool) -> bool:
        """One thread looks at the page's own versions; others go on with what was known a moment ago, or wait."""
        if self.versions.is_outage():
            self.versions.look_later()
            return True
        if not is_in_time:
            return False
        known, most = self.versions.known, self.recheck_seconds and self.recheck_seconds + GO_ON_SECONDS
        may_go_on = page.everything == known.everything and known.at <= now < known.at + most
        if not self.looking.acquire(blocking=not may_go_on):
            return True
        try:
            return self._is_unchanged(page)
        except DatabaseAway:
            return True
        finally:
            self.looking.release()

    def _is_unchanged(self, page: Page) -> bool:
        """Raises DatabaseAway."""
        if self._is_sure(page, time()):  # another thread has looked while this one waited
            return True
        reading = self.versions.look(page.versions)
        if page.versions == own_versions(page.versions, reading):
            page.everything = reading.versions.get(EVERYTHING, 0)
            return True
        page.until = 0.0  # known to be changed
        return False

    # --- Render and store

    def make(self, wish: Wish, render: Callable[[set[str]], Answer]) -> tuple[Answer, Page | None]:
        """The answer, and the page kept of it. Raises DatabaseAway.

        `render` works in autocommit and to the last byte; it fills the set with the parameters that it asked for.
        Versions are read before and after: a page is kept only if nothing at all changed between the two.
        """
        for _ in range(ATTEMPTS if self.max_bytes else 0):
            began = timezone.now()
            before = self.versions.look()
            asked: set[str] = set()
            answer = render(asked)
            keys = storable_keys(answer)
            if keys is None:
                self._consider_failure(wish, answer)
                return answer, None
            try:
                after = self.versions.look(keys, began)
            except DatabaseAway:
                return answer, None
            if before.versions.get(EVERYTHING) == after.versions.get(EVERYTHING):
                return answer, self._store(wish.key(asked), answer, keys, frozenset(asked), after, began)
        return (answer if self.max_bytes else render(set())), None

    def _consider_failure(self, wish: Wish, answer: Answer) -> None:
        """Raise DatabaseAway if that is why the page failed; a page that is gone must not come back in an outage."""
        if answer.status.startswith("5"):
            self.versions.look()
        elif self._drop(key := self.key_of(wish)) and key == wish.path:
            # Its other pages are gone too: further comments, another order.
            for other in [each for each in list(self.pages) if isinstance(each, tuple) and each[0] == wish.path]:
                self._drop(other)

    def _store(
        self, key: Key, answer: Answer, keys: frozenset[str], asked: frozenset[str], reading: Reading, began: datetime
    ) -> Page:
        since = began.timestamp()
        page = Page(
            representations={"identity": represent(answer, self.required)},
            codings=codings_for(answer),
            versions=own_versions(dict.fromkeys(keys, 0), reading),
            everything=reading.versions.get(EVERYTHING, 0),
            asked=asked,
            since=since,
            until=min(since + LONGEST_SECONDS, *own_ends(answer, reading)),
        )
        self._drop(key)
        with self.writing:
            self.pages[key] = page
            page.is_kept = True
            self.bytes += page.size
            self._make_room()
        return page

    def _make_room(self) -> None:
        while self.bytes > self.max_bytes:
            self._forget(self.pages.popitem(last=False)[1])

    def _drop(self, key: Key) -> bool:
        """Whether it was there."""
        with self.writing:
            page = self.pages.pop(key, None)
            if page is not None:
                self._forget(page)
            return page is not None

    def _forget(self, page: Page) -> None:
        page.is_kept = False
        self.bytes -= page.size


def own_versions(keys: Mapping[str, int], reading: Reading) -> dict[str, int]:
    """The versions of a page's own keys; 0 for a key that never changed."""
    return {key: reading.versions.get(key, 0) for key in keys}


def own_ends(answer: Answer, reading: Reading) -> Iterator[float]:
    """When the page changes by itself: a scheduled article falls due, or what the view has said."""
    yield float(answer.get(EXPIRES_HEADER) or "inf")
    yield reading.next_due.timestamp() if reading.next_due else float("inf")


def page_cache_from_settings() -> PageCache:
    """The cache of one server process."""
    return PageCache(
        PageVersions(),
        max_bytes=settings.OPED_PAGE_CACHE_MB * 1024 * 1024,
        recheck_seconds=settings.OPED_PAGE_RECHECK_SECONDS,
        required=required_headers(),
    )
