"""When the database is away: one plain page with 503, not a server error; what staff typed comes back on it."""

import logging
from collections.abc import Callable, Iterator

from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
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
        return ask_to_wait(request, exception) if isinstance(exception, OUTAGES) else None


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, which is outside of views: what keeps a session from being stored it takes for a bad request (400)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """The response with its session stored. Raises SessionInterrupted for a session that is gone."""
        try:
            return super().process_response(request, response)  # type: ignore[return-value]
        except (SessionInterrupted, *OUTAGES) as error:
            if outage := next((each for each in history_of(error) if isinstance(each, OUTAGES)), None):
                return ask_to_wait(request, outage)
            raise


def history_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those during whose handling it was raised, the latest first."""
    while error is not None:
        yield error
        error = error.__context__


def ask_to_wait(request: HttpRequest, outage: Exception) -> HttpResponse:
    """The page of an outage, or the words that staff typed."""
    headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    words = page_if_typed(request.path_info, fields_of(request.POST), status=503, title="The database is away just now")
    response = HttpResponse(words or outage_page(), status=503, headers=headers)
    # Django then doesn't log it once more.
    log_response("the database does not answer: %s", name_of(outage), response=response, request=request, logger=logger)
    return response
