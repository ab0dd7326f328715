"""The "Leave a Reply" form at work: post a comment, preview it, and lose nothing that was typed."""

from datetime import datetime
from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import html
from articles.languages import speaking
from articles.models import Article
from articles.statements import Statement
from articles.views import render_article
from comments.closing import takes_comments
from comments.drafts import CLOSED, Closed, ParentGone, SubmissionRefused, TooFast
from comments.forms import CommentForm, ConfirmationForm
from comments.given_back import page_with_words
from comments.links import own_url
from comments.models import Discussion
from comments.same_origin import is_words_token
from comments.submission import submit_comment
from comments.views.answers import REFUSAL_STATUS, comes_from_our_page, private, sender_of
from comments.views.keeping import keeps_words

# A comment that is taken needs no more of its article than where it leads back to, and its age.
BRIEFLY = Statement(
    lambda now, pk: (
        Article.objects.published(now)
        .filter(pk=pk)
        .only("slug", "address_year", "address_month", "published_at", "language")
    ),
    now=datetime,
    pk=int,
)
NOT_OURS = _(
    "Your browser did not say that this form came from our own page, so we could not be sure that you sent it "
    "yourself. If these words are yours, send them with the button; to change them, go back."
)


@csrf_exempt  # The same-origin rule stands in for it: readers have no session and cached pages no token.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def comment_post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take a comment, or show the form again with what was typed and what is wrong."""
    found = BRIEFLY.objects(now=timezone.now(), pk=article_id)
    if not found:
        raise Http404("There is no such op-ed.")
    article = found[0]
    if request.method != "POST":
        return HttpResponseRedirect(article.get_absolute_url())
    with speaking(article.language):
        return take(request, article)


def take(request: HttpRequest, article: Article) -> HttpResponse:
    """As above, for a form that was sent; what it says is in the article's language."""
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
@keeps_words
def comment_preview(request: HttpRequest, article_id: int) -> HttpResponse:
    """The form again, with the comment above it as readers would see it."""
    article = get_object_or_404(Article.objects.published().select_related("section"), pk=article_id)
    if request.method != "POST":
        return HttpResponseRedirect(article.get_absolute_url())
    form = CommentForm(article.pk, request.POST)
    if not comes_from_us(request, form):
        return ask_to_confirm(request, article, form)
    if not takes_comments(article, Discussion.current(), timezone.now()):
        return refuse(request, article, form, Closed(CLOSED))
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
    whole = get_object_or_404(Article.objects.published().select_related("section"), pk=article.pk)
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
        title=_("Please send your comment once more"),
        sentence=NOT_OURS,
        back=article.get_absolute_url(),
    )
    return private(HttpResponse(page, status=HTTPStatus.FORBIDDEN))
