"""What a reader gets who asks for an address that leads nowhere: where its page went, that it is gone, or help.

Nothing here is asked of the database for an address that has a page.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path

from articles import redirects
from articles.freshness import page_depends_on
from articles.likely import likely_pages, words_of
from articles.models import Article
from articles.navigation import stands_around

# Links that are good for one person: their parts are nothing to search for.
ONES_OWN = "/comments/"


def answer_lost(request: HttpRequest) -> HttpResponse:
    """301 to where the page is now, 410 for an op-ed that was withdrawn, else 404."""
    path = request.path_info
    if new := redirects.destination(path):
        return _moved(request, new)
    if not path.endswith("/") and is_valid_path(f"{path}/"):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)  # CommonMiddleware leads to the address with its slash
    status = HTTPStatus.GONE if _was_withdrawn(request) else HTTPStatus.NOT_FOUND
    around = stands_around()
    context = {"words": "", "likely": []} | around
    if not path.startswith(ONES_OWN):
        links = [*around["around"].sections, *around["around"].pages]
        context |= {"words": words_of(path), "likely": likely_pages(path, links)}
    return render(request, f"{status.value}.html", context, status=status)


def _moved(request: HttpRequest, new: str) -> HttpResponse:
    """RFC 9110, 15.4.2. Kept for a second only: a page may move back, and browsers never forget a 301."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{escape_uri_path(new)}{'?' if query else ''}{query}")
    page_depends_on(response, "site", "articles", redirects.KEY)
    return response


def _was_withdrawn(request: HttpRequest) -> bool:
    """The address, or one below it, is that of an op-ed that readers saw once."""
    parts = request.resolver_match.kwargs if request.resolver_match else {}
    if not {"year", "month", "slug"} <= parts.keys():
        return False
    at = {"address_year": parts["year"], "address_month": parts["month"], "slug": parts["slug"]}
    return Article.objects.gone().filter(**at).exists()
