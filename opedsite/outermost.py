"""The outermost layer, before Django: refuses what no page should see and completes every answer's headers."""

from collections.abc import Callable, Iterable
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.template.loader import render_to_string

from opedsite import headers, proxy

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]

METHODS = ("GET", "HEAD", "POST")
MAX_QUERY = 4096


class RequestRefused(Exception):
    """A request that Django never gets to see: a status and one plain sentence."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.code = status
        self.sentence = sentence


def check_method(environ: Environ) -> None:
    """Only what the site uses; TRACE would echo headers (OWASP ASVS 5.0, 13.4.4)."""
    if environ["REQUEST_METHOD"] not in METHODS:
        raise RequestRefused(HTTPStatus.METHOD_NOT_ALLOWED, "This site answers GET, HEAD and POST only.")


def check_address(environ: Environ) -> None:
    """NUL in an address is an error inside PostgreSQL, so it ends here; so does a query nobody types."""
    query = environ.get("QUERY_STRING", "")
    if "\0" in environ.get("PATH_INFO", "") or b"\0" in unquote_to_bytes(query):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "This address is malformed.")
    if len(query) > MAX_QUERY:
        raise RequestRefused(HTTPStatus.REQUEST_URI_TOO_LONG, "This address is too long.")


def check_charset(environ: Environ) -> None:
    """A form in another encoding than UTF-8 is a server error in stock Django; answer 415 instead."""
    message = Message()
    message["Content-Type"] = environ.get("CONTENT_TYPE") or "application/octet-stream"
    charset = message.get_param("charset")
    if charset is not None and str(charset).strip("\"' ").lower() not in ("utf-8", "utf8"):
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This form was sent in an encoding that we can’t read.")


def read_body(environ: Environ) -> None:
    """Read the whole body, at most OPED_MAX_BODY bytes, and hand Django a complete one."""
    if environ["REQUEST_METHOD"] != "POST":
        environ["wsgi.input"] = BytesIO()
        environ["CONTENT_LENGTH"] = "0"
        return
    declared = environ.get("CONTENT_LENGTH") or "0"
    if not declared.isascii() or not declared.isdigit():
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "This form arrived damaged.")
    too_large = RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is larger than the site accepts.")
    if int(declared) > settings.OPED_MAX_BODY:
        raise too_large
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    body = environ["wsgi.input"].read(settings.OPED_MAX_BODY + 1 if chunked else int(declared))
    if len(body) > settings.OPED_MAX_BODY:
        raise too_large
    if not chunked and len(body) < int(declared):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "This form arrived incomplete.")
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))


class Outermost:
    """WSGI middleware around the whole site."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.trusted = proxy.parse_networks(settings.OPED_TRUSTED_PROXIES)
        self.required = headers.required_headers()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, present: list[tuple[str, str]], exc_info: Any = None) -> Any:
            complete = [*present, *headers.missing(present, self.required)]
            return start_response(status, complete, exc_info) if exc_info else start_response(status, complete)

        proxy.rewrite(environ, self.trusted)
        try:
            for check in (check_method, check_address, check_charset, read_body):
                check(environ)
        except RequestRefused as refused:
            return refusal_page(refused, environ, start)
        return self.application(environ, start)


def refusal_page(refused: RequestRefused, environ: Environ, start: StartResponse) -> Iterable[bytes]:
    """The small page of a refusal: no database, nothing of the request echoed."""
    page = render_to_string(
        "refusal.html",
        {"sentence": refused.sentence, "status": refused.code, "site_name": settings.OPED_SITE_NAME},
    ).encode()
    present = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Cache-Control", "no-store"),
    ]
    if refused.code == HTTPStatus.METHOD_NOT_ALLOWED:
        present.append(("Allow", ", ".join(METHODS)))
    start(f"{refused.code.value} {refused.code.phrase}", present)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page]
