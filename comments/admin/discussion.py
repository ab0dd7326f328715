"""The owner's choices on comments: one page of settings, and the list of reasons for declining."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.desk import DeskAdmin
from articles.freshness import pages_changed
from comments.models import Discussion, Reason


@admin.register(Discussion)
class DiscussionAdmin(DeskAdmin):
    """One page: there is one row."""

    change_form_template = "admin/comments/discussion/change_form.html"
    fieldsets = (
        ("Open and closed", {"fields": ("is_open", "close_after_days")}),
        ("Threads", {"fields": ("depth", "newest_first")}),
        ("New comments", {"fields": ("max_links", "flood_seconds")}),
        ("Their writers", {"fields": ("edit_minutes", "shows_wait")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Discussion | None = None) -> bool:
        """It stays."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No list: straight to the settings."""
        return HttpResponseRedirect(reverse("admin:comments_discussion_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Discussion | None:
        """The row, stored with our defaults when it is first looked at."""
        return Discussion.objects.get_or_create(pk=1)[0] if object_id == "1" else None

    def save_model(self, request: HttpRequest, obj: Discussion, form: Any, change: bool) -> None:
        """Store what was changed and nothing else; every page with comments follows."""
        obj.save(update_fields=form.changed_data)
        pages_changed(["site"])

    def response_change(self, request: HttpRequest, obj: Discussion) -> HttpResponse:
        """Stay on the page."""
        self.message_user(request, "The discussion settings are saved.")
        return HttpResponseRedirect(reverse("admin:comments_discussion_change", args=[1]))


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
