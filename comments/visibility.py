"""What follows when the comments that readers see below some articles change."""

from collections.abc import Iterable

from articles.models import Article
from articles.publishing import articles_recounted
from comments.models import Comment
from comments.waiting import measure


def visible_comments_changed(article_ids: Iterable[int]) -> None:
    """Recount the articles, whose locks the caller holds, and mark their pages as changed.

    All pages change when readers will see other words for the usual wait. Called as the last statement of the
    transaction. Recounting without the article's lock loses counts.
    """
    ids = sorted(set(article_ids))
    for pk in ids:
        count = Comment.objects.approved().filter(article_id=pk).count()
        Article.objects.filter(pk=pk).update(comment_count=count)
    articles_recounted(ids, everywhere=measure())
