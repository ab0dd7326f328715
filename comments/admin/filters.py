"""By what lists are narrowed: comments by status and findings, mails by what became of them."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from comments.models import Comment
from comments.querysets import MailQuerySet

ALL = "all"


class StatusFilter(admin.SimpleListFilter):
    """By status; what waits comes up first."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices beside the default, pending."""
        others = [choice for choice in Comment.Status.choices if choice[0] != Comment.Status.PENDING]
        return [*others, (ALL, "All")]

    def choices(self, changelist: Any) -> Any:
        """As usual, with "All" of the first choice read as "Pending"."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice if number else choice | {"display": "Pending"}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones."""
        chosen = self.value() or Comment.Status.PENDING
        return queryset if chosen == ALL else queryset.filter(status=chosen)


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
