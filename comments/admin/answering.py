"""A comment by staff, written in the desk and shown with a badge."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles import masthead
from articles.models import Article, Author
from comments.drafts import Draft, SubmissionRefused
from comments.forms import AnswerForm
from comments.models import MAX_NAME, Comment
from comments.submission import submit_comment
from comments.views.answers import REFUSAL_STATUS, sender_of


def answer(request: HttpRequest, article_id: int, context: dict[str, Any]) -> HttpResponse:
    """The form below what it answers; errors keep the words. `context` is the desk's own.

    Raises PermissionDenied for those who may not comment, Http404 for an article that readers can't see.
    """
    article = answerable(request, article_id)
    form = answer_form(request)
    status = 200
    if request.method == "POST":
        comment, status = post_answer(request, article, form)
        if comment:
            return say_and_leave(request, article, comment)
    return answer_page(request, article, form, context, status)


def answerable(request: HttpRequest, article_id: int) -> Article:
    """The article, if this person may comment on it. Raises PermissionDenied, Http404."""
    if not request.user.has_perm("comments.add_comment"):
        raise PermissionDenied
    return get_object_or_404(Article.objects.published().select_related("section"), pk=article_id)


def answer_form(request: HttpRequest) -> AnswerForm:
    """As sent, or empty."""
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(request.get_full_path(), sent, initial={"parent": request.GET.get("to", "")})
    form.helper.disable_csrf = False
    return form


def post_answer(request: HttpRequest, article: Article, form: AnswerForm) -> tuple[Comment | None, int]:
    """Store what was typed. If it can't be: None, with the status of the refusal, and its sentence in the form."""
    if not form.is_valid():
        return None, 422
    words, (name, badge) = form.cleaned_data, speaker(request.user, article)
    draft = Draft(
        body=words["body"],
        name=name,
        email=request.user.email,  # type: ignore[union-attr]
        parent_id=words["parent"],
        badge=badge,
        by=request.user.get_username(),
    )
    try:
        return submit_comment(article, draft, sender_of(request)), 200
    except SubmissionRefused as refusal:
        form.add_error(None, str(refusal))
        return None, REFUSAL_STATUS[type(refusal)]


def answer_page(
    request: HttpRequest, article: Article, form: AnswerForm, context: dict[str, Any], status: int
) -> HttpResponse:
    """The form, below what it answers."""
    if form.is_bound:
        form.focus_first_error()
    answered, (name, badge) = answered_by(form, article), speaker(request.user, article)
    context |= {"article": article, "form": form, "answered": answered, "speaker": name, "badge": badge}
    context |= {"title": f"Answer {answered.name}" if answered else f"Comment on “{article}”"}
    return render(request, "admin/comments/comment/answer.html", context, status=status)


def speaker(user: Any, article: Article) -> tuple[str, str]:
    """The name that readers see, never the log-in name, and the badge: an author's on an op-ed of one's own."""
    author = Author.objects.filter(user=user).first()
    name = author.name if author else user.get_full_name() or masthead.current().name
    is_own = author is not None and any(byline.author_id == author.pk for byline in article.signed)
    return name[:MAX_NAME], Comment.Badge.AUTHOR if is_own else Comment.Badge.STAFF


def answered_by(form: AnswerForm, article: Article) -> Comment | None:
    """The visible comment that the form answers."""
    wanted = str(form["parent"].value() or "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
        return None
    return Comment.objects.visible().filter(article=article, pk=int(wanted)).first()


def say_and_leave(request: HttpRequest, article: Article, comment: Comment) -> HttpResponse:
    """Back to the list, with a word on where the comment is."""
    if comment.status == Comment.Status.APPROVED:
        messages.success(request, f"Your comment is on “{article}”.")
    else:
        messages.warning(request, "Your comment waits for a moderator: see its findings in the list.")
    return HttpResponseRedirect(reverse("admin:comments_comment_changelist"))
