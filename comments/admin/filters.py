"""By what lists are narrowed: comments by status and findings, mails by what became of them."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest

from articles.desk import COUNTED
from comments.models import Comment
from comments.querysets import MailQuerySet
from comments.reported import reported_ids

ALL, REPORTED = "all", "reported"
OLDEST_FIRST = ("submitted_at", "pk")
# Parameters that narrow nothing by themselves: the status, which an index finds, and the page.
TURNING = {"status", "p"}


def first_of(ordered: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The same, or what a search and the other filters look through: nobody turns over more pages than these fill."""
    return ordered.filter(pk__in=ids_of_first(ordered)) if request.GET.keys() - TURNING else ordered


def ids_of_first(ordered: QuerySet[Any]) -> QuerySet[Any]:
    """For a subquery, without what the rows need to be shown."""
    return ordered.select_related(None).prefetch_related(None).values("pk")[:COUNTED]


class StatusFilter(admin.SimpleListFilter):
    """By status; what waits comes up first, and before it what readers reported. The oldest stand first, but of all
    comments the newest."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices beside the default: what waits for a moderator."""
        self.reported = reported_ids()
        count = f"Reported ({len(self.reported)})"
        return [(REPORTED, count), *Comment.Status.choices, (ALL, "All")]

    def choices(self, changelist: Any) -> Any:
        """As usual, with "All" of the first choice read as "Waiting"."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice if number else choice | {"display": "Waiting"}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones."""
        chosen, reported = self.value(), Q(pk__in=self.reported)
        if chosen == REPORTED:
            return queryset.filter(reported).order_by(*OLDEST_FIRST)
        if chosen == ALL:
            return first_of(queryset.order_by("-pk"), request)
        waiting = queryset.filter(status=chosen or Comment.Status.PENDING).order_by(*OLDEST_FIRST)
        if chosen or not self.reported:
            return first_of(waiting, request)
        both = queryset.filter(Q(pk__in=ids_of_first(waiting)) | reported)
        return both.order_by(Case(When(reported, then=0), default=1), *OLDEST_FIRST)


class FindingsFilter(admin.SimpleListFilter):
    """By whether the policy had something to say."""

    title = "findings"
    parameter_name = "findings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("some", "With findings"), ("none", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones."""
        if self.value() == "some":
            return queryset.exclude(origin__findings=[])
        return queryset.filter(origin__findings=[]) if self.value() == "none" else queryset


class MailStateFilter(admin.SimpleListFilter):
    """By what became of a mail."""

    title = "status"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("waiting", "Waiting"), ("failed", "Failed"), ("sent", "Sent"), ("dropped", "Nothing to tell any more")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones."""
        mails = cast("MailQuerySet", queryset)
        found = {"waiting": mails.waiting, "failed": mails.given_up, "sent": mails.sent, "dropped": mails.dropped}
        chosen = self.value()
        return found[chosen]() if chosen in found else queryset
