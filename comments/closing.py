"""Whether an article takes comments, and until when: by its own switch and date, and by the site's rule."""

from datetime import datetime, timedelta

from articles.models import Article
from comments.models import Discussion


def closes_at(article: Article, discussion: Discussion) -> datetime | None:
    """The moment from which the article takes no comments; None for never. Its own date goes before the rule."""
    if article.comments_close_at is not None:
        return article.comments_close_at
    if discussion.close_after_days is None or article.published_at is None:
        return None
    return article.published_at + timedelta(days=discussion.close_after_days)


def takes_comments(article: Article, discussion: Discussion, now: datetime) -> bool:
    """True while readers may comment on an article that they can read."""
    end = closes_at(article, discussion)
    return discussion.is_open and article.comments_open and (end is None or now < end)
