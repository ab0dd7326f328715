"""Mails to staff, made at the moment of sending; no reader's address is in them: that is read in the desk."""

from django.contrib.auth.models import User
from django.urls import reverse

from articles import masthead
from articles.web_addresses import absolute
from comments.letters import MAX_TITLE, Letter, name_in, quote_of, title_of
from comments.models import Comment, Mail, MailChoice
from comments.policy import counted
from comments.querysets import MODERATE
from comments.reported import reasons_of, reported_ids

SHOWN = 20
MAX_LINE = 200
COUNT_LIMIT = 1_000


def _each(mail: Mail, user: User) -> Letter | None:
    comment = Comment.objects.select_related("article").filter(mails=mail).first()
    if comment is None or not _moderates(user) or MailChoice.wish_of(user) != MailChoice.Wish.EACH:
        return None
    is_published = comment.status == Comment.Status.APPROVED and comment.decided_at is None
    if comment.status != Comment.Status.PENDING and not is_published:
        return None
    name, title = name_in(comment), title_of(comment.article)
    words = {
        "name": name,
        "title": title,
        "is_published": is_published,
        "quote": quote_of(comment),
        "comment_url": absolute(reverse("admin:comments_comment_change", args=[comment.pk])),
    }
    happened = "is on the page of" if is_published else "waits on"
    return Letter("each", f"A comment by {name[:MAX_TITLE]} {happened} “{title}”", words | _choice())


def _reported(mail: Mail, user: User) -> Letter | None:
    comment = Comment.objects.select_related("article").filter(mails=mail).first()
    if comment is None or not _moderates(user) or MailChoice.wish_of(user) != MailChoice.Wish.EACH:
        return None
    reports = comment.reports.unsettled()
    if not reports or comment.status not in (Comment.Status.APPROVED, Comment.Status.PENDING):
        return None
    name, title = name_in(comment), title_of(comment.article)
    words = {
        "name": name,
        "title": title,
        "is_hidden": comment.status == Comment.Status.PENDING,
        "quote": quote_of(comment),
        "reasons": reasons_of(reports),
        "comment_url": absolute(reverse("admin:comments_comment_change", args=[comment.pk])),
    }
    return Letter("reported", f"Readers reported a comment by {name[:MAX_TITLE]} on “{title}”", words | _choice())


def _digest(mail: Mail, user: User) -> Letter | None:
    waiting = Comment.objects.pending().oldest_first()
    count = waiting[:COUNT_LIMIT].count()
    reported = Comment.objects.approved().filter(pk__in=reported_ids()).count()
    if not (count or reported) or not _moderates(user) or MailChoice.wish_of(user) == MailChoice.Wish.NONE:
        return None
    shown = list(waiting.select_related("article")[:SHOWN])
    waits = f"{counted(count, 'comment')}{' or more' if count == COUNT_LIMIT else ''} wait{'s' if count == 1 else ''}"
    complaints = f"{counted(reported, 'comment')} {'was' if reported == 1 else 'were'} reported"
    words = {
        "waits": waits,
        "oldest": shown[0].submitted_at if shown else None,
        "complaints": complaints if reported else "",
        "comments": [(name_in(each), title_of(each.article), quote_of(each, MAX_LINE)) for each in shown],
        "more": count - len(shown),
        "queue_url": absolute(reverse("admin:comments_comment_changelist")),
    }
    return Letter("digest", f"{waits if count else complaints} on {masthead.current().name}", words | _choice())


def _test(mail: Mail, user: User) -> Letter:
    url = absolute(reverse("admin:comments_mail_changelist"))
    return Letter("test", f"A test mail from {masthead.current().name}", {"outbox_url": url})


STAFF_LETTERS = {
    Mail.Kind.EACH: _each,
    Mail.Kind.REPORTED: _reported,
    Mail.Kind.DIGEST: _digest,
    Mail.Kind.TEST: _test,
}


def _moderates(user: User) -> bool:
    """Rights may have changed since the mail was queued."""
    return user.is_active and user.is_staff and user.has_perm(MODERATE)


def _choice() -> dict[str, str]:
    return {"choice_url": absolute(reverse("admin:comments_mailchoice_changelist"))}
