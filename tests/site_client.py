"""Django's test client, sent through the outermost layer, so that tests see what a browser would."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from opedsite.outermost import Outermost


class OutermostHandler(ClientHandler):
    """Runs the whole WSGI application and hands back Django's response with the headers that left the site."""

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        inner = super().__call__
        seen: dict[str, Any] = {}

        def django(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            response = seen["response"] = inner(environ)
            start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
            return []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            seen["status"], seen["headers"] = int(status.split()[0]), headers

        body = Outermost(django)(environ, start)
        response = seen.get("response") or HttpResponse(b"".join(body), status=seen["status"])
        for name, value in seen["headers"]:
            response[name] = value
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
