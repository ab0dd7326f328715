"""The owner's choices on comments: one page of settings, and the list of reasons for declining."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from articles.desk import DeskAdmin
from articles.freshness import pages_changed
from articles.one_page import OnePageAdmin, SeenForm
from comments.admin.trying import try_out
from comments.models import Discussion, Reason
from comments.words import merged

MAX_LIST = 100_000
FILE_HELP = "A text file with one word a line, such as WordPress’s lists; its lines also count inside words."


class DiscussionForm(SeenForm):
    """The choices, and text files to add to the two lists of words."""

    held_words_file = forms.FileField(required=False, label="add held words from a file", help_text=FILE_HELP)
    blocked_words_file = forms.FileField(required=False, label="add blocked words from a file", help_text=FILE_HELP)

    class Meta:
        model = Discussion
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """Each list with the lines of its file that it doesn't have yet."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.imported: set[str] = set()
        for field in ("held_words", "blocked_words"):
            if (file := data.get(f"{field}_file")) and field in data:
                text = file.read().decode("utf-8-sig", "replace").replace("\0", "")
                data[field], count = merged(data[field], text, is_inside=True)
                self.imported |= {field} if count else set()
                if len(data[field]) > MAX_LIST:
                    self.add_error(f"{field}_file", f"With this file the list has more than {MAX_LIST:,} characters.")
        return data


@admin.register(Discussion)
class DiscussionAdmin(OnePageAdmin):
    """One page: there is one row."""

    form = DiscussionForm
    change_form_template = "admin/comments/discussion/change_form.html"
    fieldsets = (
        ("Open and closed", {"fields": ("is_open", "close_after_days")}),
        ("Threads", {"fields": ("depth", "newest_first")}),
        ("What is published", {"fields": ("mode", "max_links", "old_after_days", "flood_seconds")}),
        ("Words", {"fields": ("held_words", "held_words_file", "blocked_words", "blocked_words_file")}),
        ("Reports by readers", {"fields": ("reports_to_review", "reports_hide", "report_reasons")}),
        ("Their writers", {"fields": ("edit_minutes", "shows_wait")}),
        ("What is deleted by itself", {"fields": ("spam_days", "trash_days", "traces_days")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Adds the try-out box."""
        return [
            path("try/", self.admin_site.admin_view(self.try_out), name="comments_discussion_try"),
            *super().get_urls(),
        ]

    def try_out(self, request: HttpRequest) -> HttpResponse:
        """What the policy would say to a text. Raises PermissionDenied for those who may not see the settings."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return try_out(request, self.admin_site.each_context(request))

    def save_model(self, request: HttpRequest, obj: Discussion, form: Any, change: bool) -> None:
        """Store what was changed and nothing else; every page with comments follows."""
        columns = {field.name for field in Discussion._meta.concrete_fields}
        obj.save(update_fields=columns.intersection(form.changed_data) | form.imported)
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
