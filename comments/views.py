"""What readers do with comments: post one, follow one's own, follow a link to one."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import html
from articles.models import Article
from articles.views import render_article
from comments.drafts import Closed, Duplicate, ParentGone, Sender, SubmissionRefused, TooFast, TooLate
from comments.forms import CommentForm, ConfirmationForm, EditForm
from comments.models import Comment
from comments.review import withdraw
from comments.same_origin import is_same_origin, is_words_token
from comments.submission import edit_comment, may_be_edited, submit_comment
from comments.threads import page_of

logger = logging.getLogger(__name__)
OWN_SALT = "comments.own"
REFUSAL_STATUS: dict[type[SubmissionRefused], HTTPStatus] = {
    Closed: HTTPStatus.CONFLICT,
    Duplicate: HTTPStatus.CONFLICT,
    ParentGone: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooFast: HTTPStatus.TOO_MANY_REQUESTS,
    TooLate: HTTPStatus.CONFLICT,
}


@csrf_exempt  # The same-origin rule stands in for it: readers have no session and cached pages no token.
@require_http_methods(["GET", "HEAD", "POST"])
def comment_post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take a comment, or show the form again with what was typed and what is wrong."""
    try:
        return take_comment(request, article_id)
    except (OperationalError, InterfaceError) as outage:
        logger.error("a comment could not be stored: %s", type(outage.__cause__ or outage).__name__)  # noqa: TRY400
        return ask_to_wait(request, article_id)


def take_comment(request: HttpRequest, article_id: int) -> HttpResponse:
    """One attempt, which needs the database."""
    article = Article.objects.published().with_bylines().filter(pk=article_id).first()
    if article is None:
        return give_back(request, article_id)
    if request.method != "POST":
        return HttpResponseRedirect(article.get_absolute_url())
    form = CommentForm(article.pk, request.POST)
    if not comes_from_us(request, form):
        return ask_to_confirm(request, article, form)
    if not form.is_valid():
        return show_again(request, article, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    sender = Sender(request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", ""))
    try:
        comment = submit_comment(article, form.draft(), sender)
    except SubmissionRefused as refusal:
        return refuse(request, article, form, refusal)
    own_url = reverse("comments:comment-own", args=[signing.dumps(comment.pk, salt=OWN_SALT)])
    response = HttpResponseRedirect(f"{own_url}#comment-{comment.pk}", status=HTTPStatus.SEE_OTHER)
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt  # Stores nothing; the same-origin rule keeps others from putting words on our pages.
@require_http_methods(["GET", "HEAD", "POST"])
def comment_preview(request: HttpRequest, article_id: int) -> HttpResponse:
    """The form again, with the comment above it as readers would see it."""
    article = get_object_or_404(Article.objects.published().with_bylines(), pk=article_id)
    if request.method != "POST":
        return HttpResponseRedirect(article.get_absolute_url())
    form = CommentForm(article.pk, request.POST)
    if not comes_from_us(request, form):
        return ask_to_confirm(request, article, form)
    form.full_clean()
    if form.has_error("body"):
        return show_again(request, article, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    preview = {"name": form.cleaned_data.get("name", ""), "body_html": html.clean_comment(form.cleaned_data["body"])}
    again = CommentForm(article.pk, initial=form.words())
    return private(render_article(request, article, comment_form=again, preview=preview))


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
    if request.method != "POST" or not is_same_origin(request.headers, own_origins(request)):
        return HttpResponseRedirect(own_url)
    form = EditForm(request.path, request.POST)
    if not form.is_valid():
        return show_own(request, article, own, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        edit_comment(own, form.cleaned_data["body"])
    except SubmissionRefused as refusal:
        form.add_error(None, str(refusal))
        return show_own(request, article, own, token, form, REFUSAL_STATUS[type(refusal)])
    return private(HttpResponseRedirect(f"{own_url}#comment-{own.pk}", status=HTTPStatus.SEE_OTHER))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def comment_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's own comment back."""
    own, _ = find_own(token)
    if request.method == "POST" and is_same_origin(request.headers, own_origins(request)):
        withdraw(Comment.objects.filter(pk=own.pk).exclude(status=Comment.Status.SPAM))
    return private(HttpResponseRedirect(reverse("comments:comment-own", args=[token]), status=HTTPStatus.SEE_OTHER))


@require_safe
def comment_permalink(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to the page of the article on which a visible comment stands today."""
    comment = get_object_or_404(Comment.objects.visible().select_related("article"), pk=comment_id)
    page = page_of(comment.article, comment)
    query = f"?comments={page}" if page > 1 else ""
    response = HttpResponseRedirect(f"{comment.article.get_absolute_url()}{query}#comment-{comment.pk}")
    response["Cache-Control"] = "no-store"
    return response


def find_own(token: str) -> tuple[Comment, Article]:
    """The comment that the signed link is good for, and its article. Raises Http404."""
    try:
        pk = signing.loads(token, salt=OWN_SALT)
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
    """One's own page, with what may still be done: edit, withdraw."""
    if form is None and may_be_edited(own):
        form = EditForm(reverse("comments:comment-edit", args=[token]), initial={"body": own.body})
    is_there = own.status in (Comment.Status.PENDING, Comment.Status.APPROVED)
    withdraw_url = reverse("comments:comment-withdraw", args=[token]) if is_there else ""
    context: dict[str, Any] = {"own_comment": own, "edit_form": form, "withdraw_url": withdraw_url}
    return private(render_article(request, article, status=status, **context))


def comes_from_us(request: HttpRequest, form: CommentForm) -> bool:
    """The same-origin rule, or the token of the page that showed these very words."""
    token = request.POST.get("token", "")
    return is_same_origin(request.headers, own_origins(request)) or is_words_token(token, *form.words().values())


def own_origins(request: HttpRequest) -> set[str]:
    """Our own origin; on a loopback site also the name it was called by, one of ALLOWED_HOSTS."""
    return {settings.OPED_BASE_URL, f"{request.scheme}://{request.get_host()}"}


def show_again(request: HttpRequest, article: Article, form: CommentForm, status: HTTPStatus) -> HttpResponse:
    """The article's page with the form as it was sent, its errors marked."""
    if form.has_error("parent") or form.has_error(NON_FIELD_ERRORS, code=ParentGone.__name__):
        form.replace("parent", "")
    form.focus_first_error()
    return private(render_article(request, article, status=status, comment_form=form))


def refuse(request: HttpRequest, article: Article, form: CommentForm, refusal: SubmissionRefused) -> HttpResponse:
    """The form once more, with one sentence on why the comment was not stored."""
    form.add_error(None, ValidationError(str(refusal), code=type(refusal).__name__))
    response = show_again(request, article, form, REFUSAL_STATUS[type(refusal)])
    if isinstance(refusal, TooFast):
        response["Retry-After"] = str(refusal.wait)
    return response


def ask_to_confirm(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """A 403 that loses nothing: the words stand on a page of ours and can be sent from there."""
    context = {"form": ConfirmationForm(article.pk, form.words()), "article": article}
    return private(render(request, "comments/comment_confirm.html", context, status=HTTPStatus.FORBIDDEN))


def give_back(request: HttpRequest, article_id: int) -> HttpResponse:
    """A 404 that loses nothing; the same for an article that never was and for one that readers can't see."""
    if request.method != "POST":
        raise Http404("There is no such article.")
    context = {"form": ConfirmationForm(article_id, CommentForm(article_id, request.POST).words())}
    return private(render(request, "comments/comment_gone.html", context, status=HTTPStatus.NOT_FOUND))


def ask_to_wait(request: HttpRequest, article_id: int) -> HttpResponse:
    """A 503 that loses nothing and needs no database: the words in a form, to be sent again."""
    referer = urlsplit(request.headers.get("Referer", ""))
    is_ours = f"{referer.scheme}://{referer.netloc}" in own_origins(request)
    context = {
        "form": CommentForm(article_id, initial=CommentForm(article_id, request.POST).words()),
        "back": referer.path if is_ours else "",
        "site_name": settings.OPED_SITE_NAME,
    }
    page = render_to_string("comments/comment_later.html", context)
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "10"})
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Mark an answer as one reader's own."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
