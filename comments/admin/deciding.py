"""What the list and the queue have in common: the moderators' verbs by name, what is said of them, and undo.

Each thing that a moderator does is a step, kept in the session; undo takes back the last one.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from comments import review
from comments.blocking import block_writer, is_blocked, unblock
from comments.decisions import WITHDRAWN, WRITER
from comments.drafts import SubmissionRefused
from comments.editing import Words, edit_by_staff
from comments.models import Comment, Decision, Edit, Reason
from comments.policy import counted
from comments.querysets import CommentQuerySet
from comments.threads import MAX_PICKS

Verb = Callable[..., list[Decision]]
VERBS: Mapping[str, tuple[Verb, str]] = {
    "approve": (review.approve, "approved"),
    "spam": (review.mark_as_spam, "marked as spam"),
    "trash": (review.trash, "moved to trash"),
    "hold": (review.hold, "put back to pending"),
}
MARKS: Mapping[str, tuple[Callable[..., int], str]] = {
    "pick": (review.pick, "marked as editors’ pick"),
    "unpick": (review.unpick, "no longer marked"),
}
PICK = "pick"
LABELS = {"approve": "Approve", "spam": "Spam", "trash": "Trash", "hold": "Back to pending"}
VERB_TO = {"approved": "approve", "spam": "spam", "trash": "trash", "pending": "hold"}
DONE_TO = {"approved": "approved it", "spam": "marked it as spam", "trash": "declined it", "pending": "put it back"}
# What a step can hold beside decisions.
ALSO = {
    "picked": ("comment", "marked as editors’ pick"), "unpicked": ("comment", "no longer marked"),
    "answered": ("reply", "sent"), "edited": ("comment", "edited"), "blocked": ("sender", "blocked"),
}  # fmt: skip
STEPS_KEY = "comments.steps"
STEPS = 20
MOST_CROWDS = 3
LINK = re.compile(r'<a href="([^"]*)"[^>]*>')


def decide(request: HttpRequest, name: str, comments: CommentQuerySet) -> list[Decision]:
    """Run a verb with the reason that goes with trash, and remember it for undo."""
    given = request.POST.get("reason", "") if name == "trash" else ""
    reason = given if given in Reason.objects.values_list("code", flat=True) else ""
    made = VERBS[name][0](comments, by=request.user.get_username(), reason=reason)
    remember(request, decisions=[decision.pk for decision in made])
    return made


def mark(request: HttpRequest, name: str, comments: CommentQuerySet) -> int:
    """Mark picks or take the marks away, and remember that for undo; how many."""
    chosen = comments.approved().filter(is_pick=name == "unpick")
    ids = list(chosen.values_list("pk", flat=True))
    count = MARKS[name][0](comments, by=request.user.get_username())
    remember(request, **{f"{name}ed": ids if count else []})
    return count


def told_of_crowds(comments: CommentQuerySet) -> str:
    """That more comments are picked than stand above the others, to end a sentence with; "" if there are no more."""
    picked = Comment.objects.visible().filter(is_pick=True, article__in=comments.order_by().values("article"))
    counted_by_article = picked.order_by().values_list("article__title").annotate(many=Count("pk"))
    return "".join(
        f"; “{title}” has {many} picks: the first {MAX_PICKS} of its thread stand above, the others are marked below"
        for title, many in counted_by_article.filter(many__gt=MAX_PICKS).order_by("article")[:MOST_CROWDS]
    )


def block(request: HttpRequest, comment: Comment) -> bool:
    """Block the address that a comment came with, without showing it; False if it is not known any more."""
    was_blocked = is_blocked(comment)
    made = block_writer(comment, by=request.user.get_username())
    remember(request, blocked=[] if made is None or was_blocked else [made.pk])
    return made is not None


def remember(request: HttpRequest, **done: list[int]) -> None:
    """Note what was done, with ids. What one request does is one step; what it did with nothing is none."""
    if not any(done.values()):
        return
    steps = request.session.get(STEPS_KEY, [])
    if not request.META.get(STEPS_KEY):
        steps = [*steps, {}][-STEPS:]
    for name, ids in done.items():
        steps[-1].setdefault(name, []).extend(ids)
    request.META[STEPS_KEY] = True
    request.session[STEPS_KEY] = steps


def next_undo(request: HttpRequest) -> str:
    """What undo would take back, as in "Undo takes back: 1 comment approved."; "" if there is no step."""
    steps = request.session.get(STEPS_KEY)
    if not steps:
        return ""
    step = steps[-1]
    made = Decision.objects.filter(pk__in=step.get("decisions", []))
    statuses = Counter(made.order_by("pk").values_list("to_status", flat=True))
    done = [f"{counted(many, 'comment')} {VERBS[VERB_TO[status]][1]}" for status, many in statuses.items()]
    done += [f"{counted(len(step[name]), noun)} {what}" for name, (noun, what) in ALSO.items() if step.get(name)]
    return f"Undo takes back: {', '.join(done)}."


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo took back: the comments that are where they were before, and the number of senders let in again."""

    comments: set[int]
    senders: int

    @property
    def sentence(self) -> str:
        """For the moderator; "" if nothing was taken back."""
        comments = f"{counted(len(self.comments), 'comment')} put back to where they were."
        senders = "The sender is let in again." if self.senders else ""
        return " ".join(part for part in (self.comments and comments, senders) if part)


def undo(request: HttpRequest) -> Undone:
    """Take back this moderator's last step."""
    steps = request.session.get(STEPS_KEY, [])
    step: dict[str, list[int]] = steps[-1] if steps else {}
    request.session[STEPS_KEY] = steps[:-1]
    by, chosen = request.user.get_username(), Comment.objects.all()
    picked, unpicked = step.get("picked", []), step.get("unpicked", [])
    review.trash(chosen.filter(pk__in=step.get("answered", [])), by=by)
    review.unpick(chosen.filter(pk__in=picked), by=by)
    review.pick(chosen.filter(pk__in=unpicked), by=by)
    made = review.undo(step.get("decisions", []), by=by)
    put_right = [pk for edit in Edit.objects.filter(pk__in=step.get("edited", [])) if (pk := unedit(edit, by))]
    may_unblock = request.user.has_perm("comments.delete_block")
    senders = sum(unblock(pk) for pk in step.get("blocked", []) if may_unblock)
    return Undone({decision.comment_id for decision in made}.union(picked, unpicked, put_right), senders)


def unedit(edit: Edit, by: str) -> int | None:
    """Put the words before an edit back; the comment's id, None if its words changed again since."""
    before, after = Words(**edit.before), Words(**edit.after)
    try:
        edit_by_staff(edit.comment, before, opened_on=after.key, by=by)
    except SubmissionRefused:
        return None
    return edit.comment_id


def told(decision: Decision) -> str:
    """Who did what, as in "mira approved it"."""
    if decision.decided_by == WRITER and decision.reason == WITHDRAWN:
        return "its writer withdrew it"
    return f"{decision.decided_by} {DONE_TO[decision.to_status]}"


def verbs_for(comment: Comment) -> list[tuple[str, str]]:
    """Verb and label of each button that changes something."""
    marks = [("unpick", "Unpick") if comment.is_pick else ("pick", "Pick")]
    verbs = [(verb, label) for verb, label in LABELS.items() if verb != VERB_TO[comment.status]]
    if comment.status == Comment.Status.APPROVED and comment.unsettled_reports:  # type: ignore[attr-defined]
        verbs = [("approve", "Keep"), *verbs]
    return verbs + marks if comment.status == Comment.Status.APPROVED else verbs


def without_links(body_html: str) -> str:
    """Cleaned HTML whose links say where they lead and lead nowhere: a moderator's click should visit no spammer."""
    return LINK.sub(r'<span class="link" title="\1">', body_html).replace("</a>", "</span>")


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page of ours that the form was on."""
    target: Any = request.POST.get("next") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_ours else otherwise)
