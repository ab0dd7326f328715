"""Answers that belong to no app: health, robots, and the pages of refusals."""

import sys
from datetime import timedelta
from typing import NoReturn

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles import masthead
from articles.freshness import page_depends_on
from articles.lost import answer_lost
from articles.navigation import words_of
from articles.outages import OUTAGES
from articles.web_addresses import absolute
from opedsite import kept_words, outages
from opedsite.models import JobRun

NOT_FOR_READERS = ("/admin/", "/accounts/", "/static/", "/media/")
WORKER_SILENCE = timedelta(minutes=5)
# `--paper` of tokens.css.
PAPER = "#fdfcf9"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, and the worker was heard of in the last five minutes; 503 otherwise."""
    connection.ensure_connection()
    last = JobRun.objects.order_by("-ran_at").values_list("ran_at", flat=True).first()
    is_working = last is not None and timezone.now() - last < WORKER_SILENCE
    return JsonResponse(
        {"database": "ok", "worker": "ok" if is_working else "silent"}, status=200 if is_working else 503
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may leave alone, and where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/admin/", "/accounts/", "/comments/"))]
    lines += [f"Sitemap: {absolute(path)}" for path in ("/sitemap.xml", "/news-sitemap.xml")]
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    page_depends_on(response, "site")
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site looks where somebody puts it among their apps (W3C Web Application Manifest)."""
    said = masthead.current()
    icons = [("icon.svg", "any", "any"), ("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "maskable")]
    words = {
        "name": said.name,
        "short_name": said.name,
        "lang": said.language,
        "dir": said.direction,
        "start_url": "/",
        "display": "browser",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [{"src": static(f"oped/{name}"), "sizes": sizes, "purpose": use} for name, sizes, use in icons],
    }
    response = JsonResponse(words, content_type="application/manifest+json; charset=utf-8")
    page_depends_on(response, "site")
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where programs look that read no page: the icon's address has its contents in it and changes with them."""
    response = HttpResponseRedirect(static("oped/icon-192.png"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def no_signup(request: HttpRequest) -> NoReturn:
    """Staff accounts are made by the owner; nobody signs up."""
    raise Http404("There is no sign-up here.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A malformed request: 400, or 413 for one that is too large (RFC 9110, 15.5.14)."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render_plainly("400.html", status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Staff without a right, who may have lost it while they were typing."""
    if kept_words.brings_words(request):
        return kept_words.give_back(request, 403, "You may not do this", "Nothing was done.")
    return render_plainly("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A reader is led on or helped; who asks for a file or a page of the desk gets a small page."""
    if kept_words.brings_words(request):
        return kept_words.give_back(request, 404, "This is not there any more", "Nothing was done.")
    if request.path_info.startswith(NOT_FOR_READERS):
        return render_plainly("refusal.html", 404, sentence=_("There is nothing at this address"))
    return answer_lost(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of ours, or an outage that no view has met, but what stands around views; the page needs no database."""
    error = sys.exc_info()[1]
    if isinstance(error, OUTAGES):
        return outages.ask_to_wait(request, error)
    return render_plainly("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A staff form without its token, or with the one of an earlier log-in; what was typed comes back."""
    sentence = "The form was open for too long, or cookies are switched off. Nothing was done."
    return kept_words.give_back(request, 403, "Please send this again", sentence, can_be_sent=True)


def render_plainly(template: str, status: int, **more: str | Promise) -> HttpResponse:
    """A refusal's page, which reads nothing of the request but what is given."""
    context = words_of(masthead.last_known()) | {"status": status} | more
    response = render(None, template, context, status=status)  # type: ignore[arg-type]
    response["Cache-Control"] = "no-store"
    return response
