"""What the policy looks at: the owner's rules, and what is known about a comment and its writer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils import timezone

from articles.models import Article, Author
from articles.names import look_alike_key
from articles.statements import Statement, together
from comments.blocking import blocked_as, blocks_of
from comments.drafts import Draft, Sender
from comments.models import MAX_NAME_KEY, Comment, Commenter, Discussion, Origin
from comments.policy import Evidence, Mode, Rules
from comments.privacy import email_key, network_of
from comments.records import Record, record_of
from comments.words import entries_of


def rules_of(discussion: Discussion, held: str = "") -> Rules:
    """The owner's choices, as the policy takes them; `held`: why everything waits."""
    return Rules(
        mode=Mode(discussion.mode),
        max_links=discussion.max_links,
        held_words=entries_of(discussion.held_words),
        blocked_words=entries_of(discussion.blocked_words),
        old_after_days=discussion.old_after_days,
        held=held,
    )


def evidence_of(draft: Draft, commenter: Commenter | None, article: Article, sender: Sender) -> Evidence:
    """What the policy looks at."""
    record = record_of(commenter) if commenter else Record()
    return with_past(at_first_sight(draft, article, sender), commenter, record, sender)


def at_first_sight(draft: Draft, article: Article, sender: Sender) -> Evidence:
    """What can be seen before anything is locked: nothing of it is about the person behind the address."""
    age = timezone.now() - article.published_at if article.published_at else timedelta()
    key = look_alike_key(draft.name)[:MAX_NAME_KEY]
    asked = [(NAMESAKES, {"key": key}), blocks_of(email_key(draft.email), network_of(sender.address))]
    names, blocks = ([], []) if draft.badge else together(*asked)
    return Evidence(
        name=draft.name,
        website=draft.website,
        body=draft.body,
        honeypot=draft.honeypot,
        badge=draft.badge,
        namesake=namesake(key, names),
        email=draft.email,
        blocked=blocked_as(blocks),
        article_age_days=max(0, age.days),
    )


def with_past(seen: Evidence, commenter: Commenter | None, record: Record, sender: Sender) -> Evidence:
    """The same with what the person did before; who has confirmed an address may have any name."""
    if commenter is None:
        return seen
    is_confirmed = commenter.confirmed_at is not None
    return replace(
        seen,
        approved_before=record.approved,
        refused_before=record.refused,
        namesake="" if is_confirmed else seen.namesake,
        is_known=bool(is_confirmed and sender.reader_id == commenter.pk and record.approved),
    )


def namesake(key: str, found: Sequence[Sequence[str]]) -> str:
    """For whom readers would take somebody: an author, a known reader, staff; "" for nobody.

    `key` stands for the name, `found` are the rows of `namesakes`. A known reader has confirmed the address, and
    something was published under that name.
    """
    if not key:
        return ""
    authors = [name for kind, name, _, _ in found if kind == AUTHOR]
    staff = (f"{first} {last}".strip() or username for kind, username, first, last in found if kind == STAFF)
    if authors:
        return f"the author {max(authors)}"
    if any(kind == READER for kind, *_ in found):
        return "a reader whose address is confirmed"
    return "a member of staff" if any(key == _staff_key(name) for name in staff) else ""


# The same few names are compared with each comment's.
_staff_key = lru_cache(1024)(look_alike_key)
AUTHOR, READER, STAFF = "author", "reader", "staff"


def namesakes(key: str) -> QuerySet[Any]:
    """Authors and known readers whose names have this key, and all of staff: kind, name, first and last name."""
    empty = Value("")
    authors = Author.objects.filter(name_key=key).order_by()
    # Not a join: SQLite would begin with all that is approved.
    published = Origin.objects.filter(Exists(Comment.objects.approved().filter(pk=OuterRef("pk"))), name_key=key)
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    return authors.values_list(Value(AUTHOR), "name", empty, empty).union(
        published.values_list(Value(READER), empty, empty, empty),
        staff.values_list(Value(STAFF), "username", "first_name", "last_name"),
        all=True,
    )


NAMESAKES = Statement(namesakes, key=str)
