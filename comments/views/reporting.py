"""A reader reports a comment: a small page without account or script."""

import logging
from http import HTTPStatus

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.outages import OUTAGES, RETRY_SECONDS, name_of
from comments.given_back import page_with_note
from comments.models import Comment, Discussion
from comments.report_forms import ReportForm
from comments.reporting import TooManyReports, report_comment
from comments.same_origin import is_words_token
from comments.views.answers import comes_from_our_page, private
from comments.views.keeping import TOO_MUCH, words_of

logger = logging.getLogger(__name__)
NOT_STORED = _("Your report was not stored")
GONE = _("Perhaps a moderator was quicker. Thank you for wanting to report it; there is nothing left to do.")
AWAY = _("The site can’t store reports just now. Please go back and send it again in a minute.")


@csrf_exempt  # The same-origin rule stands in for it: readers have no session.
@require_http_methods(["GET", "HEAD", "POST"])
def comment_report(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The form, or the answer to it; if nothing can come of it, the note comes back. Raises Http404."""
    try:
        return answer(request, comment_id)
    except TooManyFieldsSent:
        return give_back(request, HTTPStatus.BAD_REQUEST, NOT_STORED, TOO_MUCH)
    except OUTAGES as outage:
        if request.method != "POST":
            raise
        logger.error("a report could not be stored: %s", name_of(outage))  # noqa: TRY400
        response = give_back(request, HTTPStatus.SERVICE_UNAVAILABLE, NOT_STORED, AWAY)
        response["Retry-After"] = RETRY_SECONDS
        return response


def answer(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The form, and thanks, which are the same however often one reports. Raises Http404."""
    rules, sent = Discussion.current(), request.method == "POST"
    comment = Comment.objects.visible().select_related("article").filter(pk=comment_id).first()
    form = ReportForm(rules.report_reasons, request.POST if sent else None)
    if not sent and comment is None:
        raise Http404("Readers see no such comment.")
    if comment is None:
        return gone(request)
    if not sent:
        return show(request, comment, form)
    if not comes_from_our_page(request) and not is_words_token(request.POST.get("token", ""), *form.words):
        return show(request, comment, form.to_send_again(rules.report_reasons), HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return show(request, comment, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        is_there = form.cleaned_data["fax"] or report_comment(
            comment.pk,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            address=request.META.get("REMOTE_ADDR", ""),
        )
    except TooManyReports as refusal:
        form.add_error(None, refusal.args[0])
        response = show(request, comment, form, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(refusal.wait)
        return response
    if not is_there:
        return gone(request)
    return private(render(request, "comments/reported.html", {"comment": comment, "rules": rules}))


def show(request: HttpRequest, comment: Comment, form: ReportForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The comment and the form below it."""
    context = {"comment": comment, "form": form, "is_foreign": status == HTTPStatus.FORBIDDEN}
    return private(render(request, "comments/report.html", context, status=status))


def gone(request: HttpRequest) -> HttpResponse:
    """A 404 for a report of what readers don't see any more, or never did."""
    return give_back(request, HTTPStatus.NOT_FOUND, _("This comment is not on the page any more"), GONE)


def give_back(request: HttpRequest, status: HTTPStatus, title: str | Promise, sentence: str | Promise) -> HttpResponse:
    """One plain sentence, and the note that was sent."""
    page = page_with_note(words_of(request, ["note"])["note"], title=title, sentence=sentence)
    return private(HttpResponse(page, status=status))
