"""A comment that arrives: all that it locks, and all that has to be known of it, asked in one message.

It locks its op-ed, its writer, what it answers and whoever may be told of it. Others who comment on the op-ed wait
until it is stored. The order is always this one, and people are locked by id: two who answer each other would deadlock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.statements import NOBODY, Statement, Written, together
from comments.closing import takes_comments
from comments.drafts import CLOSED, Closed, Draft, Duplicate, ParentGone, TooFast
from comments.models import Comment, Commenter, Discussion, Origin
from comments.models.discussion import CURRENT, MAX_FLOOD_SECONDS
from comments.privacy import email_key
from comments.raids import Running, running, seconds_between
from comments.records import OF_ONE, Record
from comments.staff_mail import WISHES_FOR_EACH

RULES = ("comments_open", "comments_close_at", "published_at", "raid", "raid_until", "raid_seconds")
LONGEST_LOCK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A comment that may be judged, and its id: the owner's choices and the raid switches as they stand now, what is
    answered, who wrote it and what became of their others.

    `writer` is None for who gave no address. `is_awaited`: some of staff want a mail on each comment.
    """

    comment_id: int
    discussion: Discussion
    switches: Sequence[Running]
    parent: Comment | None
    writer: Commenter | None
    record: Record
    is_awaited: bool


def receive(article_id: int, draft: Draft, origin: Origin) -> Arrival:
    """Lock all that the comment needs until it is stored, and let it in as far as the policy. Raises SubmissionRefused.

    `origin` is not stored yet; its keys tell the same comment, address and network.
    """
    person = email_key(draft.email) if draft.email else ""
    found = _found(article_id, draft, origin, person)
    articles, discussion, now = found[ARTICLE], Discussion.of(found[CURRENT]), timezone.now()
    if not articles or not takes_comments(articles[0], discussion, now):
        raise Closed(CLOSED)
    parent = next(iter(found.get(PARENT, [])), None)
    if draft.parent_id is not None and not parent:
        raise ParentGone(_("The comment you are answering is no longer there. Send again to post yours by itself."))
    writer = next((each for each in found.get(PEOPLE, []) if each.email_key == person), None)
    if person and not writer:
        # Erased by another request while we waited for the row: by now they are somebody new.
        return receive(article_id, draft, origin)
    if found[SAME]:
        raise duplicate()
    switches = running(articles[0], discussion, now)
    slow_seconds = seconds_between(switches)
    seconds = max(discussion.flood_seconds, slow_seconds)
    latest = _latest_of_all(origin, person, seconds) if slow_seconds else found[LATEST]
    if settings.OPED_RATE_LIMITS and not draft.badge:
        _ask_to_wait(latest, now, seconds, slow_seconds)
    return Arrival(
        comment_id=found[NEXT_IDS][0][0],
        discussion=discussion,
        switches=switches,
        parent=parent,
        writer=writer,
        record=Record(*found[OF_ONE][0][1:]) if writer else Record(),
        is_awaited=bool(found[WISHES_FOR_EACH]),
    )


def _found(article_id: int, draft: Draft, origin: Origin, person: str) -> dict[Statement[Any], list[Any]]:
    """What each statement finds, once it has locked what it locks; nothing but [] without the op-ed."""
    now, answered = timezone.now(), draft.parent_id or NOBODY
    asked: dict[Statement[Any], dict[str, Any]] = {ARTICLE: {"now": now, "pk": article_id}, CURRENT: {}}
    # What nobody is there for is not asked: on SQLite each statement is on its own.
    if person:
        asked[NEW_WRITER] = {"person": person, "address": draft.email, "now": now}
    if answered:
        asked[PARENT] = {"now": now, "pk": answered, "article": article_id}
    if person or answered:
        asked[PEOPLE] = {"person": person, "answered": answered}
    if person:
        asked[OF_ONE] = {"person": person}
    asked[SAME] = {"fingerprint": origin.fingerprint}
    asked[LATEST] = {"person": person, "address": origin.address_key or "", **_within(MAX_FLOOD_SECONDS)}
    asked[NEXT_IDS] = {"count": 1}
    asked[WISHES_FOR_EACH] = {}
    return dict(zip(asked, together(*asked.items(), needs_first=True), strict=True))


def _within(seconds: int) -> dict[str, datetime]:
    """So much of the past; some comments may come in while this one waits for its locks."""
    now = timezone.now()
    return {"since": now - timedelta(seconds=seconds), "until": now + LONGEST_LOCK}


def _latest_of_all(origin: Origin, person: str, seconds: int) -> list[Sequence[datetime]]:
    """When the person, the address and its network last sent something. Not asked without need: networks are large."""
    sender = {"person": person, "address": origin.address_key or ""}
    lately, network = _within(seconds), {"network": origin.network or ""}
    return [row for rows in together((LATEST, sender | lately), (LATEST_OF_NETWORK, network | lately)) for row in rows]


def _ask_to_wait(latest: Sequence[Sequence[datetime]], now: datetime, seconds: int, slow_seconds: int) -> None:
    """Raise TooFast if the latest came less than so many seconds ago."""
    wait = max((seconds - (now - sent).total_seconds() for (sent,) in latest), default=0)
    if wait > 0:
        raise TooFast(max(1, min(seconds, round(wait))), slow_seconds)


def duplicate() -> Duplicate:
    """The refusal of what was said before."""
    return Duplicate(_("It looks as though you’ve already said that: we have this comment, it need not be sent again."))


def next_ids(count: int) -> list[int]:
    """Ids for new comments, in ascending order; no id is ever given twice, because links to comments hold for ever."""
    return sorted(pk for (pk,) in NEXT_IDS.rows(count=count))


def _people(person: str, answered: int) -> QuerySet[Commenter]:
    """Who has this key, and who wrote the comment that is answered."""
    told = Origin.objects.filter(pk=answered).values("commenter")[:1]
    return Commenter.objects.filter(Q(email_key=person) | Q(pk=told)).order_by("pk").select_for_update()


def _latest(sent: QuerySet[Origin], since: datetime, until: datetime) -> "QuerySet[Origin, tuple[datetime]]":
    recent = sent.filter(comment__submitted_at__gt=since, comment__submitted_at__lte=until)
    return recent.order_by("-comment__submitted_at").values_list("comment__submitted_at")[:1]


def _by_sender(person: str, address: str) -> QuerySet[Origin]:
    writer = Commenter.objects.filter(email_key=person).values("pk")[:1]
    return Origin.objects.filter(Q(commenter=writer) | Q(address_key=address))


ARTICLE = Statement(
    lambda now, pk: Article.objects.published(now).filter(pk=pk).only(*RULES).select_for_update(no_key=True),
    now=datetime,
    pk=int,
)
PARENT = Statement(
    lambda now, pk, article: (
        Comment.objects.visible(now).filter(pk=pk, article_id=article).select_for_update(of=("self",), no_key=True)
    ),
    now=datetime,
    pk=int,
    article=int,
)
PEOPLE = Statement(_people, person=str, answered=int)
SAME = Statement(lambda fingerprint: Origin.objects.filter(fingerprint=fingerprint).values_list("pk"), fingerprint=str)
LATEST = Statement(
    lambda since, until, person, address: _latest(_by_sender(person, address), since, until),
    since=datetime,
    until=datetime,
    person=str,
    address=str,
)
LATEST_OF_NETWORK = Statement(
    lambda since, until, network: _latest(Origin.objects.filter(network=network), since, until),
    since=datetime,
    until=datetime,
    network=str,
)
# The row of somebody new, which nobody else can lock before we commit.
NEW_WRITER = Written(
    """INSERT INTO comments_commenter (email_key, address, first_seen_at)
    SELECT %(person)s, %(address)s, %(now)s WHERE NOT EXISTS (
        SELECT 1 FROM comments_commenter WHERE email_key = %(person)s
    ) ON CONFLICT (email_key) DO NOTHING RETURNING id""",
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
