"""Whether the log of decisions is whole: rows edited or removed by hand, and statuses that it doesn't explain.

Each row's mac continues its comment's chain, so an edit or a gap shows at the row or the one after it. What is gone
from a chain's end shows in the comment's status or, at the latest a day after, in the seal that counted it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from comments.decisions import mac_of
from comments.models import Comment, Decision, Seal
from comments.privacy import keyed_hash

BATCH = 2_000
# Longer than any transaction: by then every row with a lower id is there.
SETTLED = timedelta(hours=1)
COLUMNS = ("comment_id", "pk", "from_status", "to_status", "decided_by", "decided_at", "reason", "mac")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong with the log; `comment` and `decision` are ids, None where it is about more than one."""

    kind: str
    comment: int | None
    decision: int | None
    words: str


def check_decisions() -> Iterator[Trouble | None]:
    """Walk the whole log beside all comments in bounded memory: a Trouble, or None for each comment that is in order.

    What a moderator decides meanwhile is no trouble: a status is looked at once more before it is reported.
    """
    comments = _comments()
    comment = next(comments, None)
    for comment_id, rows in groupby(_decisions(), key=lambda row: int(row[0])):
        while comment and comment[0] < comment_id:
            yield _unexplained(comment[0])
            comment = next(comments, None)
        broken = None
        last = ""
        previous = ""
        for row in rows:
            broken = broken or _broken(row, previous, last)
            previous, last = row[-1], row[3]
        if broken:
            yield broken
        status = comment[1] if comment and comment[0] == comment_id else None
        yield _unexplained(comment_id) if status not in (None, last) else None
        comment = next(comments, None) if status else comment
    while comment:
        yield _unexplained(comment[0])
        comment = next(comments, None)
    yield from check_seals()


def seal_decisions() -> Seal | None:
    """Count what was decided since the last seal, and sign the count; None if nothing was."""
    settled = Decision.objects.filter(decided_at__lt=timezone.now() - SETTLED).order_by("-decided_at", "-pk")
    through = settled.values_list("pk", flat=True).first()
    last = Seal.objects.order_by("-pk").first()
    before, previous = (last.through_id, last.mac) if last else (0, "")
    if through is None or through <= before:
        return None
    count = _between(before, through).count()
    with transaction.atomic():
        return Seal.objects.create(
            through_id=through,
            decisions=count,
            sealed_at=timezone.now(),
            mac=_seal_mac(previous, through, count),
        )


def check_seals() -> Iterator[Trouble]:
    """Seals that count more decisions than there are, or that were edited."""
    before, previous = 0, ""
    for seal in Seal.objects.order_by("pk").iterator(BATCH):
        if seal.mac != _seal_mac(previous, seal.through_id, seal.decisions):
            yield Trouble("edited", None, None, f"Seal {seal.pk} was edited, or the one before it is gone.")
        found = _between(before, seal.through_id).count()
        if found < seal.decisions:
            lost = f"{seal.decisions - found} of {seal.decisions} decisions"
            words = f"{lost} from {before + 1} to {seal.through_id} are gone."
            yield Trouble("gone", None, None, words)
        before, previous = seal.through_id, seal.mac


def _broken(row: Row, previous: str, last: str) -> Trouble | None:
    """What is wrong with a decision that should continue a chain."""
    comment_id, pk, from_status, to_status, by, at, reason, mac = row
    if mac == mac_of(previous, comment_id, from_status, to_status, by, at, reason):
        return None
    if from_status != last:
        words = f"Before decision {pk} on comment {comment_id} something is gone, or one of them was edited."
        return Trouble("gap", comment_id, pk, words)
    return Trouble("edited", comment_id, pk, f"Decision {pk} on comment {comment_id} was edited, or one before it.")


def _unexplained(comment_id: int) -> Trouble | None:
    """What is wrong with the status of a comment, asked with its last decision in one statement."""
    newest = Decision.objects.filter(comment_id=OuterRef("pk")).order_by("-pk")
    found = Comment.objects.filter(pk=comment_id).annotate(explained=Subquery(newest.values("to_status")[:1]))
    status, explained = found.values_list("status", "explained").first() or ("", "")
    if status == explained:
        return None
    last = f"the last decision says {explained}" if explained else "no decision is there"
    return Trouble("unexplained", comment_id, None, f"Comment {comment_id} is {status}, but {last}.")


def _decisions() -> Iterator[Row]:
    """Each chain in its order, chain by chain."""
    comment_id = pk = 0
    while True:
        after = Decision.objects.filter(comment_id__gte=comment_id).exclude(comment_id=comment_id, pk__lte=pk)
        batch = list(after.order_by("comment_id", "pk").values_list(*COLUMNS)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        comment_id, pk = batch[-1][:2]


def _comments() -> Iterator[tuple[int, str]]:
    pk = 0
    while batch := list(Comment.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "status")[:BATCH]):
        yield from batch
        pk = batch[-1][0]


def _between(before: int, through: int) -> "QuerySet[Decision]":
    return Decision.objects.filter(pk__gt=before, pk__lte=through)


def _seal_mac(previous: str, through: int, count: int) -> str:
    return keyed_hash("seal", previous, str(through), str(count))
