"""By what lists are narrowed: comments by status and findings, mails by what became of them."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest

from comments.models import Comment
from comments.querysets import MailQuerySet
from comments.reported import reported_ids

ALL, REPORTED = "all", "reported"


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
        chosen, oldest_first = self.value(), ("submitted_at", "pk")
        waiting, reported = Q(status=Comment.Status.PENDING), Q(pk__in=self.reported)
        if chosen == REPORTED:
            return queryset.filter(reported).order_by(*oldest_first)
        if chosen:
            return queryset.order_by("-pk") if chosen == ALL else queryset.filter(status=chosen).order_by(*oldest_first)
        if not self.reported:
            return queryset.filter(waiting).order_by(*oldest_first)
        return queryset.filter(waiting | reported).order_by(Case(When(reported, then=0), default=1), *oldest_first)


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
