"""Every comment's address for ever."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from comments.models import Comment, Discussion
from comments.threads import page_of


@require_safe
def comment_permalink(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to the page of the article on which a visible comment stands today."""
    comment = get_object_or_404(Comment.objects.visible().select_related("article"), pk=comment_id)
    page = page_of(comment.article, comment)
    order = {"order": "oldest"} if Discussion.current().newest_first else {}
    query = urlencode(order | ({"comments": page} if page > 1 else {}))
    target = f"{comment.article.get_absolute_url()}{'?' if query else ''}{query}#comment-{comment.pk}"
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"
    return response
