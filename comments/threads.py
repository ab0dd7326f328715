"""Which comments stand on which page of an article: at most 50 threads and 200 comments a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import starmap
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.along import Question, answers_to
from articles.models import Article
from articles.models.article import at
from articles.parameters import asked
from articles.statements import Row, Statement, chosen, together
from comments.models import Comment, Discussion
from comments.models.discussion import CURRENT
from comments.querysets import KEY_DIGITS, CommentQuerySet

THREADS_A_PAGE = 50
COMMENTS_A_PAGE = 200
MAX_PICKS = 5
# What an address asks for if its page does not begin with the first comments in the usual order.
OTHER_PAGES = ("comments", "order", "reply_to")


class Shown(NamedTuple):
    """What a page shows of one comment."""

    id: int
    sort_key: str
    name: str
    website: str
    body_html: str
    status: str
    badge: str
    is_pick: bool
    edited_by_staff: bool
    submitted_at: datetime
    depth: int
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of an article's comments, in thread order; its number from 1, whether more follow.

    `names` are those of visible comments by their ids, of all that rows answer and perhaps others.
    """

    rows: list[Shown]
    names: dict[int, str]
    number: int
    has_next: bool


class _Usual:
    """How the owner wanted threads sorted when this process last asked."""

    newest_first = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """The rows of a first page, read before it was known whether that is the right order."""

    rows: Sequence[Row]
    newest_first: bool


def usual_questions(request: HttpRequest, slug: str) -> Sequence[Question]:
    """The owner's choices and the first page in the usual order, for an address that asks for nothing else."""
    if any(asked(request, name) is not None for name in OTHER_PAGES):
        return ()
    return _questions(slug, _Usual.newest_first)


def read_ahead(request: HttpRequest, article: Article, newest_first: bool | None) -> tuple[Discussion, Ahead]:
    """The owner's choices, and the first page as asked for or else as usual: one message on PostgreSQL, or none."""
    if along := answers_to(request, usual_questions):
        (_, choices), ((first_page, _), rows) = along
        order = first_page is FIRST_PAGE[True]
    else:
        order = _Usual.newest_first if newest_first is None else newest_first
        choices, rows = together(*_questions(article.slug, order))
    rules = Discussion.of(choices)
    _Usual.newest_first = rules.newest_first
    return rules, Ahead(rows, order)


def _questions(slug: str, newest_first: bool) -> Sequence[Question]:
    return (CURRENT, {}), (FIRST_PAGE[newest_first], {"now": timezone.now(), "slug": slug})


def seen_by(article: Article, own: Comment | None) -> CommentQuerySet:
    """What readers see below an article; its writer also sees the comment whose signed link was opened."""
    mine = Q(pk=own.pk) if own else Q(pk__in=())
    everybody = Comment.objects.visible().filter(article=article)
    return everybody if own is None else Comment.objects.filter(mine | Q(pk__in=everybody.values("pk")))


def thread_page(
    article: Article,
    number: int,
    own: Comment | None = None,
    *,
    newest_first: bool = False,
    ahead: Ahead | None = None,
) -> ThreadPage | None:
    """The comments of one page; None beyond the last. Where one page holds them all, that costs one query.

    `newest_first` turns the order of the threads; within a thread, replies still follow what they answer.
    """
    if number == 1 and own is None:
        if ahead is not None and ahead.newest_first == newest_first:
            found = ahead.rows
        else:
            found = FIRST_PAGE[newest_first].rows(now=timezone.now(), slug=article.slug)
        rows = list(starmap(Shown, found))
    else:
        seen = seen_by(article, own).in_thread_order(newest_first=newest_first)
        if number > 1:
            starts = page_starts(seen.values_list("sort_key", flat=True))
            if number > len(starts):
                return None
            seen = seen.from_key(starts[number - 1], newest_first=newest_first)
        rows = list(starmap(Shown, _shown(seen)[: COMMENTS_A_PAGE + 1]))
    fitting = _fitting(row.sort_key for row in rows)
    has_next = fitting < len(rows)
    names = _names(rows, is_whole=number == 1 and not has_next)
    return ThreadPage(rows[:fitting], names, number, has_next)


def picks(article: Article, page: ThreadPage) -> list[Shown]:
    """The editors' picks that stand above the first page, at most MAX_PICKS; no query if all are on it."""
    if page.number > 1:
        return []
    if not page.has_next:
        return [row for row in page.rows if row.is_pick][:MAX_PICKS]
    return list(starmap(Shown, PICKS.rows(now=timezone.now(), article=article.pk)))


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


def _names(rows: Sequence[Shown], *, is_whole: bool) -> dict[int, str]:
    """Nearly always what is answered stands on the same page: to join it to each row takes as long as the rows do."""
    approved = Comment.Status.APPROVED.value
    names = {row.id: row.name for row in rows if row.status == approved}
    elsewhere = () if is_whole else {row.parent_id for row in rows if row.parent_id is not None} - names.keys()
    if elsewhere:
        names |= chosen(_named, elsewhere, now=timezone.now())
    return names


def _named(ids: Sequence[int], now: datetime) -> "QuerySet[Comment, tuple[int, str]]":
    return Comment.objects.visible(now).filter(pk__in=ids).values_list("pk", "name")


def _shown(comments: CommentQuerySet) -> "QuerySet[Comment, tuple[Any, ...]]":
    return comments.values_list(*Shown._fields)


def _threads(now: datetime, slug: str, *, newest_first: bool) -> "QuerySet[Comment, tuple[Any, ...]]":
    seen = Comment.objects.visible(now).filter(article=at(slug))
    return _shown(seen.in_thread_order(newest_first=newest_first))[: COMMENTS_A_PAGE + 1]


def _picks(now: datetime, article: int) -> "QuerySet[Comment, tuple[Any, ...]]":
    picked = Comment.objects.visible(now).filter(article=article, is_pick=True)
    return _shown(picked.in_thread_order())[:MAX_PICKS]


FIRST_PAGE = {
    turned: Statement(partial(_threads, newest_first=turned), now=datetime, slug=str) for turned in (False, True)
}
PICKS = Statement(_picks, now=datetime, article=int)


def _fitting(sort_keys: Iterable[str]) -> int:
    keys = list(sort_keys)
    starts = page_starts(keys)
    return keys.index(starts[1]) if len(starts) > 1 else len(keys)
