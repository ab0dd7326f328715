"""How a comment comes in: the one door for new comments, whoever writes them.

Evidence is gathered and judged, and the comment, its origin and the first decision are stored in one
transaction. What is slow (cleaning, hashing) happens before it begins.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import html
from articles.inserting import insert
from articles.models import Article
from comments.arrival import SAME, duplicate, receive
from comments.decisions import POLICY, Change, new_decisions, record
from comments.drafts import Draft, Sender, TooLate
from comments.evidence import at_first_sight, evidence_of, rules_of, with_past
from comments.models import Comment, Decision, Discussion, Origin
from comments.policy import Verdict, judge
from comments.privacy import email_key, keyed_hash, network_of
from comments.querysets import KEY_DIGITS
from comments.raids import running, why_held
from comments.staff_mail import tell_staff
from comments.telling import tell_writers
from comments.visibility import visible_comments_changed

STATUS_OF = {
    Verdict.APPROVE: Comment.Status.APPROVED,
    Verdict.HOLD: Comment.Status.PENDING,
    Verdict.SPAM: Comment.Status.SPAM,
}


def submit_comment(article: Article, draft: Draft, sender: Sender) -> Comment:
    """Store a comment with the status that the policy gives it. Raises SubmissionRefused."""
    body_html, seen = html.clean_comment(draft.body), at_first_sight(draft, article, sender)
    origin = Origin(
        fingerprint=fingerprint_of(article, draft),
        network=network_of(sender.address),
        address_key=keyed_hash("address", sender.address) if sender.address else None,
        user_agent=html.plain_line(sender.user_agent)[:300] or None,
    )
    try:
        with transaction.atomic():
            arrival = receive(article.pk, draft, origin)
            evidence = with_past(seen, arrival.writer, arrival.record, sender)
            ruling = judge(evidence, rules_of(arrival.discussion, why_held(arrival.switches)))
            origin.commenter, origin.findings = arrival.writer, ruling.reasons
            status, now = STATUS_OF[ruling.verdict], timezone.now()
            comment = new_comment(arrival.comment_id, article, draft, arrival.parent, body_html, status, now)
            tell_writers(store([(comment, origin)], arrival.discussion.depth, by=draft.by, reason="submitted"))
            if arrival.is_awaited:
                tell_staff(comment)
            if comment.status == Comment.Status.APPROVED:
                visible_comments_changed([article.pk])
    except IntegrityError as error:
        if SAME.rows(fingerprint=origin.fingerprint):
            raise duplicate() from error
        raise
    return comment


def edit_comment(comment: Comment, body: str, sender: Sender) -> Comment:
    """Replace the words of a comment that its writer sees; the whole policy rules again.

    It may be edited for a while (the owner's setting) until a moderator has decided; one that was published at
    once leaves the page if the policy now says hold.
    Raises SubmissionRefused, and Comment.DoesNotExist if it was purged meanwhile.
    """
    body_html = html.clean_comment(body)
    with transaction.atomic():
        list(Article.objects.select_for_update(no_key=True).filter(pk=comment.article_id).values_list("pk"))
        locked = Comment.objects.select_for_update(of=("self",)).select_related("origin__commenter").get(pk=comment.pk)
        discussion, origin, before = Discussion.current(), locked.origin, locked.status
        if locked.decided_at is not None:
            raise TooLate(_("Your comment has been decided on meanwhile, so it stays as it was."))
        if locked.edited_by_staff:
            raise TooLate(_("A moderator has edited your comment meanwhile, so it stays as it is."))
        if not may_be_edited(locked, discussion):
            raise TooLate(_("The time for editing has passed; your comment stays as it was."))
        draft = _draft_of(locked, body)
        fingerprint = fingerprint_of(locked.article_id, draft)
        if Origin.objects.filter(fingerprint=fingerprint).exclude(pk=origin.pk).exists():
            raise duplicate()
        held = why_held(running(locked.article, discussion, timezone.now()))
        ruling = judge(evidence_of(draft, origin.commenter, locked.article, sender), rules_of(discussion, held))
        locked.body, locked.body_html, locked.status = body, body_html, STATUS_OF[ruling.verdict]
        locked.save(update_fields=["body", "body_html", "status"])
        origin.fingerprint, origin.findings = fingerprint, ruling.reasons
        origin.save(update_fields=["fingerprint", "findings"])
        tell_writers(record([Change(locked, before, locked.status)], by=POLICY, reason="edited by its writer"))
        tell_staff(locked)
        if Comment.Status.APPROVED in (before, locked.status):
            visible_comments_changed([locked.article_id])
    return locked


def may_be_edited(comment: Comment, discussion: Discussion) -> bool:
    """Young enough, and no moderator has decided on it or edited it."""
    is_untouched = comment.decided_at is None and not comment.edited_by_staff
    is_open = comment.status != Comment.Status.TRASH and is_untouched
    return is_open and timezone.now() < comment.submitted_at + timedelta(minutes=discussion.edit_minutes)


def fingerprint_of(article: Article | int, draft: Draft) -> str:
    """The keyed hash of article, person and text that makes a comment one of a kind."""
    article_id = article if isinstance(article, int) else article.pk
    person = email_key(draft.email) if draft.email else f"{draft.badge} {draft.name}"
    return keyed_hash("comment", str(article_id), person, normalised(draft.body))


def normalised(body: str) -> str:
    """The text without what doesn't make it another text: case, spacing, composition of letters."""
    return " ".join(unicodedata.normalize("NFKC", body).casefold().split())


def sort_key_below(parent: Comment | None, pk: int, max_depth: int) -> tuple[str, int]:
    """Sort key and depth of a comment that answers `parent`; `max_depth` levels at most.

    Below the deepest level a reply stands beside what it answers, at the last level.
    """
    own = f"{pk:0{KEY_DIGITS}}"
    if parent is None:
        return own, 0
    levels = min(len(parent.sort_key) // KEY_DIGITS, max_depth - 1)
    prefix = parent.sort_key[: levels * KEY_DIGITS]
    return prefix + own, levels


def _draft_of(comment: Comment, body: str) -> Draft:
    commenter = comment.origin.commenter
    return Draft(
        body=body,
        name=comment.name,
        email=commenter.address if commenter else "",
        website=comment.website,
        badge=comment.badge,
    )


def new_comment(
    pk: int,
    article: Article,
    draft: Draft,
    parent: Comment | None,
    body_html: str,
    status: str,
    submitted_at: datetime,
) -> Comment:
    """A comment that is not stored yet; its id was drawn before, because its place among the others is made of it."""
    return Comment(
        pk=pk,
        article=article,
        parent=parent,
        name=draft.name,
        website=draft.website,
        body=draft.body,
        body_html=body_html,
        status=status,
        badge=draft.badge,
        submitted_at=submitted_at,
    )


def store(new: Sequence[tuple[Comment, Origin]], max_depth: int, *, by: str, reason: str) -> list[Decision]:
    """Insert comments, in an order in which parents come first, each with its private side and its first decision."""
    for comment, origin in new:
        origin.comment_id = comment.pk
        comment.sort_key, comment.depth = sort_key_below(comment.parent, comment.pk, max_depth)
        origin.name_key = origin.commenter.name_key(comment.name) if origin.commenter else None
    comments, origins = [comment for comment, _ in new], [origin for _, origin in new]
    decisions = new_decisions([Change(comment, "", comment.status) for comment in comments], by=by, reason=reason)
    insert(comments, origins, decisions)
    return decisions
