"""The tag by which an article's template asks for its comments and the form below them."""

from typing import Any

from django import template
from django.http import Http404

from articles.models import Article
from articles.paging import page_number
from articles.parameters import asked
from comments.forms import CommentForm
from comments.models import Comment
from comments.rendering import render_comments
from comments.threads import page_of, thread_page

register = template.Library()


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: dict[str, Any], article: Article) -> dict[str, Any]:
    """Comments and form; the context may hold `comment_form` (with errors) and `own_comment` (its writer's view).

    Raises Http404 for a page of comments that doesn't exist.
    """
    own: Comment | None = context.get("own_comment")
    request = context["request"]
    form = context.get("comment_form") or CommentForm(article.pk, initial={"parent": ""})
    parent = _answered(article, form, asked(request, "reply_to") or "")
    newest_first = own is None and asked(request, "order") == "newest"
    if own:
        number = page_of(article, own, own)
    elif parent or form.is_bound:
        number = page_of(article, parent) if parent else 1
    else:
        number = page_number(request, "comments")
    page = thread_page(article, number, own, newest_first=newest_first)
    if page is None:
        raise Http404("There is no such page of comments.")
    url = article.get_absolute_url()
    return {
        "article": article,
        "article_url": url,
        "page": page,
        "newest_first": newest_first,
        "more_url": f"{url}?order=newest&comments=" if newest_first else f"{url}?comments=",
        "comments": render_comments(page.rows, url, is_open=article.comments_open),
        "own": own,
        "preview": context.get("preview"),
        "edit_form": context.get("edit_form"),
        "withdraw_url": context.get("withdraw_url"),
        "form": form,
        "answered": parent,
    }


def _answered(article: Article, form: CommentForm, reply_to: str) -> Comment | None:
    """The comment that the form answers, whether named by the address or by a form sent before."""
    wanted = form.data.get("parent", "") if form.is_bound else form.initial.get("parent") or reply_to
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
        return None
    parent = Comment.objects.visible().filter(article=article, pk=int(wanted)).first()
    if parent is not None and not form.is_bound:
        form.initial["parent"] = str(parent.pk)
    return parent
