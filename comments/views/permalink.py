"""Every comment's address for ever."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from comments.models import Comment
from comments.threads import page_of


@require_safe
def comment_permalink(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to the page of the article on which a visible comment stands today."""
    comment = get_object_or_404(Comment.objects.visible().select_related("article"), pk=comment_id)
    page = page_of(comment.article, comment)
    query = f"?comments={page}" if page > 1 else ""
    response = HttpResponseRedirect(f"{comment.article.get_absolute_url()}{query}#comment-{comment.pk}")
    response["Cache-Control"] = "no-store"
    return response
