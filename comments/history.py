"""What the newsroom knows of the writer of a comment: other comments, decisions, reports, notes, whether blocked.

A writer is named by one of their comments, and nothing here tells the address. Nine queries, however much they wrote.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from comments.blocking import block_on
from comments.models import Block, Comment, Commenter, Decision, Note, Report
from comments.records import Record, record_of

# So many comments a page, so many of the last decisions on each, so many notes.
SHOWN = 20
MOST_DECISIONS = 8
MOST_NOTES = 50
ARTICLE = ("title", "slug", "status", "published_at", "went_live_at", "address_year", "address_month")
COLUMNS = ("body", "body_html", "name", "status", "submitted_at", "is_pick", *(f"article__{name}" for name in ARTICLE))


@dataclass(frozen=True, slots=True)
class Told:
    """One comment of theirs, the last decisions on it (the newest first) and its reports."""

    comment: Comment
    decisions: Sequence[Decision]
    reports: Sequence[Report]


@dataclass(frozen=True, slots=True)
class History:
    """What is shown of a writer; `before` is the comment to go on from, 0 if there is no older one.

    `is_known` is False for one who was erased, and for staff, of whom no address is kept.
    """

    is_known: bool
    record: Record
    told: Sequence[Told]
    before: int
    notes: Sequence[Note]
    block: Block | None


def history_of(comment: Comment, before: int = 0) -> History:
    """A page of what its writer wrote, the newest first; of an unknown writer, this comment alone."""
    person = Commenter.objects.filter(origins__comment=comment).first()
    if person is None:
        return History(False, Record(), _told([comment.pk]), 0, [], None)
    written = Comment.objects.filter(origin__commenter=person)
    older = written.filter(pk__lt=before) if before else written
    ids = list(older.order_by("-pk").values_list("pk", flat=True)[: SHOWN + 1])
    return History(
        is_known=True,
        record=record_of(person),
        told=_told(ids[:SHOWN]),
        before=ids[SHOWN - 1] if len(ids) > SHOWN else 0,
        notes=list(person.notes.order_by("-pk")[:MOST_NOTES]),
        block=block_on(person),
    )


def _told(ids: Collection[int]) -> list[Told]:
    comments = Comment.objects.filter(pk__in=ids).select_related("article").only(*COLUMNS).order_by("-pk")
    decisions, reports = _decisions_on(ids), _reports_of(ids)
    return [Told(each, decisions[each.pk][:MOST_DECISIONS], reports[each.pk]) for each in comments]


def _decisions_on(ids: Collection[int]) -> Mapping[int, list[Decision]]:
    found = defaultdict(list)
    for decision in Decision.objects.filter(comment_id__in=ids).order_by("-pk"):
        found[decision.comment_id].append(decision)
    return found


def _reports_of(ids: Collection[int]) -> Mapping[int, list[Report]]:
    found = defaultdict(list)
    for report in Report.objects.filter(comment__in=ids).order_by("-pk"):
        found[report.comment_id].append(report)
    return found
