"""Counts of comments put right, should they ever be wrong: after a restored backup, or rows changed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from articles.models import Article
from articles.publishing import articles_recounted
from comments.models import Comment

BATCH = 200


@dataclass(frozen=True, slots=True)
class Miscount:
    """An article whose stored count is not the number of comments that were let through."""

    article: int
    stored: int
    found: int


def recount(*, dry_run: bool) -> Iterator[Miscount]:
    """Each article that was counted wrongly; corrected, and its pages marked as changed, unless it is a dry run."""
    last = 0
    while ids := list(Article.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = ids[-1]
        yield from _miscounts(ids) if dry_run else _corrected(ids)


def _corrected(ids: list[int]) -> list[Miscount]:
    if not _miscounts(ids):
        return []
    with transaction.atomic():
        list(Article.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
        # Counted again under the locks: somebody may have decided meanwhile.
        wrong = _miscounts(ids)
        for each in wrong:
            Article.objects.filter(pk=each.article).update(comment_count=each.found)
        articles_recounted(each.article for each in wrong)
    return wrong


def _miscounts(ids: list[int]) -> list[Miscount]:
    approved = Comment.objects.approved().filter(article__in=ids).order_by()
    found = dict(approved.values_list("article").annotate(Count("pk")))
    stored = Article.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "comment_count")
    return [Miscount(pk, count, found.get(pk, 0)) for pk, count in stored if count != found.get(pk, 0)]
