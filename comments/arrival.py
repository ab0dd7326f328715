"""What has to be known of a comment that arrives: asked in one message, once all that it needs is locked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.statements import NOBODY, Asked, Statement, Written, together
from comments.drafts import Draft, Duplicate, TooFast
from comments.locks import Locked, lock
from comments.models import Commenter, Origin
from comments.raids import seconds_between
from comments.records import OF_ONE, Record
from comments.staff_mail import WISHES_FOR_EACH


@dataclass(frozen=True, slots=True)
class Arrival:
    """A comment that may be judged: what it locks, who wrote it and what became of their others, and its id.

    `is_awaited`: some of staff want a mail on each comment.
    """

    locked: Locked
    writer: Commenter | None
    record: Record
    comment_id: int
    is_awaited: bool


def receive(article_id: int, draft: Draft, origin: Origin) -> Arrival:
    """Lock what the comment needs, and let it in as far as the policy. Raises SubmissionRefused.

    `origin` is not stored yet; its keys tell the same comment, address and network.
    """
    while True:
        arrival = _received(lock(article_id, draft), draft, origin)
        if arrival is not None:
            return arrival


def _received(locked: Locked, draft: Draft, origin: Origin) -> Arrival | None:
    """None if another request has made the writer's row since we looked for it."""
    writer, now, slow_seconds = locked.writer, timezone.now(), seconds_between(locked.switches)
    seconds = max(locked.discussion.flood_seconds, slow_seconds)
    since = now - timedelta(seconds=seconds)
    senders = {
        "person": writer.pk if writer else NOBODY,
        "address": origin.address_key or "",
        "network": (slow_seconds and origin.network) or "",
    }
    about: list[Asked] = []
    if writer:
        about = [(SAME, {"fingerprint": origin.fingerprint}), (OF_ONE, {"person": writer.pk})]
    elif locked.person:
        # Of a person whom nobody knew there is nothing to read; the fingerprint's constraint holds all the same.
        about = [(NEW_WRITER, {"person": locked.person, "address": draft.email, "now": now})]
    latest, ids, wishes, *found = together(
        (LATEST, {"since": since, "now": now, **senders}), (NEXT_IDS, {"count": 1}), (WISHES_FOR_EACH, {}), *about
    )
    if writer and found[0]:
        raise duplicate()
    if latest and settings.OPED_RATE_LIMITS and not draft.badge:
        raise TooFast(max(1, min(seconds, round((latest[0][0] - since).total_seconds()))), slow_seconds)
    record = Record(*found[1][0][1:]) if writer else Record()
    if about and not writer:
        if not found[0]:
            return None
        writer = Commenter(pk=found[0][0][0], email_key=locked.person, address=draft.email, first_seen_at=now)
    return Arrival(locked, writer, record, comment_id=ids[0][0], is_awaited=bool(wishes))


def duplicate() -> Duplicate:
    """The refusal of what was said before."""
    return Duplicate(_("It looks as though you’ve already said that: we have this comment, it need not be sent again."))


def next_ids(count: int) -> list[int]:
    """Ids for new comments, in ascending order; no id is ever given twice, because links to comments hold for ever."""
    return sorted(pk for (pk,) in NEXT_IDS.rows(count=count))


def _latest(
    since: datetime, now: datetime, person: int, address: str, network: str
) -> "QuerySet[Origin, tuple[datetime]]":
    sent = Origin.objects.filter(Q(commenter=person) | Q(address_key=address) | Q(network=network))
    recent = sent.filter(comment__submitted_at__gt=since, comment__submitted_at__lte=now)
    return recent.order_by("-comment__submitted_at").values_list("comment__submitted_at")[:1]


LATEST = Statement(_latest, since=datetime, now=datetime, person=int, address=str, network=str)
SAME = Statement(lambda fingerprint: Origin.objects.filter(fingerprint=fingerprint).values_list("pk"), fingerprint=str)
# The row of somebody new, which nobody else can lock before we commit.
NEW_WRITER = Written(
    """INSERT INTO comments_commenter (email_key, address, first_seen_at) VALUES (%(person)s, %(address)s, %(now)s)
    ON CONFLICT (email_key) DO NOTHING RETURNING id""",
    person=str,
    address=str,
    now=datetime,
)
NEXT_IDS = Written(
    """SELECT nextval(pg_get_serial_sequence('comments_comment', 'id')) FROM generate_series(1, %(count)s)""",
    # The transaction has had SQLite's one write lock since it began.
    sqlite="""WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %(count)s)
    SELECT n + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'comments_comment'), 0) FROM numbers""",
    count=int,
)
