"""What the policy looks at: the owner's rules, and what is known about a comment and its writer."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Value
from django.utils import timezone

from articles.models import Article, Author
from articles.names import look_alike_key
from articles.statements import Statement
from comments.blocking import blocked_as
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


def evidence_of(
    draft: Draft, commenter: Commenter | None, article: Article, sender: Sender, *, has_past: bool = True
) -> Evidence:
    """What the policy looks at; `has_past` is false for somebody who comments for the first time."""
    record = record_of(commenter.pk) if commenter and has_past else Record()
    is_confirmed = commenter is not None and commenter.confirmed_at is not None
    is_same_browser = commenter is not None and sender.reader_id == commenter.pk
    age = timezone.now() - article.published_at if article.published_at else timedelta()
    return Evidence(
        name=draft.name,
        website=draft.website,
        body=draft.body,
        honeypot=draft.honeypot,
        approved_before=record.approved,
        refused_before=record.refused,
        badge=draft.badge,
        namesake="" if draft.badge or is_confirmed else namesake(draft.name),
        email=draft.email,
        is_known=bool(is_confirmed and is_same_browser and record.approved),
        blocked="" if draft.badge else blocked_as(email_key(draft.email), network_of(sender.address)),
        article_age_days=max(0, age.days),
    )


def namesake(name: str) -> str:
    """For whom readers would take somebody of this name: an author, a known reader, staff; "" for nobody.

    A known reader has confirmed the address, and something was published under that name.
    """
    key = look_alike_key(name)[:MAX_NAME_KEY]
    if not key:
        return ""
    if alike := NAMESAKES.rows(key=key):
        return max("".join(found) for found in alike)
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    names = staff.values_list("first_name", "last_name", "username")
    is_staff = any(key == look_alike_key(f"{first} {last}".strip() or username) for first, last, username in names)
    return "a member of staff" if is_staff else ""


def namesakes(key: str) -> Any:
    """Authors and known readers whose names have this key, each as two columns that make up a phrase."""
    authors = Author.objects.filter(name_key=key).order_by().values_list(Value("the author "), "name")
    # Not a join: SQLite would begin with all that is approved.
    published = Origin.objects.filter(Exists(Comment.objects.approved().filter(pk=OuterRef("pk"))), name_key=key)
    return authors.union(published.values_list(Value("a reader "), Value("whose address is confirmed")))


# By the alphabet, who looks like an author and a reader looks like the author.
NAMESAKES: Statement[Any] = Statement(namesakes, key=str)
