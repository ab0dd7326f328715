"""Whether an article takes comments, and until when: by its own switch and date, the site's rule, and raid switches."""

from datetime import datetime, timedelta

from articles.models import Article, Raid
from comments.models import Discussion
from comments.raids import last_end, running


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
    is_open = discussion.is_open and article.comments_open and (end is None or now < end)
    return is_open and all(switch.raid != Raid.CLOSE for switch in running(article, discussion, now))


def reopens_at(article: Article, discussion: Discussion, now: datetime) -> datetime | None:
    """When an article that raid switches have closed takes comments again; None if nobody knows, or it won't."""
    end = last_end([switch for switch in running(article, discussion, now) if switch.raid == Raid.CLOSE])
    return end if end is not None and takes_comments(article, discussion, end) else None
