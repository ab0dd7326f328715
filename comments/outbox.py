"""The outbox: mail is a row, written in the transaction of what it tells of, and sent later by the worker, once.

A mail server that is away or hangs slows no reader: no request sends anything. After an outage all goes out.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum, auto
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, Q
from django.utils import timezone

from comments.mails import message_of
from comments.models import AccessLink, Comment, Commenter, Mail
from comments.querysets import NOTHING_TO_TELL, MailQuerySet

logger = logging.getLogger(__name__)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
)
# A moderator who undoes does it at once; what is out can't be called back.
SECOND_THOUGHTS = timedelta(minutes=1)
# Longer than the ten seconds that each step of a conversation with a mail server may take.
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=30)
MAILS_A_CALL = 50
SECONDS_A_CALL = 20
# A wrong address or header is a ValueError, a file backend's folder that can't be written an ImproperlyConfigured.
FAILURES = (OSError, ValueError, ImproperlyConfigured)
# What is wrong with one mail and not with the server.
OWN_FAULTS = (SMTPRecipientsRefused, SMTPDataError, ValueError)


class Outcome(Enum):
    """What became of one attempt."""

    SENT = auto()
    NOT_SENT = auto()
    SERVER_AWAY = auto()


def purpose_key(kind: str, purpose: str) -> str:
    """What makes a mail one of its kind."""
    return f"{kind}:{purpose}"


def queue(
    kind: Mail.Kind,
    commenter: Commenter | None,
    comment: Comment | None = None,
    *,
    user: User | None = None,
    purpose: str,
    at: datetime | None = None,
) -> None:
    """Write a mail into the caller's transaction, once for its purpose, to be sent soon or `at` a time.

    The caller holds the recipient's lock, because PostgreSQL checks the reference only at commit, after the page
    versions were written.
    """
    now = timezone.now()
    waits = SECOND_THOUGHTS if kind in (Mail.Kind.DECISION, Mail.Kind.REPLY) else timedelta()
    mail = Mail(
        kind=kind,
        commenter=commenter,
        user=user,
        comment=comment,
        purpose_key=purpose_key(kind, purpose),
        created_at=now,
        next_try_at=at or now + waits,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=True)


def send_due() -> int:
    """Send what is due, one by one, for at most SECONDS_A_CALL and one mail more; the number of mails sent.

    A worker that dies between claiming and marking leaves its lease to expire: the mail goes out then, or again,
    with the same Message-ID.
    """
    end = monotonic() + SECONDS_A_CALL
    sent = 0
    for _ in range(MAILS_A_CALL):
        mail = _claimed()
        if mail is None:
            break
        outcome = _try(mail)
        sent += outcome is Outcome.SENT
        # A server that is away is asked again at the next call, by the next mail.
        if outcome is Outcome.SERVER_AWAY or monotonic() > end:
            break
    return sent


def try_again(mails: MailQuerySet) -> int:
    """Give those that failed, and those that wait for another attempt, all their attempts anew; the number of them."""
    now = timezone.now()
    once_tried = Q(attempts__gt=0) & ~Q(failed=NOTHING_TO_TELL)
    chosen = mails.filter(once_tried, sent_at__isnull=True).free(now)
    return chosen.update(failed="", attempts=0, next_try_at=now, leased_until=None)


def forget_old() -> None:
    """Delete what is over for a month: mails that are needed for no count, and one-time links."""
    then = timezone.now() - KEPT
    Mail.objects.done_before(then).delete()
    AccessLink.objects.filter(created_at__lt=then).delete()


def _claimed() -> Mail | None:
    """The next mail that is due, leased to us; None if there is none."""
    now = timezone.now()
    due = Mail.objects.due(now)
    for pk in due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:MAILS_A_CALL]:
        # One statement is its own transaction: of two workers who saw this row, one finds it taken.
        if due.filter(pk=pk).update(leased_until=now + LEASE, attempts=F("attempts") + 1):
            return Mail.objects.select_related("commenter", "user").filter(pk=pk).first()
    return None


def _try(mail: Mail) -> Outcome:
    """Send one mail as it should read now."""
    message = message_of(mail)
    if message is None:
        _end(mail, NOTHING_TO_TELL)
        return Outcome.NOT_SENT
    try:
        message.send()
    except FAILURES as failure:
        _put_off(mail, reason_of(failure))
        return Outcome.NOT_SENT if isinstance(failure, OWN_FAULTS) else Outcome.SERVER_AWAY
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), leased_until=None, trouble="")
    return Outcome.SENT


def _put_off(mail: Mail, reason: str) -> None:
    # Whoever sends a test wants to know at once.
    if mail.attempts > len(RETRIES) or mail.kind == Mail.Kind.TEST:
        logger.error("mail %s is given up: %s", mail.pk, reason)
        _end(mail, reason)
        return
    logger.warning("mail %s was not sent yet: %s", mail.pk, reason)
    later = timezone.now() + RETRIES[mail.attempts - 1]
    ours = Mail.objects.filter(pk=mail.pk, leased_until=mail.leased_until)
    ours.update(next_try_at=later, leased_until=None, trouble=reason)


def _end(mail: Mail, reason: str) -> None:
    Mail.objects.filter(pk=mail.pk).update(failed=reason, leased_until=None)


def reason_of(failure: Exception) -> str:
    """The kind of failure and the server's code; never its words, which may hold the address."""
    codes = [failure.smtp_code] if isinstance(failure, SMTPResponseException) else []
    if isinstance(failure, SMTPRecipientsRefused):
        codes = [code for code, _ in failure.recipients.values()]
    return " ".join([type(failure).__name__, *(str(int(code)) for code in codes[:1])])
