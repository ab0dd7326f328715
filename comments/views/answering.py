"""An author's private pages: answer comments below one's own op-eds, through a personal link and without an account."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article, Author
from articles.querysets import ArticleQuerySet
from articles.views import render_article
from comments.drafts import Draft, SubmissionRefused
from comments.forms import AnswerForm
from comments.links import answering_author, own_url
from comments.models import MAX_NAME, Comment
from comments.submission import submit_comment
from comments.views.answers import REFUSAL_STATUS, SEND_AGAIN, comes_from_our_page, private, sender_of
from comments.views.keeping import keeps_words

NEWEST = 20


@require_safe
def answering(request: HttpRequest, token: str) -> HttpResponse:
    """The author's op-eds, each leading to its comments."""
    author = find_author(token)
    articles = signed_by(author).newest_first().for_list()[:NEWEST]
    context = {"author": author, "articles": articles, "token": token}
    return private(render(request, "comments/answering.html", context))


@csrf_exempt  # The link is the right, and only a page of ours may use it.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def answering_article(request: HttpRequest, token: str, article_id: int) -> HttpResponse:
    """One op-ed with a form that speaks for its author."""
    author = find_author(token)
    article = get_object_or_404(signed_by(author).select_related("section"), pk=article_id)
    form = AnswerForm(request.path, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show(request, article, author, form)
    if not comes_from_our_page(request):
        form.add_error(None, SEND_AGAIN)
        return show(request, article, author, form, HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return show(request, article, author, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        comment = submit_comment(article, draft_of(author, form), sender_of(request))
    except SubmissionRefused as refusal:
        form.add_error(None, str(refusal))
        return show(request, article, author, form, REFUSAL_STATUS[type(refusal)])
    approved = comment.status == Comment.Status.APPROVED
    target = f"{request.path}#comment-{comment.pk}" if approved else own_url(comment)
    return private(HttpResponseRedirect(target, status=HTTPStatus.SEE_OTHER))


def find_author(token: str) -> Author:
    """Whose link it is. Raises Http404 for one that was revoked."""
    author = answering_author(token)
    if author is None:
        raise Http404("This link is not complete, or it was revoked.")
    return author


def signed_by(author: Author) -> ArticleQuerySet:
    """What readers see of the author's."""
    return Article.objects.published().filter(bylines__author=author)


def draft_of(author: Author, form: AnswerForm) -> Draft:
    """The words, in the author's name."""
    words = form.cleaned_data
    by = f"author: {author.name}"[:150]
    return Draft(
        body=words["body"],
        name=author.name[:MAX_NAME],
        email="",
        parent_id=words["parent"],
        badge=Comment.Badge.AUTHOR,
        by=by,
    )


def show(
    request: HttpRequest, article: Article, author: Author, form: AnswerForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The op-ed with its comments and the author's form."""
    if form.is_bound:
        form.focus_first_error()
    page = render_article(
        request, article, status=status, comment_form=form, answering_as=author, answering_url=request.path
    )
    return private(page)
