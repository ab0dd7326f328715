"""What the answers to readers' posts have in common: their status, their privacy, who may post."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from comments.drafts import Closed, Duplicate, Overtaken, ParentGone, Sender, SubmissionRefused, TooFast, TooLate
from comments.known import known_reader
from comments.same_origin import is_same_origin

SEND_AGAIN = gettext_lazy("Please send this once more: your browser did not say that it comes from our own page.")
REFUSAL_STATUS: dict[type[SubmissionRefused], HTTPStatus] = {
    Closed: HTTPStatus.CONFLICT,
    Duplicate: HTTPStatus.CONFLICT,
    Overtaken: HTTPStatus.CONFLICT,
    ParentGone: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooFast: HTTPStatus.TOO_MANY_REQUESTS,
    TooLate: HTTPStatus.CONFLICT,
}


def own_origins(request: HttpRequest) -> set[str]:
    """Our own origin; on a loopback site also the name it was called by, one of ALLOWED_HOSTS."""
    return {settings.OPED_BASE_URL, f"{request.scheme}://{request.get_host()}"}


def comes_from_our_page(request: HttpRequest) -> bool:
    """The same-origin rule for this request."""
    return is_same_origin(request.headers, own_origins(request))


def private(response: HttpResponse) -> HttpResponse:
    """Mark an answer as one reader's own."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def sender_of(request: HttpRequest) -> Sender:
    """Where the request came from."""
    address, browser = request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", "")
    return Sender(address, browser, known_reader(request))


def refuse_foreign(request: HttpRequest) -> HttpResponse:
    """A 403 for a form that did not come from a page of ours; nothing that was typed is lost by it."""
    sentence = gettext_lazy("This form did not come from our own page")
    context = {"status": HTTPStatus.FORBIDDEN.value, "sentence": sentence}
    return private(render(request, "refusal.html", context, status=HTTPStatus.FORBIDDEN))
