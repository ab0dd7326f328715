"""Mail that writers ask for: the ticks on their own page, and the pages behind the links in our mails.

Mail scanners follow links, so that opening one changes nothing: only its button does.
"""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import staff_mail, telling
from comments.known import remember
from comments.links import CONFIRM_SALT, STOP_SALT, commenter_of, staff_of
from comments.mail_forms import TellForm
from comments.models import Commenter, MailChoice
from comments.views.answers import comes_from_our_page, private, refuse_foreign
from comments.views.own import find_own

PAGES = ["GET", "HEAD", "POST"]


@csrf_exempt  # The link is the right, and only a page of ours may use it.
@require_http_methods(PAGES)
def comment_tell(request: HttpRequest, token: str) -> HttpResponse:
    """Remember of what the writer of a comment wants to hear."""
    own, _ = find_own(token)
    own_url = reverse("comments:comment-own", args=[token])
    if request.method != "POST":
        return private(HttpResponseRedirect(own_url))
    if not comes_from_our_page(request):
        return refuse_foreign(request)
    form = TellForm(request.path, request.POST)
    form.full_clean()
    telling.save_wishes(own, decision=form.cleaned_data["decision"], replies=form.cleaned_data["replies"])
    return private(HttpResponseRedirect(f"{own_url}#tell", status=HTTPStatus.SEE_OTHER))


@csrf_exempt  # As above.
@require_http_methods(PAGES)
def mail_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a confirmation link: yes, or never."""
    commenter = find_commenter(token, CONFIRM_SALT)
    if request.method != "POST":
        return private(render(request, "comments/mail_confirm.html"))
    if not comes_from_our_page(request):
        return refuse_foreign(request)
    answer = request.POST.get("answer")
    if answer not in ("yes", "never"):
        return private(render(request, "comments/mail_confirm.html", status=HTTPStatus.UNPROCESSABLE_ENTITY))
    if answer == "never":
        telling.refuse(commenter)
    else:
        telling.confirm(commenter)
    is_refused = answer == "never" or commenter.refused_mail_at is not None
    response = private(render(request, "comments/mail_done.html", {"is_refused": is_refused}))
    if answer == "yes":
        remember(response, commenter)
    return response


@csrf_exempt  # RFC 8058: the reader's mail provider posts here, from anywhere and without cookies.
@require_http_methods(PAGES)
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The page that stops all mail, for a person with a button and for a mail provider with one click."""
    commenter = find_commenter(token, STOP_SALT)
    if request.method != "POST":
        return private(render(request, "comments/mail_stop.html"))
    telling.refuse(commenter)
    return private(render(request, "comments/mail_done.html", {"is_refused": True}))


@csrf_exempt  # As above.
@require_http_methods(PAGES)
def staff_mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The same for a member of staff: their choice is "no mail" from then on."""
    user = staff_of(token)
    if user is None:
        raise Http404("This link is not complete.")
    if request.method == "POST":
        staff_mail.choose(user, MailChoice.Wish.NONE)
    is_done = request.method == "POST"
    return private(render(request, "comments/staff_mail_stop.html", {"is_done": is_done}))


def find_commenter(token: str, salt: str) -> Commenter:
    """The person whom a signed link is about. Raises Http404."""
    commenter = commenter_of(token, salt)
    if commenter is None:
        raise Http404("This link is not complete.")
    return commenter
