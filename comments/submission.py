"""How a comment comes in: the one door for new comments, whoever writes them.

Evidence is gathered and judged, and the comment, its origin and the first decision are stored in one
transaction. What is slow (cleaning, hashing) happens before it begins.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import html
from articles.models import Article
from articles.statements import Statement, insert, together
from comments.closing import takes_comments
from comments.decisions import POLICY, Change, new_decisions, record
from comments.drafts import CLOSED, Closed, Draft, Duplicate, ParentGone, Sender, TooFast, TooLate
from comments.evidence import at_first_sight, evidence_of, rules_of, with_past
from comments.models import Comment, Commenter, Decision, Discussion, Origin
from comments.models.discussion import CURRENT
from comments.policy import Verdict, judge
from comments.privacy import email_key, keyed_hash, network_of
from comments.querysets import KEY_DIGITS
from comments.raids import Running, running, seconds_between, why_held
from comments.staff_mail import tell_staff
from comments.telling import tell_writers
from comments.visibility import visible_comments_changed

# Stands for a person where there is none.
NOBODY = 0
RULES = ("comments_open", "comments_close_at", "published_at", "raid", "raid_until", "raid_seconds")
STATUS_OF = {
    Verdict.APPROVE: Comment.Status.APPROVED,
    Verdict.HOLD: Comment.Status.PENDING,
    Verdict.SPAM: Comment.Status.SPAM,
}


def submit_comment(article: Article, draft: Draft, sender: Sender) -> Comment:
    """Store a comment with the status that the policy gives it. Raises SubmissionRefused."""
    fingerprint = fingerprint_of(article, draft)
    body_html = html.clean_comment(draft.body)
    address_key = keyed_hash("address", sender.address) if sender.address else None
    network, seen = network_of(sender.address), at_first_sight(draft, article, sender)
    try:
        with transaction.atomic():
            discussion, switches, people = _lock_open_article(article.pk, draft)
            parent = _locked_parent(article.pk, draft.parent_id)
            commenter, is_new = _locked_commenter(draft.email, people, answering=parent)
            # Of a person whom nobody knew there is nothing to read; the fingerprint's constraint holds all the same.
            if not is_new and Origin.objects.filter(fingerprint=fingerprint).exists():
                raise _duplicate()
            if settings.OPED_RATE_LIMITS and not draft.badge:
                _refuse_flood(commenter, address_key, network, discussion.flood_seconds, seconds_between(switches))
            evidence = seen if is_new else with_past(seen, commenter, sender)
            ruling = judge(evidence, rules_of(discussion, why_held(switches)))
            comment = new_comment(article, draft, parent, body_html, STATUS_OF[ruling.verdict], timezone.now())
            origin = Origin(
                commenter=commenter,
                fingerprint=fingerprint,
                network=network,
                address_key=address_key,
                user_agent=html.plain_line(sender.user_agent)[:300] or None,
                findings=ruling.reasons,
            )
            tell_writers(store([(comment, origin)], discussion.depth, by=draft.by, reason="submitted"))
            tell_staff(comment)
            if comment.status == Comment.Status.APPROVED:
                visible_comments_changed([article.pk])
    except IntegrityError as error:
        if Origin.objects.filter(fingerprint=fingerprint).exists():
            raise _duplicate() from error
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
            raise _duplicate()
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


def _lock_open_article(
    article_id: int, draft: Draft
) -> tuple[Discussion, Sequence[Running], Sequence[Commenter] | None]:
    """The owner's choices and the raid switches, as they stand once the article is ours. Raises Closed.

    Who writes without answering anybody is locked in the same message, before which others would wait for the article;
    None for an answer, whose parent is locked first.
    """
    writer = () if draft.parent_id else ((LOCKED_PEOPLE, {"person": _person(draft.email), "told": NOBODY}),)
    found, choices, *people = together(
        (LOCKED_ARTICLE, {"now": timezone.now(), "pk": article_id}), (CURRENT, {}), *writer
    )
    discussion, now = Discussion.of(choices), timezone.now()
    if not found or not takes_comments(found[0], discussion, now):
        raise Closed(CLOSED)
    return discussion, running(found[0], discussion, now), people[0] if people else None


LOCKED_ARTICLE = Statement(
    lambda now, pk: Article.objects.published(now).filter(pk=pk).only(*RULES).select_for_update(no_key=True),
    now=datetime,
    pk=int,
)


def _locked_parent(article_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    found = Comment.objects.select_for_update(of=("self",), no_key=True).visible().filter(article_id=article_id)
    parent = found.filter(pk=parent_id).first()
    if parent is None:
        raise ParentGone(_("The comment you are answering is no longer there. Send again to post yours by itself."))
    return parent


def _locked_commenter(
    address: str, people: Sequence[Commenter] | None, answering: Comment | None
) -> tuple[Commenter | None, bool]:
    """The person's row, locked, and whether it was made now; made too if it was purged between two looks.

    None for no address. `people` are those who were found with the article, if they were looked for. Whoever is
    answered may be told of it, and is locked along, by id: two who answer each other would deadlock.
    """
    person = _person(address)
    told = Origin.objects.filter(pk=answering.pk).values_list("commenter", flat=True).first() if answering else None
    while True:
        for found in LOCKED_PEOPLE.objects(person=person, told=told or NOBODY) if people is None else people:
            if found.email_key == person:
                return found, False
        people = None
        if not person:
            return None, False
        made = _new_commenter(person, address)
        if made is not None:
            return made, True


def _person(address: str) -> str:
    return email_key(address) if address else ""


LOCKED_PEOPLE = Statement(
    lambda person, told: Commenter.objects.filter(Q(email_key=person) | Q(pk=told)).order_by("pk").select_for_update(),
    person=str,
    told=int,
)


def _new_commenter(person: str, address: str) -> Commenter | None:
    """A row for somebody new, which nobody else can lock before we commit; None if another request has just made it."""
    made = Commenter(email_key=person, address=address)
    insert([made], on_conflict="(email_key) DO NOTHING")
    return made if made.pk else None


def _duplicate() -> Duplicate:
    return Duplicate(_("It looks as though you’ve already said that: we have this comment, it need not be sent again."))


def _refuse_flood(
    commenter: Commenter | None, address_key: str | None, network: str | None, usual_seconds: int, slow_seconds: int
) -> None:
    """`slow_seconds`, if there are any, count for the whole network. Raises TooFast."""
    now, seconds = timezone.now(), max(usual_seconds, slow_seconds)
    since = now - timedelta(seconds=seconds)
    person = commenter.pk if commenter else NOBODY
    around = network if slow_seconds and network else ""
    recent = LATEST.rows(since=since, now=now, person=person, address=address_key or "", network=around)
    if recent:
        raise TooFast(max(1, min(seconds, round((recent[0][0] - since).total_seconds()))), slow_seconds)


def _latest(
    since: datetime, now: datetime, person: int, address: str, network: str
) -> "QuerySet[Origin, tuple[datetime]]":
    sent = Origin.objects.filter(Q(commenter=person) | Q(address_key=address) | Q(network=network))
    recent = sent.filter(comment__submitted_at__gt=since, comment__submitted_at__lte=now)
    return recent.order_by("-comment__submitted_at").values_list("comment__submitted_at")[:1]


LATEST = Statement(_latest, since=datetime, now=datetime, person=int, address=str, network=str)


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
    article: Article,
    draft: Draft,
    parent: Comment | None,
    body_html: str,
    status: str,
    submitted_at: datetime,
) -> Comment:
    """A comment that is not stored yet."""
    return Comment(
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
    """Insert comments, in an order in which parents come first, each with its private side and its first decision.

    Ids are drawn before, because a comment's place among the others is made of them.
    """
    for (comment, origin), pk in zip(new, next_ids(len(new)), strict=True):
        comment.pk = origin.comment_id = pk
        comment.sort_key, comment.depth = sort_key_below(comment.parent, pk, max_depth)
        origin.name_key = origin.commenter.name_key(comment.name) if origin.commenter else None
    comments, origins = [comment for comment, _ in new], [origin for _, origin in new]
    decisions = new_decisions([Change(comment, "", comment.status) for comment in comments], by=by, reason=reason)
    insert(comments, origins, decisions)
    return decisions


def next_ids(count: int) -> list[int]:
    """Ids for new comments, in ascending order; no id is ever given twice, because links to comments hold for ever."""
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [table, count])
            return sorted(row[0] for row in cursor.fetchall())
        # The transaction has had SQLite's one write lock since it began.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = row[0] if row else 0
    return list(range(last + 1, last + 1 + count))
