"""One's own comment: the page behind its signed link, on which its writer edits and withdraws it."""

from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.languages import speaking
from articles.models import Article
from articles.views import render_article
from comments.drafts import SubmissionRefused
from comments.forms import EditForm
from comments.links import own_comment_id
from comments.mail_forms import TellForm
from comments.models import Comment, Discussion
from comments.review import withdraw
from comments.submission import edit_comment, may_be_edited
from comments.views.answers import REFUSAL_STATUS, SEND_AGAIN, comes_from_our_page, private, refuse_foreign, sender_of
from comments.views.keeping import keeps_words


@require_safe
def comment_own(request: HttpRequest, token: str) -> HttpResponse:
    """The article as the writer of one comment sees it, through the signed link that is good for this comment."""
    own, article = find_own(token)
    return show_own(request, article, own, token)


@csrf_exempt  # As above: the link is the right, and only a page of ours may use it.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def comment_edit(request: HttpRequest, token: str) -> HttpResponse:
    """Other words for one's own comment; errors on the same page, words kept."""
    own, article = find_own(token)
    own_url = reverse("comments:comment-own", args=[token])
    if request.method != "POST":
        return HttpResponseRedirect(own_url)
    form = EditForm(request.path, request.POST)
    if not comes_from_our_page(request):
        form.add_error(None, SEND_AGAIN)
        return show_own(request, article, own, token, form, HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return show_own(request, article, own, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with speaking(article.language):
            edit_comment(own, form.cleaned_data["body"], sender_of(request))
    except SubmissionRefused as refusal:
        form.add_error(None, str(refusal))
        return show_own(request, article, own, token, form, REFUSAL_STATUS[type(refusal)])
    except Comment.DoesNotExist as purged:
        raise Http404("It was deleted for ever in this moment.") from purged
    return private(HttpResponseRedirect(f"{own_url}#comment-{own.pk}", status=HTTPStatus.SEE_OTHER))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comment_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's own comment back."""
    own, _ = find_own(token)
    if request.method == "POST" and not comes_from_our_page(request):
        return refuse_foreign(request)
    if request.method == "POST":
        withdraw(Comment.objects.filter(pk=own.pk))
    return private(HttpResponseRedirect(reverse("comments:comment-own", args=[token]), status=HTTPStatus.SEE_OTHER))


def find_own(token: str) -> tuple[Comment, Article]:
    """The comment that the signed link is good for, and its article. Raises Http404."""
    try:
        pk = own_comment_id(token)
    except signing.BadSignature as error:
        raise Http404("This link is not complete.") from error
    own = get_object_or_404(Comment.objects.select_related("origin"), pk=pk)
    if own.origin.commenter_id is None and not own.badge:
        raise Http404("Its writer was erased, and the way back to the comment with it.")
    return own, get_object_or_404(Article.objects.published().select_related("section"), pk=own.article_id)


def show_own(
    request: HttpRequest,
    article: Article,
    own: Comment,
    token: str,
    form: EditForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """One's own page, with what may still be done: edit, withdraw, ask for mail."""
    if form is None and may_be_edited(own, Discussion.current()):
        form = EditForm(reverse("comments:comment-edit", args=[token]), initial={"body": own.body})
    # A spammer's page looks as if the comment waited.
    is_there = own.status != Comment.Status.TRASH
    withdraw_url = reverse("comments:comment-withdraw", args=[token]) if is_there else ""
    can_be_told = is_there and own.origin.commenter_id is not None
    tell_form = TellForm.for_comment(own, reverse("comments:comment-tell", args=[token])) if can_be_told else None
    context: dict[str, Any] = {
        "own_comment": own,
        "edit_form": form,
        "withdraw_url": withdraw_url,
        "tell_form": tell_form,
    }
    return private(render_article(request, article, status=status, **context))
