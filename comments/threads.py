"""Which comments stand on which page of an article: at most 50 threads and 200 comments a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from articles.models import Article
from comments.models import Comment
from comments.querysets import KEY_DIGITS, CommentQuerySet

THREADS_A_PAGE = 50
COMMENTS_A_PAGE = 200
MAX_PICKS = 5
COLUMNS = (
    "id", "sort_key", "name", "website", "body_html", "status", "badge", "is_pick", "submitted_at", "depth",
    "parent_id", "parent_name", "parent_status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of an article's comments: rows of COLUMNS in thread order, its number from 1, whether more follow."""

    rows: list[dict[str, Any]]
    number: int
    has_next: bool


def seen_by(article: Article, own: Comment | None) -> CommentQuerySet:
    """What readers see below an article; its writer also sees the comment whose signed link was opened."""
    mine = Q(pk=own.pk) if own else Q(pk__in=())
    everybody = Comment.objects.visible().filter(article=article)
    return everybody if own is None else Comment.objects.filter(mine | Q(pk__in=everybody.values("pk")))


def thread_page(
    article: Article, number: int, own: Comment | None = None, *, newest_first: bool = False
) -> ThreadPage | None:
    """The comments of one page; None beyond the last. The first page costs one query whatever their number.

    `newest_first` turns the order of the threads; within a thread, replies still follow what they answer.
    """
    seen = seen_by(article, own).in_thread_order(newest_first=newest_first)
    if number > 1:
        starts = page_starts(seen.values_list("sort_key", flat=True))
        if number > len(starts):
            return None
        seen = seen.from_key(starts[number - 1], newest_first=newest_first)
    rows = list(_rows(seen)[: COMMENTS_A_PAGE + 1])
    fitting = _fitting(row["sort_key"] for row in rows)
    return ThreadPage(rows[:fitting], number, fitting < len(rows))


def picks(article: Article, page: ThreadPage) -> list[dict[str, Any]]:
    """The editors' picks that stand above the first page, at most MAX_PICKS rows; no query if all are on it."""
    if page.number > 1:
        return []
    if not page.has_next:
        return [row for row in page.rows if row["is_pick"]][:MAX_PICKS]
    picked = seen_by(article, None).filter(is_pick=True).in_thread_order()
    return list(_rows(picked)[:MAX_PICKS])


def page_of(article: Article, comment: Comment, own: Comment | None = None) -> int:
    """The number of the page on which a seen comment stands."""
    keys = seen_by(article, own).in_thread_order().filter(sort_key__lte=comment.sort_key)
    return max(1, len(page_starts(keys.values_list("sort_key", flat=True))))


def page_starts(sort_keys: Iterable[str]) -> list[str]:
    """The first key of each page, of keys in thread order."""
    starts: list[str] = []
    threads = comments = 0
    for key in sort_keys:
        is_thread = len(key) == KEY_DIGITS
        if not starts or comments == COMMENTS_A_PAGE or (is_thread and threads == THREADS_A_PAGE):
            starts.append(key)
            threads = comments = 0
        threads += is_thread
        comments += 1
    return starts


def _rows(comments: CommentQuerySet) -> Any:
    named = comments.annotate(parent_name=F("parent__name"), parent_status=F("parent__status"))
    return named.values(*COLUMNS)


def _fitting(sort_keys: Iterable[str]) -> int:
    keys = list(sort_keys)
    starts = page_starts(keys)
    return keys.index(starts[1]) if len(starts) > 1 else len(keys)
