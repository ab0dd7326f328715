"""Editors' and writers' work in the desk; whatever readers notice goes through `articles.publishing`."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from js_asset import Script

from articles import desk_directory, desk_publication, desk_redirects, masthead, pinning, publishing
from articles.desk import ONE_FIELD, DeskAdmin
from articles.desk_addresses import move
from articles.forms import ArticleForm, BylineFormSet, CorrectionForm
from articles.front_page_admin import FrontPageActions
from articles.image_admin import ChoosesPictures, warn_without_alt
from articles.models import Article, Author, Byline, Correction
from articles.querysets import ArticleQuerySet
from articles.views import render_article

__all__ = ["desk_directory", "desk_publication", "desk_redirects"]
PUBLISH = "articles.publish_article"
# The buttons that give an article its date.
DATED = ("_publish", "_reschedule")


class BylineInline(admin.StackedInline):
    """The authors of an article, in order."""

    model = Byline
    formset = BylineFormSet
    fields = ("author", "position")
    verbose_name = "author"
    verbose_name_plural = "by"

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """One empty row for a draft that has no author yet."""
        return 0 if obj and obj.bylines.exists() else 1


class CorrectionInline(admin.StackedInline):
    """What was wrong in an article that readers have seen, and when it was put right."""

    model = Correction
    form = CorrectionForm
    formfield_overrides = ONE_FIELD
    extra = 0


class StatusFilter(admin.SimpleListFilter):
    """By standing, with scheduled apart from published."""

    title = "status"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("scheduled", "Scheduled"), *Article.Status.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones."""
        chosen = self.value()
        if chosen == "scheduled":
            return queryset.scheduled()  # type: ignore[attr-defined, no-any-return]
        return queryset.filter(status=chosen) if chosen else queryset


@admin.register(Article)
class ArticleAdmin(FrontPageActions, ChoosesPictures, DeskAdmin):
    """Write, preview, publish, schedule, withdraw."""

    class Media:
        js = (Script("oped/named-choices.js", type="module"),)

    form = ArticleForm
    raw_id_fields = ("lead_image",)
    inlines = (BylineInline, CorrectionInline)
    autocomplete_fields = ("answers",)
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ("title", "standing", "by", "section", "published_at", "comment_count", "pinned")
    list_filter = (StatusFilter, "section")
    open_lookups = ("standing", "section__id__exact")
    search_fields = ("title", "standfirst", "authors__name")
    list_select_related = ("section", "pin")
    list_per_page = 50
    ordering = ("-saved_at",)
    fieldsets = (
        (None, {"fields": ("title", "standfirst", "lead_image", "body", "disclosure")}),
        ("Where it stands", {"fields": ("section", "topics", "answers", "language")}),
        ("When and how", {"fields": ("published_at", "changed_at", "slug", "comments_open", "comments_close_at")}),
    )
    # Button of the form → what it does, and what the editor reads afterwards.
    verbs: dict[str, tuple[Callable[[Article], None], str]] = {
        "_publish": (publishing.publish, "is published"),
        "_withdraw": (publishing.withdraw, "is withdrawn from the site"),
        "_review": (publishing.submit_for_review, "waits for an editor"),
        "_draft": (publishing.return_to_draft, "is a draft again"),
        "_reschedule": (publishing.reschedule, "is published"),
        "_pin": (pinning.pin, "has a place on the front page"),
        "_unpin": (pinning.unpin, "is left to the front page’s own order"),
    }

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        """Those who may not publish see what is published, and their own."""
        found: Any = super().get_queryset(request).prefetch_related("bylines__author")
        if may_publish(request):
            return found  # type: ignore[no-any-return]
        own: ArticleQuerySet = found.filter(Q(created_by=request.user) | Q(status=Article.Status.PUBLISHED))
        return own

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Writers change their own drafts only."""
        if not super().has_change_permission(request, obj):
            return False
        is_own_draft = obj is None or (obj.created_by_id == request.user.pk and obj.status == Article.Status.DRAFT)
        return may_publish(request) or is_own_draft

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers have seen is withdrawn, never deleted: its comments hang on it."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_seen)

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> tuple[type[InlineModelAdmin], ...]:
        """What nobody has read needs no correction."""
        return self.inlines if obj and obj.was_seen else (BylineInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Those who may only look read the text instead of its source."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return ((None, {"fields": ("title", "standfirst", "text", "section", "published_at", "changed_at")}),)

    @admin.display(description="text")
    def text(self, article: Article) -> SafeString:
        """As readers get it."""
        body = mark_safe(article.body_html)  # noqa: S308 - cleaned when it was stored
        return format_html('<div class="said" lang="{}" dir="auto">{}</div>', article.language, body)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """The date and address of what is on the site stay; writers leave dates and comments to editors."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ("text",)
        if not may_publish(request):
            return ("published_at", "changed_at", "slug", "comments_open", "comments_close_at")
        if obj is None or not obj.was_seen:
            return ()
        return ("published_at", "slug") if obj.is_live else ("slug",)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Store what the form shows and nothing else: standing and counts may have moved since it was opened."""
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
            obj.save()
            return
        columns = {field.name for field in Article._meta.concrete_fields}
        obj.save(update_fields=[*columns.intersection(form.cleaned_data), "saved_at"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With bylines stored, do what the pressed button says; readers' pages follow last."""
        super().save_related(request, form, formsets, change)
        article = form.instance
        warn_without_alt(request, article.lead_image)
        sign_with_own_name(request, article)
        pressed = [button for button in self.verbs if button in request.POST]
        is_moved = article.is_scheduled or "published_at" in form.changed_data
        if not pressed and article.status == Article.Status.PUBLISHED and is_moved:
            pressed = ["_reschedule"]
        for button in pressed:
            self.apply(request, article, button)
        if "changed_at" not in form.changed_data and publishing.date_of_correction(article):
            text = "A correction changes the substance: “updated on” is now the day of the correction."
            self.message_user(request, text, messages.INFO)
        if article.status == Article.Status.PUBLISHED:
            publishing.print_bios(article)
            publishing.article_changed(article)

    def apply(self, request: HttpRequest, article: Article, button: str) -> None:
        """One verb, for those who may. Raises PermissionDenied."""
        if button != "_review" and not may_publish(request):
            raise PermissionDenied
        verb, done = self.verbs[button]
        try:
            verb(article)
        except publishing.NotNow as reason:
            self.message_user(request, f"Your words are saved, but that was not possible: {reason}", messages.ERROR)
            return
        if article.is_scheduled and button in DATED:
            when = timezone.localtime(article.published_at)
            done = f"is scheduled for {when:%d %B %Y, %H:%M}"
        self.message_user(request, format_html("“{}” {}.", article.title, done), messages.SUCCESS)

    def response_add(self, request: HttpRequest, obj: Article, *args: Any, **kwargs: Any) -> HttpResponse:
        """After a button of ours, stay with the article."""
        return self.stay(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """After a button of ours, stay with the article."""
        return self.stay(request, obj) or super().response_change(request, obj)

    def stay(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """The article's own form again, if one of our buttons was pressed; the verb has said what happened."""
        if not any(button in request.POST for button in self.verbs):
            return None
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Says which buttons this person gets."""
        context |= {"may_publish": may_publish(request)}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Adds the preview, and the move to another address."""
        preview, to_move = (self.admin_site.admin_view(view) for view in (require_safe(self.preview), self.move))
        return [
            path("<int:pk>/preview/", preview, name="articles_article_preview"),
            path("<int:pk>/move/", to_move, name="articles_article_move"),
            *super().get_urls(),
        ]

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another slug or date for what readers have seen. Raises PermissionDenied."""
        return move(request, pk, self.admin_site.each_context(request))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new op-ed is in the publication's language."""
        return {"language": masthead.current().language}

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The article as readers will see it, whatever its status."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return render_article(request, article, template="articles/article_preview.html")

    @admin.display(description="status", ordering="status")
    def standing(self, article: Article) -> str:
        """The status, with scheduled apart."""
        label = "Scheduled" if article.is_scheduled else article.get_status_display()
        return format_html('<span class="standing {}">{}</span>', label.lower().replace(" ", "-"), label)

    @admin.display(description="by")
    def by(self, article: Article) -> str:
        """The authors' names."""
        return ", ".join(byline.author.name for byline in article.bylines.all())


def may_publish(request: HttpRequest) -> bool:
    """True for editors and owners."""
    return bool(request.user.has_perm(PUBLISH))


def sign_with_own_name(request: HttpRequest, article: Article) -> None:
    """A draft without a byline gets the name of the writer who made it."""
    author = Author.objects.filter(user=request.user.pk).first()
    if author and not article.bylines.exists():
        Byline.objects.create(article=article, author=author)
