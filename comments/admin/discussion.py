"""The owner's choices on comments: one page of settings, and the list of reasons for declining."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.desk import DeskAdmin
from articles.freshness import pages_changed
from comments.admin.one_page import OnePageAdmin
from comments.models import Discussion, Reason


@admin.register(Discussion)
class DiscussionAdmin(OnePageAdmin):
    """One page: there is one row."""

    change_form_template = "admin/comments/discussion/change_form.html"
    fieldsets = (
        ("Open and closed", {"fields": ("is_open", "close_after_days")}),
        ("Threads", {"fields": ("depth", "newest_first")}),
        ("New comments", {"fields": ("max_links", "flood_seconds")}),
        ("Their writers", {"fields": ("edit_minutes", "shows_wait")}),
    )

    def save_model(self, request: HttpRequest, obj: Discussion, form: Any, change: bool) -> None:
        """Store what was changed and nothing else; every page with comments follows."""
        super().save_model(request, obj, form, change)
        pages_changed(["site"])


@admin.register(Reason)
class ReasonAdmin(DeskAdmin):
    """Reasons for declining, in the owner's words."""

    list_display = ("label", "text", "position")
    prepopulated_fields = {"code": ("label",)}
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        """The log of decisions names reasons by their code."""
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Reason | None = None) -> dict[str, Any]:
        """Only while there is none."""
        return {} if obj else {"code": ("label",)}
