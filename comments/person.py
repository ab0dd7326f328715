"""Everything kept under one address: its owner asks for a link to it, takes a copy along, or has it erased."""

import logging
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import idna
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from articles import html
from articles.models import Article
from articles.web_addresses import absolute
from comments import outbox
from comments.models import MAX_NAME, Comment, Commenter, Edit, Mail, Origin
from comments.privacy import email_key, keyed_hash
from comments.querysets import CommentQuerySet
from comments.visibility import visible_comments_changed

logger = logging.getLogger("oped.audit")
LINK_EVERY = timedelta(minutes=10)
LINKS_A_DAY = 5
DAY = timedelta(days=1)
AT_ONCE = 1_000
ANONYMOUS = "Anonymous reader"
REMOVED = "[removed at the writer's wish]"
NO_WORDS = {"body": "", "name": "", "website": ""}
NO_ADDRESS = "[address removed]"
# Letters and digits make it another address, also behind a sign that stands inside of addresses.
BEFORE = r"(?<![^\W_])(?<![^\W_][.+'_-])"
AFTER = r"(?![^\W_]|-[^\W_]|(?-i:\.[a-z0-9]))"


class CameBetween(Exception):
    """A comment of this person came in between two looks: look again."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many comments a person had, None if somebody else has forgotten them; where readers see a change."""

    comments: int | None
    article_ids: set[int]

    def log(self, commenter: Commenter, *, keep_words: bool) -> None:
        """One line, without the address."""
        if self.comments is not None:
            words = "kept" if keep_words else "removed"
            logger.info("erased person=%s comments=%s words=%s", commenter.pk, self.comments, words)


def ask_for_link(address: str) -> None:
    """Queue the mail with the one-time link, at most one in ten minutes and five a day for an address.

    For an address that we don't know the same is done, so that nobody can tell; the worker drops that mail.
    """
    now = timezone.now()
    slot = int(now.timestamp() // LINK_EVERY.total_seconds())
    person = email_key(address)
    # One key for ten minutes, so that two requests at the same moment make one row.
    keys = [_link_key(person, slot - back) for back in range(DAY // LINK_EVERY + 1)]
    with transaction.atomic():
        commenter = Commenter.objects.select_for_update(no_key=True).filter(email_key=person).first()
        stored = [outbox.purpose_key(Mail.Kind.ACCESS, key) for key in keys]
        asked = Mail.objects.filter(purpose_key__in=stored, created_at__gt=now - DAY)
        moments = list(asked.values_list("created_at", flat=True))
        if len(moments) < LINKS_A_DAY and not any(at > now - LINK_EVERY for at in moments):
            outbox.queue(Mail.Kind.ACCESS, commenter, purpose=keys[0])


def comments_of(commenter: Commenter) -> CommentQuerySet:
    """All that was written under an address, whatever became of it, the latest first."""
    # An article once for all comments on it: beside each of twenty thousand its text would fill the memory.
    articles = Prefetch("article", Article.objects.defer("body", "body_html", "toc"))
    written = Comment.objects.filter(origin__commenter=commenter).select_related("origin")
    return written.prefetch_related(articles).order_by("-submitted_at", "-pk")


def export(commenter: Commenter) -> dict[str, Any]:
    """What we keep of a person, ready for JSON; of an article that is not on the site, nothing."""
    written = comments_of(commenter).defer("body_html").prefetch_related("edits")
    return {
        "address": commenter.address,
        "first_seen_at": _text(commenter.first_seen_at),
        "address_confirmed_at": _text(commenter.confirmed_at),
        "mail_refused_at": _text(commenter.refused_mail_at),
        "comments": [_exported(comment) for comment in written.iterator(AT_ONCE)],
        "mails": [
            {"kind": mail.kind, "asked_at": _text(mail.created_at), "sent_at": _text(mail.sent_at)}
            for mail in commenter.mails.order_by("created_at", "pk")
        ],
    }


def erase(commenter: Commenter, *, keep_words: bool) -> None:
    """Forget a person for ever: name, website, address and all that leads to them; the words too unless kept.

    Statuses and threads stay as they are.
    """
    while True:
        with suppress(CameBetween), transaction.atomic():
            forgotten = forget(commenter, spellings_of(commenter.address), keep_words=keep_words)
            if forgotten.article_ids:
                visible_comments_changed(forgotten.article_ids)
            break
    forgotten.log(commenter, keep_words=keep_words)


def forget(
    commenter: Commenter | None, spellings: Sequence[str], *, keep_words: bool, mentions: Collection[int] = ()
) -> Forgotten:
    """Forget a person in the caller's transaction, which ends with `visible_comments_changed`.

    `mentions` are comments of others, in which only the address is taken out. Raises CameBetween.
    """
    own = _ids_of(commenter)
    comments = _locked([*own, *mentions])
    if commenter and not Commenter.objects.select_for_update().filter(pk=commenter.pk).exists():
        return Forgotten(None, set())
    if _ids_of(commenter) != own:
        raise CameBetween
    changed = [each for each in comments if _take_out(each, spellings, own=own, keep_words=keep_words)]
    Comment.objects.filter(pk__in=own).update(name=ANONYMOUS, website="")
    Origin.objects.filter(pk__in=own).update(
        commenter=None,
        fingerprint=None,
        network=None,
        address_key=None,
        user_agent=None,
        name_key=None,
        tell_decision=False,
        tell_replies=False,
    )
    # That staff edited stays; which words, goes.
    Edit.objects.filter(comment__in=own).update(before=NO_WORDS, after=NO_WORDS)
    if commenter:
        Commenter.objects.filter(pk=commenter.pk).delete()
    seen = [each for each in comments if each.pk in own or each in changed]
    return Forgotten(len(own), {each.article_id for each in seen if each.status == Comment.Status.APPROVED})


def without_address(text: str, spellings: Iterable[str]) -> str:
    """The text with every spelling of an address taken out, also one written in character references."""
    found = pattern_of(spellings)
    redacted = found.sub(NO_ADDRESS, text)
    decoded = unquote(unescape(redacted))
    return found.sub(NO_ADDRESS, decoded) if found.search(decoded) else redacted


def pattern_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """What finds an address in any case, and not those that it is a part of (mariana@…, ana@….uk)."""
    alternatives = "|".join(re.escape(spelling) for spelling in spellings)
    return re.compile(f"{BEFORE}(?:{alternatives}){AFTER}", re.IGNORECASE)


def spellings_of(address: str) -> list[str]:
    """An address as typed, as compared, and with its host in letters and in IDNA; the longest first."""
    key = email_key(address)
    local, _, host = key.rpartition("@")
    spellings = {address, key, unicodedata.normalize("NFC", address), unicodedata.normalize("NFD", address)}
    with suppress(idna.IDNAError):  # A host that is no name has one spelling.
        spellings.add(f"{local}@{idna.decode(host)}")
    return sorted(spellings, key=len, reverse=True)


def _take_out(comment: Comment, spellings: Sequence[str], *, own: Collection[int], keep_words: bool) -> bool:
    """Take the address out of a comment, or of one's own all words; True if that changed anything."""
    before = (comment.body, comment.name, comment.website)
    removes_words = comment.pk in own and not keep_words
    comment.body = REMOVED if removes_words else without_address(comment.body, spellings)
    comment.name = without_address(comment.name, spellings)[:MAX_NAME]
    comment.website = "" if without_address(comment.website, spellings) != comment.website else comment.website
    if before == (comment.body, comment.name, comment.website):
        return False
    comment.body_html = html.clean_comment(comment.body)
    comment.save(update_fields=["body", "body_html", "name", "website"])
    return True


def _ids_of(commenter: Commenter | None) -> list[int]:
    if commenter is None:
        return []
    return list(Origin.objects.filter(commenter=commenter).order_by("pk").values_list("pk", flat=True))


def _locked(ids: list[int]) -> list[Comment]:
    """The comments, under the locks of their articles and their own, in the order of all verbs."""
    article_ids = Comment.objects.filter(pk__in=ids).values_list("article_id", flat=True)
    articles = Article.objects.select_for_update(no_key=True).filter(pk__in=set(article_ids))
    list(articles.order_by("pk").values_list("pk"))
    return list(Comment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def _link_key(person: str, slot: int) -> str:
    return f"{keyed_hash('access', person)}:{slot}"


def _exported(comment: Comment) -> dict[str, Any]:
    is_live = comment.article.is_live
    return {
        "article": comment.article.title if is_live else None,
        "article_url": absolute(comment.article.get_absolute_url()) if is_live else None,
        "url": absolute(comment.get_absolute_url()) if is_live and comment.status == "approved" else None,
        "submitted_at": _text(comment.submitted_at),
        "decided_at": _text(comment.decided_at),
        "status": comment.status,
        "name": comment.name,
        "website": comment.website,
        "body": comment.body,
        "before_edits_by_moderators": [
            {"edited_at": _text(edit.edited_at), **edit.before} for edit in comment.edits.all()
        ],
        "network": comment.origin.network,
        "browser": comment.origin.user_agent,
        "mail_on_decision": comment.origin.tell_decision,
        "mail_on_replies": comment.origin.tell_replies,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
