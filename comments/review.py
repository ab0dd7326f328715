"""What moderators do with comments: approve, mark as spam, trash, hold again, undo, purge.

One of the two doors through which a comment's status is written; the other is `submission`.
Locks are taken in one order everywhere: articles by id, then comments by id, then commenters by id.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from articles.models import Article
from comments.decisions import REPORTS, WITHDRAWN, WRITER, Change, record
from comments.models import Comment, Commenter, Decision, Origin, Report
from comments.querysets import CommentQuerySet
from comments.telling import tell_writers
from comments.visibility import visible_comments_changed

logger = logging.getLogger("oped.audit")
BATCH = 500
UNDO = "undo"
Status = Comment.Status


def approve(comments: CommentQuerySet, *, by: str, reason: str = "") -> list[Decision]:
    """Let readers see them, or keep what readers reported, which settles the reports.

    Returns the decisions made; comments already there make none.
    """
    return _decide(comments, Status.APPROVED, by=by, reason=reason)


def mark_as_spam(comments: CommentQuerySet, *, by: str, reason: str = "") -> list[Decision]:
    """Refuse them as spam."""
    return _decide(comments, Status.SPAM, by=by, reason=reason)


def trash(comments: CommentQuerySet, *, by: str, reason: str = "") -> list[Decision]:
    """Decline them."""
    return _decide(comments, Status.TRASH, by=by, reason=reason)


def withdraw(comments: CommentQuerySet) -> list[Decision]:
    """Take them back at their writer's wish, who may say the same again; nobody publishes them any more.

    A comment that a moderator has declined is taken back as well, so that no undo brings it to the page again.
    """
    with transaction.atomic():
        made = _decide(comments, Status.TRASH, by=WRITER, reason=WITHDRAWN)
        Origin.objects.filter(pk__in=[decision.comment_id for decision in made]).update(fingerprint=None)
    return made


def hold(comments: CommentQuerySet, *, by: str, reason: str = "") -> list[Decision]:
    """Back to pending."""
    return _decide(comments, Status.PENDING, by=by, reason=reason)


def undo(decision_ids: Iterable[int], *, by: str) -> list[Decision]:
    """Take decisions back; one that somebody has overruled meanwhile stays as it is."""
    taken_back: list[Decision] = []
    for batch in _batches(sorted(set(decision_ids))):
        with transaction.atomic():
            decisions = {d.comment_id: d for d in Decision.objects.filter(pk__in=batch).exclude(from_status="")}
            comments = _locked(Comment.objects.all(), list(decisions))
            newest = _newest_decisions(list(decisions))
            changes = _allowed(
                Change(comment, comment.status, decisions[comment.pk].from_status)
                for comment in comments
                if newest[comment.pk] == decisions[comment.pk].pk
            )
            undone = [decisions[change.comment.pk].pk for change in changes]
            Report.objects.filter(settled_by__in=undone).update(settled_by=None)
            taken_back += _apply(changes, by=by, reason=UNDO)
    return taken_back


def pick(comments: CommentQuerySet, *, by: str) -> int:
    """Mark approved comments as editors' picks, which stand first and are marked; the number of them."""
    return _mark(comments.approved().filter(is_pick=False), by=by, is_pick=True)


def unpick(comments: CommentQuerySet, *, by: str) -> int:
    """Take the mark away; the number of comments that had it."""
    return _mark(comments.filter(is_pick=True), by=by, is_pick=False)


def purge(comments: CommentQuerySet) -> int:
    """Delete them for ever, with all that is known of where they came from; the number of them.

    Replies stay, "in reply to a comment that was removed". Decisions stay too: the log is append-only.
    """
    count = 0
    for batch in _batches(list(comments.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            locked = _locked(comments, batch)
            ids = [comment.pk for comment in locked]
            people = list(Commenter.objects.filter(origins__comment__in=ids).values_list("pk", flat=True))
            Comment.objects.filter(pk__in=ids).delete()
            _forget_people_without_comments(people)
            visible_comments_changed({comment.article_id for comment in locked})
            count += len(locked)
    return count


def _mark(comments: CommentQuerySet, *, by: str, is_pick: bool) -> int:
    count = 0
    for batch in _batches(list(comments.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            locked = _locked(comments, batch)
            if not locked:
                continue
            Comment.objects.filter(pk__in=[comment.pk for comment in locked]).update(is_pick=is_pick)
            for comment in locked:
                logger.info("comment=%s %s by=%s", comment.pk, "picked" if is_pick else "unpicked", by)
            visible_comments_changed({comment.article_id for comment in locked})
            count += len(locked)
    return count


def _decide(comments: CommentQuerySet, to: Comment.Status, *, by: str, reason: str) -> list[Decision]:
    made: list[Decision] = []
    for batch in _batches(list(comments.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            locked = _locked(comments, batch)
            reported = _reported(locked) if to == Status.APPROVED else set()
            # Those for whom the decision says more than where they are.
            locked = [each for each in locked if each.status != to or each.pk in reported or by == WRITER]
            changes = _allowed([Change(each, each.status, to) for each in locked])
            made += _apply(changes, by=by, reason=reason)
    return made


def _reported(comments: Iterable[Comment]) -> set[int]:
    """Those with reports that no moderator has settled."""
    found = Report.objects.unsettled().filter(comment__in=[comment.pk for comment in comments])
    return set(found.values_list("comment", flat=True))


def _settle_reports(made: Iterable[Decision]) -> None:
    """Let the reports before moderators' decisions count no more."""
    newest = Decision.objects.filter(comment_id=OuterRef("comment_id")).order_by("-pk").values("pk")[:1]
    decided = [decision.comment_id for decision in made]
    Report.objects.unsettled().filter(comment__in=decided).update(settled_by=Subquery(newest))


def _allowed(changes: Iterable[Change]) -> list[Change]:
    """Without those of comments that their writers took back, unless they are refused as well, as spam perhaps."""
    wanted = list(changes)
    refused = [each.comment.pk for each in wanted if each.from_status in (Status.SPAM, Status.TRASH)]
    withdrawals = Decision.objects.filter(comment_id__in=refused, decided_by=WRITER, reason=WITHDRAWN)
    withdrawn = set(withdrawals.values_list("comment_id", flat=True))
    return [
        each
        for each in wanted
        if each.comment.pk not in withdrawn
        or (each.to_status in (Status.SPAM, Status.TRASH) and each.to_status != each.from_status)
    ]


def _apply(changes: Sequence[Change], *, by: str, reason: str) -> list[Decision]:
    """Write log and status of locked comments; the pages that show them are marked last."""
    if not changes:
        return []
    made = record(changes, by=by, reason=reason)
    for change in changes:
        logger.info("comment=%s %s→%s by=%s", change.comment.pk, change.from_status, change.to_status, by)
    if by not in (REPORTS, WRITER) and reason != UNDO:
        _settle_reports(made)
    moved = [change for change in changes if change.from_status != change.to_status]
    for status in {change.to_status for change in moved}:
        ids = [change.comment.pk for change in moved if change.to_status == status]
        Comment.objects.filter(pk__in=ids).update(status=status, decided_at=timezone.now())
    tell_writers(decision for decision in made if decision.from_status != decision.to_status)
    seen = [change for change in moved if Status.APPROVED in (change.from_status, change.to_status)]
    if seen:
        visible_comments_changed({change.comment.article_id for change in seen})
    return made


def _locked(comments: CommentQuerySet, ids: Sequence[int]) -> list[Comment]:
    """Those of `comments` with these ids, read again under the locks of their articles and their own.

    Selected again, because one that somebody has decided meanwhile may not belong to the selection any more.
    """
    article_ids = set(Comment.objects.filter(pk__in=ids).values_list("article_id", flat=True))
    list(Article.objects.select_for_update(no_key=True).filter(pk__in=article_ids).order_by("pk").values_list("pk"))
    return list(comments.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))


def _forget_people_without_comments(commenter_ids: Iterable[int]) -> None:
    locked = Commenter.objects.select_for_update().filter(pk__in=commenter_ids).order_by("pk")
    ids = [commenter.pk for commenter in locked]
    Commenter.objects.forgettable().filter(pk__in=ids).delete()


def _newest_decisions(comment_ids: Sequence[int]) -> dict[int, int]:
    found = Decision.objects.filter(comment_id__in=comment_ids).order_by("pk")
    return dict(found.values_list("comment_id", "pk"))


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
