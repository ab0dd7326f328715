"""One's own comment: the page behind its signed link, on which its writer edits and withdraws it."""

from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.views import render_article
from comments.drafts import SubmissionRefused
from comments.forms import EditForm
from comments.links import own_comment_id
from comments.mail_forms import TellForm
from comments.models import Comment, Discussion, Origin
from comments.review import withdraw
from comments.submission import edit_comment, may_be_edited
from comments.views.answers import REFUSAL_STATUS, comes_from_our_page, private, sender_of


@require_safe
def comment_own(request: HttpRequest, token: str) -> HttpResponse:
    """The article as the writer of one comment sees it, through the signed link that is good for this comment."""
    own, article = find_own(token)
    return show_own(request, article, own, token)


@csrf_exempt  # As above: the link is the right, and only a page of ours may use it.
@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: HttpRequest, token: str) -> HttpResponse:
    """Other words for one's own comment; errors on the same page, words kept."""
    own, article = find_own(token)
    own_url = reverse("comments:comment-own", args=[token])
    if request.method != "POST" or not comes_from_our_page(request):
        return HttpResponseRedirect(own_url)
    form = EditForm(request.path, request.POST)
    if not form.is_valid():
        return show_own(request, article, own, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        edit_comment(own, form.cleaned_data["body"], sender_of(request))
    except SubmissionRefused as refusal:
        form.add_error(None, str(refusal))
        return show_own(request, article, own, token, form, REFUSAL_STATUS[type(refusal)])
    return private(HttpResponseRedirect(f"{own_url}#comment-{own.pk}", status=HTTPStatus.SEE_OTHER))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comment_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's own comment back."""
    own, _ = find_own(token)
    if request.method == "POST" and comes_from_our_page(request):
        withdraw(Comment.objects.filter(pk=own.pk).exclude(status=Comment.Status.SPAM))
    return private(HttpResponseRedirect(reverse("comments:comment-own", args=[token]), status=HTTPStatus.SEE_OTHER))


def find_own(token: str) -> tuple[Comment, Article]:
    """The comment that the signed link is good for, and its article. Raises Http404."""
    try:
        pk = own_comment_id(token)
    except signing.BadSignature as error:
        raise Http404("This link is not complete.") from error
    own = get_object_or_404(Comment, pk=pk)
    return own, get_object_or_404(Article.objects.published().with_bylines(), pk=own.article_id)


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
    is_there = own.status in (Comment.Status.PENDING, Comment.Status.APPROVED)
    withdraw_url = reverse("comments:comment-withdraw", args=[token]) if is_there else ""
    # A person who was erased can't be told of anything.
    origin = Origin.objects.filter(pk=own.pk, commenter__isnull=False).first()
    tell_form = TellForm.of(origin, reverse("comments:comment-tell", args=[token])) if origin else None
    context: dict[str, Any] = {
        "own_comment": own,
        "edit_form": form,
        "withdraw_url": withdraw_url,
        "tell_form": tell_form,
    }
    return private(render_article(request, article, status=status, **context))
