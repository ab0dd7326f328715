"""Authors' answering links in the desk: made, shown once, revoked."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html

from articles.desk import DeskAdmin
from comments.links import new_answering_link
from comments.models import AnsweringLink


@admin.register(AnsweringLink)
class AnsweringLinkAdmin(DeskAdmin):
    """Give an author a link, or take it back."""

    fields = ("author",)
    list_display = ("author", "made", "made_by", "state")
    list_display_links = None
    list_select_related = ("author",)
    ordering = ("-made_at",)
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: AnsweringLink | None = None) -> bool:
        """A link is made and revoked, never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AnsweringLink | None = None) -> bool:
        """A revoked link stays listed."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """May take links back."""
        return bool(request.user.has_perm("comments.change_answeringlink"))

    def save_model(self, request: HttpRequest, obj: AnsweringLink, form: Any, change: bool) -> None:
        """Make the link, and show it this once."""
        link, path = new_answering_link(obj.author, by=request.user.get_username())
        obj.pk = link.pk
        line = "Send {} this link, which is shown only now: {}"
        self.message_user(request, format_html(line, obj.author.name, settings.OPED_BASE_URL + path), messages.WARNING)

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AnsweringLink]) -> None:
        """The selected links open nothing from now on."""
        count = queryset.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} link{'' if count == 1 else 's'} revoked.", messages.SUCCESS)

    @admin.display(description="state")
    def state(self, link: AnsweringLink) -> str:
        """In force, or since when not."""
        if link.revoked_at is None:
            return format_html('<span class="standing {}">{}</span>', "published", "in force")
        return format_html('<span class="standing">revoked {}</span>', day_of(link.revoked_at))

    @admin.display(description="made", ordering="made_at")
    def made(self, link: AnsweringLink) -> str:
        """The day, as everywhere in the desk."""
        return day_of(link.made_at)


def day_of(moment: datetime) -> str:
    """As in "22 Nov 2026"."""
    return date_format(timezone.localtime(moment), "j M Y")
