"""What the outermost layer refuses before Django sees it, and the small pages that say so."""

import re
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO
from urllib.parse import unquote_to_bytes

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import masthead
from articles.navigation import words_of
from articles.outages import RETRY_SECONDS
from comments.given_back import page_for_request
from opedsite import outages
from opedsite.answers import Environ, Header, NoSlot, StartResponse
from opedsite.kept_words import DESK, fields_in, page_if_typed

READING = ("GET", "HEAD")
METHODS = (*READING, "POST")
POSTS_GO_TO = ("/comments/", "/admin/", "/accounts/")
# Only staff have cookies; a page for everybody must neither see nor set one.
# A known reader's cookie goes to what takes comments.
COOKIES_GO_TO = ("/admin/", "/accounts/", "/comments/post/", "/comments/own/")
# In bytes; our longest addresses, of slugs in scripts of many bytes and of signed links, have a sixth of it.
MAX_PATH = MAX_QUERY = 4096
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
CHUNK = 64 * 1024
MAX_READ_AWAY = 16 * 1024 * 1024
# Of a server process's 64 threads: those who send slowly, or never end, leave the others to readers. Sixty such
# senders are shared by two processes, never quite evenly, and other comments should still find a place in both.
ARRIVING = BoundedSemaphore(48)
ARRIVING_PATIENCE_SECONDS = 0.2
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")
# Long enough for a burst to pass.
BUSY_RETRY_SECONDS = 5
NOT_STORED = _("It was not stored. Your words are here as far as they arrived; please check them and send them again.")


class RequestRefused(Exception):
    """A request that Django never gets to see: a status and one plain sentence, the title of a page, without a stop."""

    def __init__(self, status: HTTPStatus, sentence: str | Promise, *more: Header) -> None:
        super().__init__(sentence)
        self.code = status
        self.sentence = sentence
        self.headers = more


def check_method(environ: Environ) -> None:
    """Only what the site uses, where it uses it; TRACE would echo headers (OWASP ASVS 5.0, 13.4.4)."""
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    methods = METHODS if path.startswith(POSTS_GO_TO) else READING
    if method not in methods:
        allowed = ("Allow", ", ".join(methods))  # RFC 9110, 15.5.6: what this address takes
        raise RequestRefused(HTTPStatus.METHOD_NOT_ALLOWED, _("This address can be read, not written to"), allowed)


def check_address(environ: Environ) -> None:
    """NUL in an address is an error inside PostgreSQL, so it ends here; so does what nobody types."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if "\0" in path or b"\0" in unquote_to_bytes(query):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, _("This address is malformed"))
    if len(path) > MAX_PATH or len(query) > MAX_QUERY:
        raise RequestRefused(HTTPStatus.REQUEST_URI_TOO_LONG, _("This address is too long"))


def check_cookies(environ: Environ) -> None:
    """Drop cookies where none belong; NUL, also in a quoted value's octal form (RFC 2109), is refused elsewhere."""
    if not environ.get("PATH_INFO", "").startswith(COOKIES_GO_TO):
        environ.pop("HTTP_COOKIE", None)
    cookies = environ.get("HTTP_COOKIE", "")
    if "\0" in cookies or "\\000" in cookies:
        raise RequestRefused(HTTPStatus.BAD_REQUEST, _("A cookie of this browser is damaged; please delete it"))


def check_content_type(environ: Environ) -> None:
    """Leave one plain content type, in UTF-8: another charset is a server error in stock Django, so it is 415."""
    media_type, *parameters = environ.pop("CONTENT_TYPE", "").split(";")
    if environ["REQUEST_METHOD"] != "POST":
        return
    canonical = media_type.strip().lower()
    for parameter in parameters:
        name, _sign, value = parameter.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name.startswith("charset") and value.lower().replace("utf8", "utf-8") != "utf-8":
            sentence = _("This form was sent in an encoding that we can’t read")
            raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, sentence)
        if name == "boundary" and BOUNDARY.fullmatch(value) and "boundary" not in canonical:
            canonical += f'; boundary="{value}"'
    if environ["CONTENT_LENGTH"] != "0" and not canonical.startswith(FORMS):
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("This was not sent as a form"))
    environ["CONTENT_TYPE"] = canonical


def read_body(environ: Environ, room: int) -> None:
    """Read the whole body, at most so many bytes, and hand Django a complete one.

    Of one that is too large the beginning is read: the words of a comment that are in it go back to their reader.
    Raises NoSlot while too many others are still sending theirs.
    """
    if environ["REQUEST_METHOD"] != "POST":
        environ["wsgi.input"] = BytesIO()
        environ["CONTENT_LENGTH"] = "0"
        return
    declared = environ.get("CONTENT_LENGTH") or "0"
    if not declared.isascii() or not declared.isdigit():
        raise RequestRefused(HTTPStatus.BAD_REQUEST, _("This form arrived damaged"))
    if "HTTP_TRANSFER_ENCODING" in environ:
        # A form that is cut short could not be told from a whole one (RFC 9112, 8); browsers send a length.
        raise RequestRefused(HTTPStatus.LENGTH_REQUIRED, _("This form does not say how long it is"))
    if not ARRIVING.acquire(timeout=ARRIVING_PATIENCE_SECONDS):
        raise NoSlot
    try:
        take_body(environ, int(declared), room)
    finally:
        ARRIVING.release()


def take_body(environ: Environ, expected: int, room: int) -> None:
    """Wait until the body is here. Raises RequestRefused for one that is too large, or ends too early."""
    stream = environ["wsgi.input"]
    body = stream.read(min(expected, room + 1))
    environ["wsgi.input"] = BytesIO(body[:room])
    environ["CONTENT_LENGTH"] = str(len(body))
    if len(body) > room:
        read_away(stream, min(MAX_READ_AWAY, expected - len(body)))
        raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is larger than the site accepts"))
    if len(body) < expected:
        raise RequestRefused(HTTPStatus.BAD_REQUEST, _("This form arrived incomplete"))


def read_away(stream: IO[bytes], rest: int) -> None:
    """Read the rest of a body: who is still sending when we answer sees a broken connection and not the answer."""
    while rest > 0 and (chunk := stream.read(min(CHUNK, rest))):
        rest -= len(chunk)


def check_everything(environ: Environ, room_for: Callable[[Environ], int]) -> None:
    """All checks, the cheapest first; the body is read last, as much as there is room for. Raises RequestRefused."""
    check_method(environ)
    check_address(environ)
    check_cookies(environ)
    read_body(environ, room_for(environ))
    check_content_type(environ)


def refusal_page(refused: RequestRefused, environ: Environ, start: StartResponse) -> list[bytes]:
    """The small page of a refusal: no database, nothing of the request echoed but words that somebody typed."""
    page = words_page(refused, environ) or render_to_string(
        "refusal.html",
        {"sentence": refused.sentence, "status": refused.code} | words_of(masthead.last_known()),
    )
    return small_page(page, refused.code, environ, start, *refused.headers)


def words_page(refused: RequestRefused, environ: Environ) -> str | None:
    """The refusal as a form with the words that did not get as far as Django; None if there are none."""
    body, path = environ.get("wsgi.input"), environ.get("PATH_INFO", "")
    if not isinstance(body, BytesIO):
        return None
    comment = page_for_request(path, body.getvalue(), title=refused.sentence, sentence=NOT_STORED)
    if comment or not path.startswith(DESK):
        return comment
    return page_if_typed(path, fields_in(body.getvalue()), status=refused.code, title=refused.sentence)


def busy_page(environ: Environ, start: StartResponse) -> list[bytes]:
    """503 with Retry-After (RFC 9110, 15.6.4): no slot freed in time; the body of a post is in `wsgi.input`, unread."""
    retry = ("Retry-After", str(BUSY_RETRY_SECONDS))
    sentence = _("The site is very busy just now")
    return refusal_page(RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, sentence, retry), environ, start)


def outage_page(environ: Environ, start: StartResponse) -> list[bytes]:
    """503 with Retry-After: the database is away, and nobody has visited this page before."""
    retry = ("Retry-After", RETRY_SECONDS)
    return small_page(outages.outage_page(), HTTPStatus.SERVICE_UNAVAILABLE, environ, start, retry)


def small_page(text: str, status: HTTPStatus, environ: Environ, start: StartResponse, *more: Header) -> list[bytes]:
    """An answer that nobody keeps."""
    page = text.encode()
    present = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Cache-Control", "no-store"),
        *more,
    ]
    start(f"{status.value} {status.phrase}", present)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page]
