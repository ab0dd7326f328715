"""The outermost layer, before Django: gives the pages that are kept, refuses, and completes every answer's headers."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial
from http import HTTPStatus
from io import BytesIO
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext_lazy as _

from articles.freshness import EXPIRES_HEADER
from articles.parameters import NOTED
from opedsite import headers, proxy, uploads
from opedsite.answers import (
    FIRST_SLOTS,
    MORE_SLOTS,
    Answer,
    Environ,
    Header,
    NoSlot,
    Slots,
    StartResponse,
    WSGIApplication,
    whole_answer,
)
from opedsite.finished_pages import SENT_ONCE, codings_for, encoded, is_public, reply_with, represent
from opedsite.misses import Misses
from opedsite.negotiation import wanted_coding
from opedsite.page_cache import Page, PageCache, page_cache_from_settings
from opedsite.page_keys import Wish, read_wish
from opedsite.page_versions import DatabaseAway
from opedsite.refusals import RequestRefused, busy_page, check_everything, outage_page, refusal_page
from opedsite.repeats import Question, Reply, question_of

logger = logging.getLogger(__name__)
# No host's name is as long (RFC 1035, 2.3.4, and a port), and no browser's list of codings; what follows isn't read.
LONG = 261
# 200 comments of the whole site's 200,000 stand on nearly as many pages of the file, of 4 kB each.
PAGE_KILOBYTES = 2_000


class Outermost:
    """WSGI middleware around the whole site: `everybodys` makes the pages that are for all, `application` the rest."""

    def __init__(
        self,
        application: WSGIApplication,
        everybodys: WSGIApplication,
        cache: PageCache | None = None,
        slots: Slots | None = None,
        misses: Misses | None = None,
    ) -> None:
        self.application = application
        self.everybodys = everybodys
        self.cache = cache or page_cache_from_settings()
        self.repeats = self.cache.repeats
        self.slots = slots or Slots(FIRST_SLOTS, MORE_SLOTS, prepare=connect)
        # A page for everybody is nearly all computing, of which one process does one at a time: threads that take turns
        # at it make each other slower.
        self.page_slots = slots or Slots(1, prepare=read_much)
        self.misses = misses or Misses()
        self.is_trusted = proxy.trusted_proxies(settings.OPED_TRUSTED_PROXIES)
        self.own = urlsplit(settings.OPED_BASE_URL)
        self.is_loopback = settings.OPED_IS_LOOPBACK
        self.required = headers.required_headers()
        # Few different values come, again and again, all of them short; who sends others fills no memory.
        self.is_our_host = lru_cache(64)(is_our_host)
        self.wanted_coding = lru_cache(64)(wanted_coding)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. What another reader has just got goes out first: nearly all ask for that."""
        question = question_of(environ)
        repeat = self.repeats.get(question)
        if repeat is not None:
            reply, everything, since, until = repeat
            if everything == self.cache.versions.known.everything and since <= time() < until:
                start_response(reply.status, reply.headers)
                return reply.body
        kept = self.reply_from_cache(question, environ)
        return self.answer_slowly(environ, start_response) if kept is None else send(kept, start_response)

    def reply_from_cache(self, question: Question, environ: Environ) -> Reply | None:
        """A page without parameters that is kept goes out first: its address has passed every check below."""
        if environ.get("QUERY_STRING") or not self.may_have_pages(environ):
            return None
        page = self.cache.recall(environ["PATH_INFO"])
        if page is None:
            return None
        reply = self.reply_with_page(page, environ)
        self.cache.remember(question, page, reply)
        return reply

    def open_slots(self) -> None:
        """Have the database connections open before somebody needs them all at once."""
        self.slots.open()
        self.page_slots.open()

    def answer_slowly(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Every request but the most frequent one."""

        def start(status: str, present: list[Header]) -> Any:
            return start_response(status, [*present, *headers.missing(present, self.required)])

        is_for_pages = self.may_have_pages(environ)
        proxy.rewrite(environ, self.is_trusted)
        self.use_our_own_host(environ)
        try:
            check_everything(environ, self.room_for)
            wish = read_wish(environ["PATH_INFO"], environ.get("QUERY_STRING", "")) if is_for_pages else None
            return self.answer_around(environ, start) if wish is None else self.answer_wish(wish, environ, start)
        except RequestRefused as refused:
            return refusal_page(refused, environ, start)
        except NoSlot:
            return busy_page(environ, start)
        except DatabaseAway:
            return outage_page(environ, start)
        except Exception:  # What Django itself can't answer still gets a page and our headers.
            logger.exception("request failed before Django could answer")
            failed = RequestRefused(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong on our side"))
            return refusal_page(failed, environ, start)

    def room_for(self, environ: Environ) -> int:
        """How many bytes of body are taken. Raises NoSlot and DatabaseAway."""
        has_more = uploads.needs_more_room(environ) and self.slots.run(partial(uploads.is_signed_in, environ))
        return settings.OPED_MAX_UPLOAD if has_more else settings.OPED_MAX_BODY

    def may_have_pages(self, environ: Environ) -> bool:
        """A reading request to our own host in our own scheme; every other needs Django's 400 or redirect."""
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and self.is_our_host((environ.get("HTTP_HOST") or environ.get("SERVER_NAME", ""))[:LONG])
            and (self.is_loopback or proxy.true_scheme(environ, self.is_trusted) == "https")
        )

    def answer_wish(self, wish: Wish, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """A page from the cache, or a new one, or whatever else the address leads to."""
        key = self.cache.key_of(wish)
        # Without a query `__call__` has asked already.
        page = self.cache.recall(key) if environ["QUERY_STRING"] else None
        if page is not None:
            return send(self.reply_with_page(page, environ), start)
        with self.cache.turns.take(key) as has_waited:
            page = self.cache.recall(key) if has_waited else None
            if page is not None:
                return send(self.reply_with_page(page, environ), start)
            was_there = key in self.cache.pages
            render = partial(self.render_for_everybody, wish, environ)
            try:
                answer, page = self.page_slots.run(partial(self.cache.make, wish, render))
            except DatabaseAway:
                page = self.cache.pages.get(key)
                if page is None:
                    raise
                return send(self.reply_with_page(page, environ), start)
        if answer.status.startswith("3") and wish.query != environ["QUERY_STRING"]:
            # A redirect repeats the whole query.
            return self.answer_around(environ, start)
        if answer.status.startswith("404") and not wish.parameters:
            self.misses.note(wish.path)
        done = f"fwd={'stale' if was_there else 'miss'}{'; stored' if page else ''}"
        return self.send_answer(answer, page, environ, start, done)

    def render_for_everybody(self, wish: Wish, environ: Environ, asked: set[str]) -> Answer:
        """What anybody would get: nothing of this request is in it but the path and known parameters."""
        clean = {name: value for name, value in environ.items() if not name.startswith("HTTP_")} | {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": wish.query,
            "HTTP_HOST": self.own.netloc,
            "wsgi.input": BytesIO(),
            NOTED: asked,
        }
        return whole_answer(self.everybodys, clean)

    def answer_around(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """An answer that the cache neither gives nor keeps."""
        answer = self.slots.run(partial(whole_answer, self.application, environ))
        return self.send_answer(answer, None, environ, start, "fwd=bypass")

    def reply_with_page(self, page: Page, environ: Environ) -> Reply:
        """A page that was kept, in the best coding for this client (RFC 9110, 12.5.3)."""
        wanted = self.wanted_coding(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONG])
        return reply_with(self.cache.representation(page, wanted), environ, self.cache.hit_headers(page))

    def send_answer(
        self, answer: Answer, page: Page | None, environ: Environ, start: StartResponse, done: str
    ) -> Iterable[bytes]:
        """What was just made; only what is public is compressed."""
        status = [("Cache-Status", f"OpEd; {done}")]  # RFC 9211, 2
        if is_public(answer) and environ["REQUEST_METHOD"] != "POST":
            wanted = self.wanted_coding(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONG])
            if page is not None:
                return send(reply_with(self.cache.representation(page, wanted), environ, status), start)
            coding = wanted if wanted in codings_for(answer) else "identity"
            once = encoded(represent(answer, self.required.items()), coding, SENT_ONCE)
            return send(reply_with(once, environ, status), start)
        present = [(name, value) for name, value in answer.headers if name != EXPIRES_HEADER]
        start(answer.status, [*present, *status])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def use_our_own_host(self, environ: Environ) -> None:
        """On a public site, links are made with OPED_BASE_URL's port too; a foreign host stays and gets its 400."""
        if not self.is_loopback and split_domain_port(environ.get("HTTP_HOST", "")[:LONG])[0] == self.own.hostname:
            environ["HTTP_HOST"] = self.own.netloc


def send(reply: Reply, start: StartResponse) -> list[bytes]:
    start(reply.status, reply.headers)
    return reply.body


def connect() -> None:
    """Open this thread's connection; while there is no database, whoever needs it is told."""
    with suppress(DatabaseError):
        connection.ensure_connection()


def read_much() -> None:
    """What SQLite has read for one page of comments stays with this thread's connection, and so does what the next page
    needs of it; other connections keep less.
    """
    setattr(connection, "cache_kilobytes", PAGE_KILOBYTES)  # noqa: B010 - an attribute of our SQLite backend alone
    connect()


def is_our_host(host: str) -> bool:
    """One of ALLOWED_HOSTS, by Django's own rule."""
    domain, _ = split_domain_port(host)
    return bool(domain) and len(host) < LONG and validate_host(domain, settings.ALLOWED_HOSTS)
