"""A card of the queue: one comment with all that a moderator needs to decide on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from comments.admin.addresses import for_eyes_of
from comments.admin.deciding import told, verbs_for, without_links
from comments.findings import is_grave
from comments.models import Comment, Decision, Reason
from comments.notes import notes_on
from comments.queue import cards
from comments.records import Record, records_of
from comments.reported import reasons_of

KEYS = {"approve": "a", "spam": "s", "trash": "t", "pick": "p", "unpick": "p"}
# What a button says here, where it is not what the list says.
LABELS = {"trash": "Decline", "hold": "Hold", "pick": "Pick", "unpick": "Unpick"}
# Keys 1 to 9; 0 declines without a reason.
MOST_NUMBERS = 9


@dataclass(frozen=True, slots=True)
class Card:
    """One comment; `seen` is the decision that its moderator knows of, `told` says who made it if a moderator did."""

    comment: Comment
    seen: int
    told: str
    record: Record
    reported: list[str]
    notes: list[str]
    findings: list[tuple[str, bool]]
    verbs: list[tuple[str, str, str]]
    taken_by: str = ""
    following: int = 0
    staff_notes: int = 0

    @property
    def said_html(self) -> str:
        """The words as readers would see them, cleaned when they were stored, with links that lead nowhere."""
        return without_links(self.comment.body_html)


def make_cards(comments: Sequence[Comment], taken: Mapping[int | None, str], user: Any) -> list[Card]:
    """One for each, in three queries; `user` reads them, and knows what they did themselves."""
    made, by, shown = [], user.get_username(), for_eyes_of(user)
    origins = {comment.pk: getattr(comment, "origin", None) for comment in comments}
    people = {pk: origin.commenter_id for pk, origin in origins.items() if origin and origin.commenter_id}
    records, written = records_of(set(people.values())), notes_on(set(people.values()))
    decisions = Decision.objects.in_bulk([comment.seen for comment in comments])  # type: ignore[attr-defined]
    following = [*(comment.pk for comment in comments[1:]), 0]
    for comment, after in zip(comments, following, strict=False):
        origin, reports = origins[comment.pk], comment.unsettled_reports  # type: ignore[attr-defined]
        newest = decisions.get(comment.seen)  # type: ignore[attr-defined]
        made.append(
            Card(
                comment=comment,
                seen=comment.seen or 0,  # type: ignore[attr-defined]
                told=told(newest) if newest and is_news(newest, by) else "",
                record=records.get(people.get(comment.pk, 0), Record()),
                reported=reasons_of(reports),
                notes=list(dict.fromkeys(shown(report.note) for report in reports if report.note)),
                findings=[(shown(finding), is_grave(finding)) for finding in (origin.findings if origin else [])],
                verbs=buttons(comment),
                taken_by=taken.get(comment.pk, ""),
                following=after,
                staff_notes=written.get(people.get(comment.pk, 0), 0),
            )
        )
    return made


def is_news(decision: Decision, by: str) -> bool:
    """Somebody decided after the comment came in, and whoever reads it did not put it back just now."""
    is_own_undo = decision.decided_by == by and decision.to_status == Comment.Status.PENDING
    return bool(decision.from_status) and not is_own_undo


def buttons(comment: Comment) -> list[tuple[str, str, str]]:
    """Verb, label and key. What waits can be picked too, which lets it through."""
    verbs = verbs_for(comment)
    if comment.status == Comment.Status.PENDING:
        verbs = [*verbs, ("pick", "Pick")]
    return [(verb, LABELS.get(verb, label), KEYS.get(verb, "")) for verb, label in verbs]


def reasons() -> list[tuple[str, Reason]]:
    """The owner's list, each with the key that chooses it; "" where keys run out."""
    return [(str(n) if n <= MOST_NUMBERS else "", reason) for n, reason in enumerate(Reason.objects.all(), start=1)]


def cards_html(request: HttpRequest, ids: Sequence[int], taken: Mapping[int | None, str], page: str) -> dict[int, str]:
    """The cards of some comments, as the page would show them."""
    made = make_cards(cards(Comment.objects.filter(pk__in=ids)), taken, request.user) if ids else []
    context: dict[str, Any] = {"reasons": reasons(), "page": page} if made else {}
    template = "admin/comments/queue/_card.html"
    return {each.comment.pk: render_to_string(template, context | {"card": each}, request) for each in made}
