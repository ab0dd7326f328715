"""When the database is away: one plain page with 503, not a server error; what staff typed comes back on it."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.log import log_response

from articles import masthead
from articles.navigation import words_of
from articles.outages import OUTAGES, RETRY_SECONDS, name_of
from opedsite.kept_words import fields_of, page_if_typed

logger = logging.getLogger(__name__)


def outage_page() -> str:
    """The page of an outage; it needs no database."""
    return render_to_string("503.html", words_of(masthead.last_known()))


class OutageMiddleware:
    """Answers 503 with Retry-After (RFC 9110, 15.6.4) when a view can't reach its database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an outage; None for any other error."""
        if not isinstance(exception, OUTAGES):
            return None
        headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
        sent = fields_of(request.POST)
        words = page_if_typed(request.path_info, sent, status=503, title="The database is away just now")
        response = HttpResponse(words or outage_page(), status=503, headers=headers)
        # Django then doesn't log it once more.
        log_response(
            "the database does not answer: %s", name_of(exception), response=response, request=request, logger=logger
        )
        return response
