"""The "Leave a Reply" form at work: post a comment, preview it, and lose nothing that was typed."""

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.exceptions import NON_FIELD_ERRORS, TooManyFieldsSent, ValidationError
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import html
from articles.models import Article
from articles.views import render_article
from comments.drafts import ParentGone, SubmissionRefused, TooFast
from comments.forms import CommentForm, ConfirmationForm
from comments.given_back import page_with_words, words_in
from comments.links import own_url
from comments.same_origin import is_words_token
from comments.submission import submit_comment
from comments.views.answers import REFUSAL_STATUS, comes_from_our_page, own_origins, private, sender_of

logger = logging.getLogger(__name__)
# Away, full, or set to read only: whatever keeps a database from storing.
OUTAGES = (OperationalError, InterfaceError, InternalError)
RETRY_SECONDS = "10"
# A comment that is taken needs no more of its article than where it leads back to.
ADDRESS = ("slug", "address_year", "address_month", "published_at")
OUR_ENCODING = "application/x-www-form-urlencoded"


@csrf_exempt  # The same-origin rule stands in for it: readers have no session and cached pages no token.
@require_http_methods(["GET", "HEAD", "POST"])
def comment_post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take a comment, or show the form again with what was typed and what is wrong."""
    try:
        return take_comment(request, article_id)
    except TooManyFieldsSent:
        if request.content_type != OUR_ENCODING:
            raise
        return ask_to_shorten(request, article_id)
    except OUTAGES as outage:
        logger.error("a comment could not be stored: %s", type(outage.__cause__ or outage).__name__)  # noqa: TRY400
        return ask_to_wait(request, article_id)


def take_comment(request: HttpRequest, article_id: int) -> HttpResponse:
    """One attempt, which needs the database."""
    article = Article.objects.published().only(*ADDRESS).filter(pk=article_id).first()
    if article is None:
        return give_back(request, article_id)
    if request.method != "POST":
        return HttpResponseRedirect(article.get_absolute_url())
    form = CommentForm(article.pk, request.POST)
    if not comes_from_us(request, form):
        return ask_to_confirm(request, article, form)
    if not form.is_valid():
        return show_again(request, article, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        comment = submit_comment(article, form.draft(), sender_of(request))
    except SubmissionRefused as refusal:
        return refuse(request, article, form, refusal)
    return private(HttpResponseRedirect(own_url(comment), status=HTTPStatus.SEE_OTHER))


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


def comes_from_us(request: HttpRequest, form: CommentForm) -> bool:
    """The same-origin rule, or the token of the page that showed these very words."""
    token = request.POST.get("token", "")
    return comes_from_our_page(request) or is_words_token(token, *form.words().values())


def show_again(request: HttpRequest, article: Article, form: CommentForm, status: HTTPStatus) -> HttpResponse:
    """The article's page with the form as it was sent, its errors marked."""
    if form.has_error("parent") or form.has_error(NON_FIELD_ERRORS, code=ParentGone.__name__):
        form.replace("parent", "")
    form.focus_first_error()
    whole = Article.objects.with_bylines().get(pk=article.pk)
    return private(render_article(request, whole, status=status, comment_form=form))


def refuse(request: HttpRequest, article: Article, form: CommentForm, refusal: SubmissionRefused) -> HttpResponse:
    """The form once more, with one sentence on why the comment was not stored."""
    form.add_error(None, ValidationError(str(refusal), code=type(refusal).__name__))
    response = show_again(request, article, form, REFUSAL_STATUS[type(refusal)])
    if isinstance(refusal, TooFast):
        response["Retry-After"] = str(refusal.wait)
    return response


def ask_to_confirm(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """A 403 that loses nothing: the words stand on a page of ours and can be sent from there."""
    page = page_with_words(
        ConfirmationForm(article.pk, form.words()),
        title="Please send your comment once more",
        sentence="Your browser did not say that this form came from our own page, so we could not be sure that you "
        "sent it yourself. If these words are yours, send them with the button; to change them, go back.",
        back=article.get_absolute_url(),
    )
    return private(HttpResponse(page, status=HTTPStatus.FORBIDDEN))


def give_back(request: HttpRequest, article_id: int) -> HttpResponse:
    """A 404 that loses nothing; the same for an article that never was and for one that readers can't see."""
    if request.method != "POST":
        raise Http404("There is no such article.")
    page = page_with_words(
        ConfirmationForm(article_id, CommentForm(article_id, request.POST).words(), can_be_sent=False),
        title="There is no op-ed to comment on at this address",
        sentence="It may have been withdrawn while you were writing. Your words are here, so that you can copy them.",
        back="/",
    )
    return private(HttpResponse(page, status=HTTPStatus.NOT_FOUND))


def ask_to_shorten(request: HttpRequest, article_id: int) -> HttpResponse:
    """A 400 for a form with more fields than ours ever has; its words come back."""
    page = page_with_words(
        CommentForm(article_id, initial=words_in(request.body)),
        title="Your comment was not stored yet",
        sentence="Your browser sent more than our form asks for. Your words are here; please send them again.",
    )
    return private(HttpResponse(page, status=HTTPStatus.BAD_REQUEST))


def ask_to_wait(request: HttpRequest, article_id: int) -> HttpResponse:
    """A 503 that loses nothing and needs no database: the words in a form, to be sent again."""
    referer = urlsplit(request.headers.get("Referer", ""))
    is_ours = f"{referer.scheme}://{referer.netloc}" in own_origins(request)
    page = page_with_words(
        CommentForm(article_id, initial=CommentForm(article_id, request.POST).words()),
        title="Your comment was not stored yet",
        sentence="The site can’t store comments just now. Your words are here; please send them again in a minute.",
        back=referer.path if is_ours else "",
    )
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_SECONDS})
    return private(response)
