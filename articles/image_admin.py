"""Pictures in the desk: uploaded, described, replaced, chosen in the forms of op-eds and authors."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles import publishing
from articles.desk import DeskAdmin
from articles.models import Article, Author, Image, Publication
from articles.pictures import uploading
from articles.pictures.forms import SAID, ImageForm, PictureChooser

LIST = "admin:articles_image_changelist"


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    """All pictures, newest first; also the window in which another form chooses one."""

    form = ImageForm
    list_display = ("thumbnail", "name", "described", "credit", "size", "created_at")
    list_display_links = ("thumbnail", "name")
    list_per_page = 40
    search_fields = ("name", "alt", "caption", "credit", "key")
    actions = None
    fields = ("file", *SAID)

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        """The picture itself stands first where there is one."""
        if obj is None:
            return self.fields
        shown = self.fields if self.has_change_permission(request, obj) else self.fields[1:]
        return ("preview", *shown, "used_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        """What is only shown."""
        return ("preview", "used_by") if obj else ()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same file sent twice at the same moment is one picture."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            self.message_user(request, "This picture has just been uploaded.", messages.WARNING)
            return HttpResponseRedirect(reverse(LIST))

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Store what the form says and nothing else: a job may have made renditions meanwhile."""
        if form.stored:
            uploading.use(form.stored, obj)
        if change:
            obj.save(update_fields=[*SAID, *(uploading.COLUMNS if form.stored else ())])
            publishing.image_changed(obj)
        else:
            obj.created_by = request.user  # type: ignore[assignment]
            obj.save()
        if form.was_read:
            self.message_user(request, f"Read from the file, please check: {', '.join(form.was_read)}.")

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        """The files go too."""
        uploading.delete(obj)

    def response_add(self, request: HttpRequest, obj: Image, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what was stored, with the words that came out of the file."""
        answer = super().response_add(request, obj, *args, **kwargs)
        if "_popup" in request.POST or "_addanother" in request.POST:
            return answer
        return HttpResponseRedirect(reverse("admin:articles_image_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        """Adds what another form shows of a chosen picture."""
        card = self.admin_site.admin_view(require_safe(self.card))
        return [path("<int:pk>/card/", card, name="articles_image_card"), *super().get_urls()]

    def card(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A picture with what is said of it, a part of a page."""
        image = get_object_or_404(Image, pk=pk)
        if not self.has_view_or_change_permission(request, image):
            raise PermissionDenied
        return render(request, "admin/articles/image/_card.html", {"image": image})

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> SafeString:
        """Small."""
        return thumbnail(image)

    @admin.display(description="picture")
    def preview(self, image: Image) -> SafeString:
        """Large."""
        return format_html('<div class="preview">{}</div>', thumbnail(image))

    @admin.display(description="alternative text")
    def described(self, image: Image) -> str:
        """Whether those who don't see it hear what it shows."""
        return image.alt or format_html('<span class="standing pending">{}</span>', "missing")

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        """In pixels, and whether pages have all of it yet."""
        pixels = f"{image.width} × {image.height}"
        return pixels if image.due_at is None else f"{pixels}, in preparation"

    @admin.display(description="used by")
    def used_by(self, image: Image) -> SafeString | str:
        """What has to let go of it before it can be deleted."""
        links = [(edit_address(each), str(each)) for each in uses(image) if admin.site.is_registered(type(each))]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "nothing so far"


class ChoosesPictures(admin.options.BaseModelAdmin):
    """For the forms in which a picture is chosen; it warns of one without an alternative text."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The picture instead of a list of names."""
        if db_field.related_model is Image:
            kwargs["widget"] = PictureChooser(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def warn_without_alt(request: HttpRequest, image: Image | None) -> None:
    """Somebody who can't see the picture that an op-ed opens with should hear what it shows."""
    if image is not None and not image.alt:
        sentence = '“{}” has no alternative text. <a href="{}">Say what it shows</a>, unless it is mere decoration.'
        messages.warning(request, format_html(sentence, image.name, edit_address(image)))


def thumbnail(image: Image) -> SafeString:
    """The smallest rendition."""
    if not image.widths:
        return format_html('<span class="quiet">{}</span>', "in preparation")
    return format_html(
        '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}">',
        image.smallest_address,
        image.width,
        image.height,
        image.alt or image.name,
    )


def uses(image: Image) -> list[models.Model]:
    """What would lose this picture."""
    articles = Article.objects.filter(lead_image=image).only("title").order_by("-pk")
    authors = Author.objects.filter(portrait=image).only("name")
    return [*articles, *authors, *Publication.objects.filter(logo=image)]


def edit_address(row: models.Model) -> str:
    """Its form in the desk."""
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
