"""The page of an address: asked for by anybody, opened once by who reads the mail, for an hour.

No address is in any of these pages' own addresses, and nothing changes when a link is only followed.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comments import person, telling
from comments.links import access_link, opened_key, opened_link, use_up
from comments.mail_forms import REMOVE, AskForm, EraseForm
from comments.models import AccessLink
from comments.same_origin import is_words_token
from comments.views.answers import comes_from_our_page, private, refuse_foreign

# The copy holds all; a page of twenty thousand comments would be of no use.
SHOWN = 200
OpenedView = Callable[[HttpRequest, AccessLink], HttpResponse]


@csrf_exempt  # The same-origin rule stands in for it.
@require_http_methods(["GET", "HEAD", "POST"])
def address_ask(request: HttpRequest) -> HttpResponse:
    """One field; the answer is the same for every address."""
    if request.method != "POST":
        return show_ask(request, AskForm())
    form = AskForm(request.POST)
    address, token = request.POST.get("email", ""), request.POST.get("token", "")
    if not comes_from_our_page(request) and not is_words_token(token, address):
        return show_ask(request, AskForm.to_send_again(address), HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return show_ask(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    person.ask_for_link(form.cleaned_data["email"])
    return private(render(request, "comments/address_asked.html"))


@csrf_exempt  # As above.
@require_http_methods(["GET", "HEAD", "POST"])
def address_open(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mailed link: its button uses the link up and shows everything."""
    link = access_link(token)
    if link is None:
        raise Http404("This link is not complete.")
    if link.used_at or not link.is_fresh:
        return show_ask(request, AskForm(), HTTPStatus.GONE)
    if request.method != "POST":
        return private(render(request, "comments/address_open.html"))
    if not comes_from_our_page(request):
        return refuse_foreign(request)
    return show_everything(request, link) if use_up(link) else show_ask(request, AskForm(), HTTPStatus.GONE)


def for_opened(view: OpenedView) -> Callable[[HttpRequest], HttpResponse]:
    """What may be done on an opened page: a post of a page of ours, with the key of a link whose hour still runs."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if not comes_from_our_page(request):
            return refuse_foreign(request)
        link = opened_link(request.POST.get("key", ""))
        if link is None:
            raise Http404("This form is not complete.")
        return view(request, link) if link.is_fresh else show_ask(request, AskForm(), HTTPStatus.GONE)

    return checked


@for_opened
def address_export(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """A copy of everything, as a file."""
    response = JsonResponse(person.export(link.commenter), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="comments.json"'
    return private(response)


@for_opened
def address_stop(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """No mail any more; the page says so."""
    telling.refuse(link.commenter)
    link.commenter.refresh_from_db()
    return show_everything(request, link)


@for_opened
def address_erase(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Ask once more, then forget the person."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return show_everything(request, link, HTTPStatus.UNPROCESSABLE_ENTITY)
    removes_words = form.cleaned_data["words"] == REMOVE
    if not form.cleaned_data["sure"]:
        context = {"key": opened_key(link), "removes_words": removes_words}
        return private(render(request, "comments/address_erase.html", context))
    person.erase(link.commenter, keep_words=not removes_words)
    return private(render(request, "comments/address_erased.html", {"removes_words": removes_words}))


def show_ask(request: HttpRequest, form: AskForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The field, below the sentence that the status asks for."""
    context = {"form": form, "is_gone": status == HTTPStatus.GONE, "is_foreign": status == HTTPStatus.FORBIDDEN}
    return private(render(request, "comments/address_ask.html", context, status=status))


def show_everything(request: HttpRequest, link: AccessLink, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """All comments under the address, and what may be done with them."""
    context = {
        "comments": person.comments_of(link.commenter)[:SHOWN],
        "number": link.commenter.origins.count(),
        "person": link.commenter,
        "key": opened_key(link),
    }
    return private(render(request, "comments/address_detail.html", context, status=status))
