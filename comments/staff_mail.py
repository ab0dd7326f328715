"""Who of staff is told of comments that wait: each moderator as they chose, at once or in a digest; and test mails."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from articles.statements import Statement
from comments import outbox
from comments.models import Comment, Mail, MailChoice, Report
from comments.querysets import MODERATE
from comments.reported import reported_ids

logger = logging.getLogger("oped.audit")
Wish = MailChoice.Wish
HOUR = timedelta(hours=1)
# By the site's clock.
MORNING = 7
# What comes on top in a raid is told together at the end of the hour.
EACH_AN_HOUR = 30
TEST_EVERY = timedelta(seconds=10)


def tell_staff(comment: Comment) -> None:
    """Queue mail on a reader's comment that has just come, for those who want each.

    In the transaction of the comment, after articles, comments and people are locked, before page versions are.
    """
    if not comment.badge and comment.status in (Comment.Status.PENDING, Comment.Status.APPROVED):
        _tell_each(Mail.Kind.EACH, comment, str(comment.pk))


def tell_of_reports(comment: Comment, *, round_number: int) -> None:
    """The same on a comment that enough readers have reported; once in each round between moderators' decisions."""
    _tell_each(Mail.Kind.REPORTED, comment, f"{comment.pk}:{round_number}")


def _tell_each(kind: Mail.Kind, comment: Comment, purpose: str) -> None:
    people = _held(list(_who_chose(Wish.EACH).order_by("pk"))) if WISHES_FOR_EACH.rows() else []
    if not people:
        return
    now = timezone.now()
    single = (Mail.Kind.EACH, Mail.Kind.REPORTED)
    lately = Mail.objects.filter(kind__in=single, user__in=people, created_at__gt=now - HOUR)
    counts = Counter(lately.values_list("user", flat=True))
    for user in people:
        if counts[user.pk] < EACH_AN_HOUR:
            outbox.queue(kind, None, comment, user=user, purpose=f"{purpose}:{user.pk}")
        else:
            end = _hour(now) + HOUR
            outbox.queue(Mail.Kind.DIGEST, None, user=user, purpose=_slot_key(user, end), at=end)


def queue_digests() -> None:
    """Queue the digests of this hour and this morning, once; only when something has been waiting since before it.

    An hourly one needs something new; the one each morning reminds, as long as anything waits.
    """
    now = timezone.now()
    for wish, begin in ((Wish.HOURLY, _hour(now)), (Wish.DAILY, _morning(now))):
        newest = _newest_before(begin)
        if newest is None:
            continue
        last = Max("mails__created_at", filter=Q(mails__kind=Mail.Kind.DIGEST))
        for user in _who_chose(wish).annotate(last_digest=last):
            is_news = user.last_digest is None or newest > user.last_digest
            if is_news or (wish == Wish.DAILY and user.last_digest < begin):
                outbox.queue(Mail.Kind.DIGEST, None, user=user, purpose=_slot_key(user, begin))


def _newest_before(begin: datetime) -> datetime | None:
    """When the last comment came that waits, or the last report of one that was reported often."""
    pending = Comment.objects.pending().filter(submitted_at__lt=begin).aggregate(at=Max("submitted_at"))["at"]
    reports = Report.objects.unsettled().filter(comment__in=reported_ids(), reported_at__lt=begin)
    moments = (pending, reports.aggregate(at=Max("reported_at"))["at"])
    return max((moment for moment in moments if moment), default=None)


def choose(user: User, wish: str) -> None:
    """Keep what a member of staff wants to hear of; what still waits to be sent follows."""
    MailChoice.objects.update_or_create(user=user, defaults={"wish": wish})
    logger.info("mail choice staff=%s wish=%s", user.pk, wish)


def queue_test(user: User) -> None:
    """Queue a mail to one's own address, at most one in ten seconds; it shows whether all mail would go out."""
    slot = int(timezone.now().timestamp() // TEST_EVERY.total_seconds())
    if not user.mails.waiting().filter(kind=Mail.Kind.TEST).exists():
        outbox.queue(Mail.Kind.TEST, None, user=user, purpose=f"{user.pk}:{slot}")


def _moderators() -> QuerySet[User]:
    """Active staff with an address who may decide on comments."""
    return User.objects.with_perm(MODERATE).filter(is_staff=True).exclude(email="")


def _who_chose(wish: str) -> QuerySet[User]:
    chosen = Q(mail_choice__wish=wish)
    return _moderators().filter(chosen | Q(mail_choice=None) if wish == Wish.DAILY else chosen)


# Most want a digest: so this table, which is all but empty, is asked first.
WISHES_FOR_EACH = Statement(lambda: MailChoice.objects.filter(wish=Wish.EACH).values_list("pk")[:1])


def _held(people: Sequence[User]) -> Sequence[User]:
    """Those of them who are there until the caller commits.

    PostgreSQL locks the account that a new mail refers to only at commit, after the page versions were written; here
    it takes the same lock before. It is shared: comments that come at the same moment don't wait for each other.
    """
    if not people or connection.vendor != "postgresql":
        return people
    with connection.cursor() as cursor:
        accounts = f"SELECT id FROM {User._meta.db_table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"  # noqa: S608
        cursor.execute(accounts, [[user.pk for user in people]])
        there = {row[0] for row in cursor.fetchall()}
    return [user for user in people if user.pk in there]


def _slot_key(user: User, begin: datetime) -> str:
    return f"{user.pk}:{begin.astimezone(UTC):%Y-%m-%dT%H:%M}"


def _hour(now: datetime) -> datetime:
    """The beginning of this hour."""
    return now.replace(minute=0, second=0, microsecond=0)


def _morning(now: datetime) -> datetime:
    """The last time it was seven in the morning, by the site's clock."""
    local = timezone.localtime(now)
    today = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)
