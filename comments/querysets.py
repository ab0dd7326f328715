"""Which comments are seen: the one visibility rule, and the selections of moderators, of people and of mail."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left

from articles.querysets import published_condition

if TYPE_CHECKING:
    from comments.models import Comment, Commenter, Mail, Origin, Report

# Why a mail was dropped that was not wanted or not true any more when its time came.
NOTHING_TO_TELL = "nothing to tell any more"
# The right of those who decide on comments.
MODERATE = "comments.moderate_comment"
HAS_TRACES = Q(network__isnull=False) | Q(address_key__isnull=False) | Q(user_agent__isnull=False)
# How many digits of a sort key one level of a thread takes.
KEY_DIGITS = 12


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments."""

    def visible(self, at: datetime | None = None) -> Self:
        """What the public may read now, or could at another time: approved, below an article that is published."""
        return self.approved().filter(published_condition("article__", at))

    def approved(self) -> Self:
        """Let through, whether or not their article is on the site."""
        return self.filter(status="approved")

    def pending(self) -> Self:
        """Waiting for a moderator."""
        return self.filter(status="pending")

    def oldest_first(self) -> Self:
        """In the order of their arrival."""
        return self.order_by("submitted_at", "pk")

    def as_seen(self, decision_ids: Collection[int]) -> Self:
        """Those on which nothing was decided since: the newest decision on each is one of these.

        Holds what it says only under the articles' locks, under which decisions are made.
        """
        decisions = apps.get_model("comments", "Decision").objects
        decided = decisions.filter(pk__in=decision_ids).values("comment_id")
        newest = decisions.filter(comment_id=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        return self.filter(pk__in=decided).alias(newest=Subquery(newest)).filter(newest__in=decision_ids)

    def in_thread_order(self, *, newest_first: bool = False) -> Self:
        """Threads by age, replies below what they answer: the order of the page."""
        return (
            self.order_by(Left("sort_key", KEY_DIGITS).desc(), "sort_key")
            if newest_first
            else self.order_by("sort_key")
        )

    def from_key(self, sort_key: str, *, newest_first: bool = False) -> Self:
        """What stands at this key and after it, in thread order."""
        if not newest_first:
            return self.filter(sort_key__gte=sort_key)
        thread = sort_key[:KEY_DIGITS]
        same_thread = Q(sort_key__gte=sort_key, sort_key__startswith=thread)
        return self.filter(same_thread | Q(sort_key__lt=thread))


class OriginQuerySet(models.QuerySet["Origin"]):
    """Where comments came from."""

    def with_traces(self) -> Self:
        """Of which we still know the network or the browser."""
        return self.filter(HAS_TRACES)


class CommenterQuerySet(models.QuerySet["Commenter"]):
    """People as known by their addresses."""

    def forgettable(self) -> Self:
        """Without a comment left. "Never write to me again" has to be remembered."""
        return self.filter(origins__isnull=True, refused_mail_at__isnull=True)


class ReportQuerySet(models.QuerySet["Report"]):
    """Readers' reports."""

    def unsettled(self) -> Self:
        """Made since a moderator last decided on the comment."""
        return self.filter(settled_by__isnull=True)


class MailQuerySet(models.QuerySet["Mail"]):
    """Mail, gone out or not."""

    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at__isnull=True, failed="")

    def sent(self) -> Self:
        """Taken by a mail server."""
        return self.filter(sent_at__isnull=False)

    def given_up(self) -> Self:
        """Failed too often; not what there was nothing to tell of."""
        return self.filter(sent_at__isnull=True).exclude(failed__in=["", NOTHING_TO_TELL])

    def dropped(self) -> Self:
        """Not wanted or not true any more when their time came."""
        return self.filter(sent_at__isnull=True, failed=NOTHING_TO_TELL)

    def free(self, now: datetime) -> Self:
        """In no worker's hands."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))

    def due(self, now: datetime) -> Self:
        """To be tried now, and in no worker's hands."""
        return self.waiting().free(now).filter(next_try_at__lte=now)

    def done_before(self, then: datetime) -> Self:
        """Over since then and needed for nothing. What asks for a confirmation is counted until there is one."""
        is_over = Q(sent_at__lt=then) | (~Q(failed="") & Q(created_at__lt=then))
        return self.filter(is_over).exclude(kind="confirm", commenter__confirmed_at__isnull=True)
