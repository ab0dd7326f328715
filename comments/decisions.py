"""The append-only log of decisions: each row's mac continues its comment's chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from articles.inserting import insert
from comments.models import Comment, Decision, Reason
from comments.privacy import keyed_hash

POLICY = "policy"
WRITER = "its writer"
REPORTS = "readers’ reports"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """A comment on its way from one status to another; `from_status` is "" for a new one."""

    comment: Comment
    from_status: str
    to_status: str


def record(changes: Iterable[Change], *, by: str, reason: str) -> list[Decision]:
    """Write one row a change, in the caller's transaction, which holds the comments' locks."""
    made = new_decisions(list(changes), by=by, reason=reason)
    insert(made)
    return made


def new_decisions(changes: Sequence[Change], *, by: str, reason: str) -> list[Decision]:
    """The rows of these changes, which are not stored yet."""
    now = timezone.now()
    known = [change.comment.pk for change in changes if change.from_status]
    last = _last_macs(known) if known else {}
    rows = []
    for change in changes:
        statuses = (change.from_status, change.to_status)
        mac = mac_of(last.get(change.comment.pk, ""), change.comment.pk, *statuses, by, now, reason)
        rows.append(
            Decision(
                comment_id=change.comment.pk,
                from_status=change.from_status,
                to_status=change.to_status,
                decided_by=by,
                decided_at=now,
                reason=reason,
                mac=mac,
            )
        )
    return rows


def mac_of(previous: str, comment_id: int, from_status: str, to_status: str, by: str, at: datetime, reason: str) -> str:
    """The mac of a row that comes after the row with the mac `previous`; "" before the first of a comment."""
    fields = (str(comment_id), from_status, to_status, by, at.isoformat(), reason)
    return keyed_hash("decision", previous, *fields)


def reason_text(comment: Comment) -> str:
    """What the owner's list says to the writer on why a comment was declined; "" where no reason was given."""
    reason = Reason.objects.filter(code=_last_reason(comment)).first()
    return reason.text if reason else ""


def why_removed(comment: Comment) -> str:
    """What its writer reads on a comment that went to trash: withdrawn, or declined and why."""
    if _last_reason(comment) == WITHDRAWN:
        return gettext("You withdrew this comment.")
    return f"{gettext('A moderator declined this comment.')} {reason_text(comment)}".strip()


def _last_reason(comment: Comment) -> str:
    last = Decision.objects.filter(comment_id=comment.pk).order_by("-pk").first()
    return last.reason if last else ""


def _last_macs(comment_ids: list[int]) -> dict[int, str]:
    """Where the chains of these comments end; a new one has none."""
    found = Decision.objects.filter(comment_id__in=comment_ids).order_by("pk")
    return dict(found.values_list("comment_id", "mac"))
