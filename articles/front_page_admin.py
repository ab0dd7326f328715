"""The desk's page for the front page: what is pinned, in which order, until when, and how it will look."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import pinning
from articles.desk import DeskAdmin, MomentField
from articles.front_page import front_page
from articles.models import Article, Pin


class MomentForm(forms.Form):
    """A moment at which to look at the front page."""

    at = MomentField(required=False, label="As it will be on")


@admin.register(Pin)
class PinAdmin(DeskAdmin):
    """Order, place and end of what is pinned; articles are put here from their own form or list."""

    change_list_template = "admin/articles/pin/change_list.html"
    list_display = ("article", "shown", "place", "position", "until")
    list_editable = ("place", "position", "until")
    list_select_related = ("article",)
    list_per_page = 50
    ordering = ("place", "position", "-pk")
    readonly_fields = ("article",)
    actions = ("take_off",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """From the article's form or list, where one sees what it is."""
        return False

    @admin.display(description="on the page")
    def shown(self, pin: Pin) -> str:
        """Whether readers meet it there now, and why not."""
        if pin.until and pin.until <= timezone.now():
            return "Its time is over"
        if pin.article.is_scheduled:
            return "From its publication on"
        return "Yes" if pin.article.is_live else f"No: it is {pin.article.get_status_display().lower()}"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Ours, without Django's page to confirm."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found if self.has_delete_permission(request) else {}

    @admin.action(description="Take off the front page")
    def take_off(self, request: HttpRequest, pins: QuerySet[Pin]) -> None:
        """Take the selected ones off."""
        for pin in pins.select_related("article"):
            pinning.unpin(pin.article)

    def save_model(self, request: HttpRequest, obj: Pin, form: Any, change: bool) -> None:
        """Save, and let the page follow."""
        super().save_model(request, obj, form, change)
        pinning.front_page_changed()

    def delete_model(self, request: HttpRequest, obj: Pin) -> None:
        """Take it off, and let the page follow."""
        pinning.unpin(obj.article)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Adds the form that leads to the preview."""
        return super().changelist_view(request, (extra_context or {}) | {"moment": MomentForm()})

    def get_urls(self) -> list[URLPattern]:
        """Adds the preview."""
        preview = self.admin_site.admin_view(require_safe(self.preview))
        return [path("preview/", preview, name="articles_pin_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The front page as readers will get it at a moment: what is scheduled by then is on it, what ends is not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = MomentForm(request.GET)
        at: datetime = (form.cleaned_data["at"] if form.is_valid() else None) or timezone.now()
        context = {"front": front_page(at), "at": at, "moment": MomentForm(initial={"at": at})}
        return render(request, "articles/home_preview.html", context)


class FrontPageActions:
    """What the list of articles can do with the selected ones, and its column that says who has a place."""

    actions: Any = ("put_on_front_page", "take_off_front_page")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """For those who may pin; articles are deleted one by one."""
        found: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        found.pop("delete_selected", None)
        return found if may_pin(request) else {}

    @admin.action(description="Put on the front page")
    def put_on_front_page(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Pin the selected ones, in the order of the list."""
        for article in articles:
            pinning.pin(article)
        messages.success(request, "They have a place on the front page. Order and end are under “Front page”.")

    @admin.action(description="Take off the front page")
    def take_off_front_page(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Unpin the selected ones."""
        for article in articles:
            pinning.unpin(article)
        messages.success(request, "They are left to the front page’s own order again.")

    @admin.display(description="front page", ordering="pin__place")
    def pinned(self, article: Article) -> str:
        """Its place by hand, if it has one."""
        pin: Pin | None = getattr(article, "pin", None)
        return pin.get_place_display() if pin else ""


def may_pin(request: HttpRequest) -> bool:
    """True for editors and owners."""
    return bool(request.user.has_perm("articles.add_pin") and request.user.has_perm("articles.delete_pin"))
