"""Django's test client, sent through the outermost layer, so that tests see what a browser would."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from typing import Any

from django.http import HttpResponse
from django.http.response import ResponseHeaders
from django.test import Client
from django.test.client import ClientHandler

from opedsite.answers import Slots, WSGIApplication
from opedsite.everybody import FewMiddleware
from opedsite.headers import required_headers
from opedsite.misses import Misses
from opedsite.outermost import Outermost
from opedsite.page_cache import PageCache
from opedsite.page_versions import PageVersions

# A page that is made anew costs these besides its own queries: the versions before and after.
LOOKS_OF_THE_PAGE_CACHE = 2


class InThisThread(Executor):
    """Does everything at once: the transaction around a test is seen by its own thread only."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class Taken(Executor):
    """Never comes to what it is asked to do."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def new_page_cache(**changes: Any) -> PageCache:
    """A page cache that asks the test's own database connection, by default for each request."""
    arguments: dict[str, Any] = {"max_bytes": 2**24, "recheck_seconds": 0, "required": required_headers()}
    return PageCache(PageVersions(InThisThread()), **arguments | changes)


class EverybodysHandler(FewMiddleware, ClientHandler):
    """Makes the pages that are for everybody."""


class OutermostHandler(ClientHandler):
    """Runs the whole WSGI application and hands back Django's response with what left the site.

    A page that comes from the cache has no Django response: it is a plain one, without context and templates.
    """

    def __init__(self, enforce_csrf_checks: bool) -> None:
        super().__init__(enforce_csrf_checks)
        self.cache = new_page_cache()
        self.slots = Slots(executor=InThisThread())
        # Nothing is written a minute later, when the test is over.
        self.misses = Misses(later=lambda work: None)
        self.everybodys = EverybodysHandler(enforce_csrf_checks)

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        seen: dict[str, Any] = {}

        def application(handler: Callable[[dict[str, Any]], Any]) -> WSGIApplication:
            def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
                response = seen["response"] = handler(environ)
                start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
                return [response.getvalue()]

            return answer

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            seen["status"], seen["headers"] = int(status.split()[0]), headers

        applications = application(super().__call__), application(self.everybodys)
        body = b"".join(Outermost(*applications, self.cache, self.slots, self.misses)(environ, start))
        response = seen.get("response")
        if response is None or response.streaming or response.status_code != seen["status"]:
            response = HttpResponse(status=seen["status"])
        response.content = body
        response.headers = ResponseHeaders(seen["headers"])
        # Set by Django's handler when the request got that far.
        if not hasattr(response, "wsgi_request"):
            response.wsgi_request = response.resolver_match = None
        return response


class SiteClient(Client):
    """A browser on our own site: it says so in Sec-Fetch-Site, as browsers do."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("headers", {"Sec-Fetch-Site": "same-origin"})
        super().__init__(raise_request_exception=False, **kwargs)
        self.handler = OutermostHandler(self.handler.enforce_csrf_checks)
