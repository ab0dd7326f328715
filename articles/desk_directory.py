"""Authors, sections, topics and standing pages in the desk: what has an address of its own beside the op-eds."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles import publishing
from articles.desk_addresses import AddressedAdmin
from articles.forms import AuthorForm, PageForm
from articles.freshness import pages_changed
from articles.image_admin import ChoosesPictures
from articles.models import Author, Page, Section, Topic

REQUIRED_PAGES = ("comment-policy", "privacy")


@admin.register(Author)
class AuthorAdmin(ChoosesPictures, AddressedAdmin):
    """Authors and their bios."""

    form = AuthorForm
    raw_id_fields = ("portrait",)
    list_display = ("name", "website")
    search_fields = ("name",)
    actions = None

    def delete_model(self, request: HttpRequest, obj: Author) -> None:
        """Delete one who has signed nothing, and let the page follow."""
        key = f"author-{obj.pk}"
        super().delete_model(request, obj)
        pages_changed([key, "articles"])

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Pages that print the author follow."""
        super().save_model(request, obj, form, change)
        publishing.author_changed(obj)


@admin.register(Section)
class SectionAdmin(AddressedAdmin):
    """Sections: every page names them, so every page follows."""

    search_fields = ("name",)
    list_display = ("name", "in_navigation", "position", "description")
    list_editable = ("in_navigation", "position")
    actions = None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and let the pages follow."""
        super().save_model(request, obj, form, change)
        publishing.navigation_changed()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and let the pages follow."""
        super().delete_model(request, obj)
        publishing.navigation_changed()


@admin.register(Topic)
class TopicAdmin(AddressedAdmin):
    """Topics."""

    list_display = ("name", "slug")
    search_fields = ("name",)
    actions = None

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """Save; search and pages follow."""
        super().save_model(request, obj, form, change)
        publishing.topic_changed(obj)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        """Delete; search and pages follow."""
        publishing.delete_topic(obj)


@admin.register(Page)
class PageAdmin(AddressedAdmin):
    """Standing pages; the two that the comment form links to keep their address."""

    form = PageForm
    list_display = ("title", "slug", "position")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """The address of a page that the site itself links to stays."""
        return ("slug",) if obj and obj.slug in REQUIRED_PAGES else ()

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """As above."""
        return super().has_delete_permission(request, obj) and not (obj and obj.slug in REQUIRED_PAGES)

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        """Save, and let the pages follow."""
        super().save_model(request, obj, form, change)
        publishing.page_changed(obj)

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        """Delete, and let the pages follow."""
        key = f"page-{obj.pk}"
        super().delete_model(request, obj)
        pages_changed([key, "site"])
