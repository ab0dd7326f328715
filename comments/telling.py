"""Who is told of what by mail: writers who asked for it, at an address whose owner pressed the button in a mail."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from comments import outbox
from comments.decisions import POLICY, WRITER
from comments.models import Comment, Commenter, Decision, Mail, Origin

logger = logging.getLogger("oped.audit")
# Anybody can type anybody's address: a stranger hears of it three times in all, once a day.
CONFIRMATIONS = 3
CONFIRMATION_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell one person about one comment."""

    kind: Mail.Kind
    commenter_id: int
    comment_id: int
    purpose: str


def tell_writers(decisions: Iterable[Decision]) -> None:
    """Queue mail on decisions just written, for those who asked: about their comment, or a reply that appeared.

    In the transaction of the decisions, whose caller holds the locks of articles and comments; people are locked here.
    """
    made = list(decisions)
    news = [*_of_decisions(made), *_of_replies(made)]
    if not news:
        return
    ids = {each.commenter_id for each in news}
    people = Commenter.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    told = {person.pk: person for person in people if person.takes_mail}
    comments = Comment.objects.in_bulk([each.comment_id for each in news])
    for each in news:
        if each.commenter_id in told:
            outbox.queue(each.kind, told[each.commenter_id], comments[each.comment_id], purpose=each.purpose)


def save_wishes(comment: Comment, *, decision: bool, replies: bool) -> None:
    """Remember what the writer of one comment wants to hear of; an unknown address is asked to confirm itself."""
    with transaction.atomic():
        list(Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk).values_list("pk"))
        writers = Commenter.objects.select_for_update(of=("self",)).filter(origins=comment.pk)
        commenter = writers.first()
        if commenter is None:
            return
        Origin.objects.filter(pk=comment.pk).update(tell_decision=decision, tell_replies=replies)
        if decision or replies:
            _ask_to_confirm(commenter)


def confirm(commenter: Commenter) -> None:
    """The owner of the address wants the mail, and others can't take the names they were published under."""
    if Commenter.objects.filter(pk=commenter.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        commenter.refresh_from_db()
        # Whoever comments from now on sees the line above; these locks are taken one by one, after it.
        written = Origin.objects.filter(commenter=commenter)
        for name in set(written.values_list("comment__name", flat=True)):
            written.filter(comment__name=name).update(name_key=commenter.name_key(name))
        logger.info("mail confirmed person=%s", commenter.pk)


def refuse(commenter: Commenter) -> None:
    """The owner of the address wants no mail, ever; what still waits is not sent."""
    if Commenter.objects.filter(pk=commenter.pk, refused_mail_at=None).update(refused_mail_at=timezone.now()):
        logger.info("mail refused person=%s", commenter.pk)


def _ask_to_confirm(commenter: Commenter) -> None:
    if commenter.confirmed_at or commenter.refused_mail_at:
        return
    asked = list(commenter.mails.filter(kind=Mail.Kind.CONFIRM).values_list("created_at", flat=True))
    is_recent = any(at > timezone.now() - CONFIRMATION_EVERY for at in asked)
    if len(asked) < CONFIRMATIONS and not is_recent:
        outbox.queue(Mail.Kind.CONFIRM, commenter, purpose=f"{commenter.pk}:{len(asked) + 1}")


def _of_decisions(made: Sequence[Decision]) -> list[News]:
    """What moderators let through or declined. Spam is told nothing, and nobody what they did themselves."""
    outcomes = (Comment.Status.APPROVED, Comment.Status.TRASH)
    by_comment = {
        each.comment_id: each for each in made if each.to_status in outcomes and each.decided_by not in (POLICY, WRITER)
    }
    if not by_comment:
        return []
    asked = Origin.objects.filter(pk__in=list(by_comment), tell_decision=True, commenter__isnull=False)
    return [
        News(Mail.Kind.DECISION, writer, pk, str(by_comment[pk].pk))
        for pk, writer in asked.values_list("pk", "commenter")
    ]


def _of_replies(made: Sequence[Decision]) -> list[News]:
    """Replies that appeared, for whom they answer; nobody is told of their own."""
    shown = [each.comment_id for each in made if each.to_status == Comment.Status.APPROVED]
    if not shown:
        return []
    answered = Comment.objects.filter(pk__in=shown, parent__status=Comment.Status.APPROVED)
    listened = answered.filter(parent__origin__tell_replies=True, parent__origin__commenter__isnull=False)
    return [
        News(Mail.Kind.REPLY, listener, pk, str(pk))
        for pk, writer, listener in listened.values_list("pk", "origin__commenter", "parent__origin__commenter")
        if writer != listener
    ]
