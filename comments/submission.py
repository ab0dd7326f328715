"""How a comment comes in: the one door for new comments, whoever writes them.

Evidence is gathered and judged, and the comment, its origin and the first decision are stored in one
transaction. What is slow (cleaning, hashing) happens before it begins.
"""

import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from articles import html
from articles.models import Article
from comments.decisions import POLICY, Change, record
from comments.drafts import Closed, Draft, Duplicate, ParentGone, Past, Sender, TooFast, TooLate
from comments.models import Comment, Commenter, Decision, Origin
from comments.policy import Evidence, Rules, Verdict, judge
from comments.privacy import email_key, keyed_hash, network_of
from comments.querysets import KEY_DIGITS
from comments.telling import tell_writers
from comments.visibility import visible_comments_changed

# WordPress's default: one comment in 15 seconds from one address.
FLOOD_SECONDS = 15
EDIT_MINUTES = 15
STATUS_OF = {
    Verdict.APPROVE: Comment.Status.APPROVED,
    Verdict.HOLD: Comment.Status.PENDING,
    Verdict.SPAM: Comment.Status.SPAM,
}


def submit_comment(article: Article, draft: Draft, sender: Sender) -> Comment:
    """Store a reader's comment with the status that the policy gives it. Raises SubmissionRefused."""
    person = email_key(draft.email)
    fingerprint = keyed_hash("comment", str(article.pk), person, normalised(draft.body))
    body_html = html.clean_comment(draft.body)
    address_key = keyed_hash("address", sender.address) if sender.address else None
    try:
        with transaction.atomic():
            _lock_open_article(article.pk)
            parent = _locked_parent(article.pk, draft.parent_id)
            commenter = _locked_commenter(person, draft.email, answering=parent)
            if Origin.objects.filter(fingerprint=fingerprint).exists():
                raise _duplicate()
            if settings.OPED_RATE_LIMITS:
                _refuse_flood(commenter, address_key, timezone.now())
            ruling = judge(_evidence(draft, commenter), Rules())
            comment = _comment(article, draft, parent, body_html, STATUS_OF[ruling.verdict], timezone.now())
            origin = Origin(
                commenter=commenter,
                fingerprint=fingerprint,
                network=network_of(sender.address),
                address_key=address_key,
                user_agent=html.plain_line(sender.user_agent)[:300] or None,
                findings=ruling.reasons,
            )
            tell_writers(_store(comment, origin, by=POLICY, reason="submitted"))
            if comment.status == Comment.Status.APPROVED:
                visible_comments_changed([article.pk])
    except IntegrityError as error:
        if Origin.objects.filter(fingerprint=fingerprint).exists():
            raise _duplicate() from error
        raise
    return comment


def edit_comment(comment: Comment, body: str) -> Comment:
    """Replace the words of a comment that its writer sees; the whole policy rules again. Raises SubmissionRefused.

    It may be edited for EDIT_MINUTES while no moderator has decided on it; one that was published at once
    leaves the page if the policy now says hold.
    """
    body_html = html.clean_comment(body)
    with transaction.atomic():
        list(Article.objects.select_for_update(no_key=True).filter(pk=comment.article_id).values_list("pk"))
        locked = Comment.objects.select_for_update(of=("self",)).select_related("origin__commenter").get(pk=comment.pk)
        origin, before = locked.origin, locked.status
        if not may_be_edited(locked) or origin.commenter is None:
            raise TooLate("The time for editing has passed; your comment stays as it was.")
        person = origin.commenter.email_key
        fingerprint = keyed_hash("comment", str(locked.article_id), person, normalised(body))
        if Origin.objects.filter(fingerprint=fingerprint).exclude(pk=origin.pk).exists():
            raise _duplicate()
        draft = Draft(body=body, name=locked.name, email=origin.commenter.address, website=locked.website)
        ruling = judge(_evidence(draft, origin.commenter), Rules())
        locked.body, locked.body_html, locked.status = body, body_html, STATUS_OF[ruling.verdict]
        locked.save(update_fields=["body", "body_html", "status"])
        origin.fingerprint, origin.findings = fingerprint, ruling.reasons
        origin.save(update_fields=["fingerprint", "findings"])
        tell_writers(record([Change(locked, before, locked.status)], by=POLICY, reason="edited by its writer"))
        if Comment.Status.APPROVED in (before, locked.status):
            visible_comments_changed([locked.article_id])
    return locked


def may_be_edited(comment: Comment) -> bool:
    """Young enough, and no moderator has decided on it."""
    is_open = comment.status in (Comment.Status.PENDING, Comment.Status.APPROVED) and comment.decided_at is None
    return is_open and timezone.now() < comment.submitted_at + timedelta(minutes=EDIT_MINUTES)


def import_comment(article: Article, draft: Draft, past: Past) -> Comment:
    """Store a comment that was made and decided on elsewhere, or earlier; the caller recounts the article.

    Its status stays whatever the policy says; the findings of one that still waits are kept for the moderator.
    """
    person = email_key(draft.email)
    fingerprint = keyed_hash("comment", str(article.pk), person, normalised(draft.body))
    with transaction.atomic():
        is_repeated = Origin.objects.filter(fingerprint=fingerprint).exists()
        commenter = _locked_commenter(person, draft.email)
        body_html = html.clean_comment(draft.body)
        comment = _comment(article, draft, past.parent, body_html, past.status, past.submitted_at)
        comment.badge = past.badge
        waits = past.status in (Comment.Status.PENDING, Comment.Status.SPAM)
        findings = judge(_evidence(draft, commenter), Rules()).reasons if waits else []
        origin = Origin(commenter=commenter, fingerprint=None if is_repeated else fingerprint, findings=findings)
        _store(comment, origin, by=past.by, reason="imported")
    return comment


def normalised(body: str) -> str:
    """The text without what doesn't make it another text: case, spacing, composition of letters."""
    return " ".join(unicodedata.normalize("NFKC", body).casefold().split())


def sort_key_below(parent: Comment | None, pk: int) -> tuple[str, int]:
    """Sort key and depth of a comment that answers `parent`.

    Below the deepest level a reply stands beside what it answers, at the last level.
    """
    own = f"{pk:0{KEY_DIGITS}}"
    if parent is None:
        return own, 0
    levels = min(len(parent.sort_key) // KEY_DIGITS, settings.OPED_COMMENT_DEPTH - 1)
    prefix = parent.sort_key[: levels * KEY_DIGITS]
    return prefix + own, levels


def _lock_open_article(article_id: int) -> None:
    article = Article.objects.select_for_update(no_key=True).published().filter(pk=article_id).first()
    if article is None or not article.comments_open:
        raise Closed("Comments on this article are closed.")


def _locked_parent(article_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    found = Comment.objects.select_for_update(of=("self",), no_key=True).visible().filter(article_id=article_id)
    parent = found.filter(pk=parent_id).first()
    if parent is None:
        raise ParentGone("The comment you are answering is no longer there. Send again to post yours by itself.")
    return parent


def _locked_commenter(person: str, address: str, answering: Comment | None = None) -> Commenter:
    """The person's row, locked; made if it isn't there, or was purged between two looks.

    Whoever is answered may be told of it, and is locked along, by id: two who answer each other would deadlock.
    """
    told = Origin.objects.filter(pk=answering.pk).values_list("commenter", flat=True).first() if answering else None
    either = Q(email_key=person) | Q(pk=told) if told else Q(email_key=person)
    while True:
        for found in Commenter.objects.select_for_update().filter(either).order_by("pk"):
            if found.email_key == person:
                return found
        commenter, is_new = Commenter.objects.get_or_create(email_key=person, defaults={"address": address})
        if is_new:
            return commenter


def _duplicate() -> Duplicate:
    return Duplicate("It looks as though you’ve already said that: we have this comment, it need not be sent again.")


def _refuse_flood(commenter: Commenter, address_key: str | None, now: datetime) -> None:
    since = now - timedelta(seconds=FLOOD_SECONDS)
    sender = Q(commenter=commenter) | Q(address_key=address_key) if address_key else Q(commenter=commenter)
    recent = Origin.objects.filter(sender, comment__submitted_at__gt=since, comment__submitted_at__lte=now)
    latest = recent.aggregate(latest=Max("comment__submitted_at"))["latest"]
    if latest is not None:
        raise TooFast(max(1, min(FLOOD_SECONDS, round((latest - since).total_seconds()))))


def _evidence(draft: Draft, commenter: Commenter) -> Evidence:
    earlier = Comment.objects.filter(origin__commenter=commenter)
    return Evidence(
        name=draft.name,
        website=draft.website,
        body=draft.body,
        honeypot=draft.honeypot,
        approved_before=earlier.approved().count(),
        refused_before=earlier.filter(status__in=("spam", "trash")).count(),
    )


def _comment(
    article: Article,
    draft: Draft,
    parent: Comment | None,
    body_html: str,
    status: str,
    submitted_at: datetime,
) -> Comment:
    return Comment(
        article=article,
        parent=parent,
        name=draft.name,
        website=draft.website,
        body=draft.body,
        body_html=body_html,
        status=status,
        submitted_at=submitted_at,
    )


def _store(comment: Comment, origin: Origin, *, by: str, reason: str) -> list[Decision]:
    comment.save(force_insert=True)
    comment.sort_key, comment.depth = sort_key_below(comment.parent, comment.pk)
    comment.save(update_fields=["sort_key", "depth"])
    origin.comment = comment
    origin.save(force_insert=True)
    return record([Change(comment, "", comment.status)], by=by, reason=reason)
