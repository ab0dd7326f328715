"""Whatever goes wrong with a form, its words come back: with one plain sentence and the right status."""

import logging
from collections.abc import Callable, Collection
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _

from articles.outages import OUTAGES, RETRY_SECONDS, name_of
from comments.forms import WORDS
from comments.given_back import form_at, page_with_words, words_in
from comments.views.answers import own_origins, private

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
OUR_ENCODING = "application/x-www-form-urlencoded"
NOT_YET = _("Your comment was not stored yet")
TOO_MUCH = _("Your browser sent more than our form asks for. Your words are here; please send them again.")


def keeps_words(view: View) -> View:
    """For a view that takes words: what would lose them becomes a page that has them."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooManyFieldsSent:
            if request.content_type != OUR_ENCODING:
                raise
            return ask_to_send_less(request)
        except Http404:
            if request.method != "POST":
                raise
            return give_back(request)
        except OUTAGES as outage:
            response = ask_to_wait(request)
            log_response(
                "words could not be stored: %s", name_of(outage), response=response, request=request, logger=logger
            )
            return response

    return kept


def words_of(request: HttpRequest, fields: Collection[str] = WORDS) -> dict[str, str]:
    """The words that were sent in these fields, however many others stand around them."""
    if request.content_type == OUR_ENCODING:
        return words_in(request.body, fields)
    return {field: request.POST.get(field, "") for field in fields}


def ask_to_send_less(request: HttpRequest) -> HttpResponse:
    """A 400 for a form with more fields than ours ever has."""
    return answer(request, HTTPStatus.BAD_REQUEST, NOT_YET, TOO_MUCH)


def give_back(request: HttpRequest) -> HttpResponse:
    """A 404, the same for an article that never was, for one that readers can't see, and for a link that is no good."""
    title = _("There is nothing to comment on at this address")
    sentence = _("It may have been withdrawn while you were writing. Your words are here, so that you can copy them.")
    return answer(request, HTTPStatus.NOT_FOUND, title, sentence, back="/", can_be_sent=False)


def ask_to_wait(request: HttpRequest) -> HttpResponse:
    """A 503 that needs no database."""
    referer = urlsplit(request.headers.get("Referer", ""))
    is_ours = f"{referer.scheme}://{referer.netloc}" in own_origins(request)
    sentence = _("The site can’t store comments just now. Your words are here; please send them again in a minute.")
    back = referer.path if is_ours else ""
    response = answer(request, HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, sentence, back=back)
    response["Retry-After"] = RETRY_SECONDS
    return response


def answer(
    request: HttpRequest,
    status: HTTPStatus,
    title: str | Promise,
    sentence: str | Promise,
    *,
    back: str = "",
    can_be_sent: bool = True,
) -> HttpResponse:
    """The page with the form that was sent."""
    form = form_at(request.path, words_of(request), can_be_sent=can_be_sent)
    if form is None:
        raise ValueError(f"no form is posted to {request.path}")
    page = page_with_words(form, title=title, sentence=sentence, back=back)
    return private(HttpResponse(page, status=status))
