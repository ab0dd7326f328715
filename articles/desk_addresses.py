"""What has an address of its own, in the desk: whoever changes it leaves a redirect from the former one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from articles import publishing, redirects
from articles.desk import DeskAdmin, MomentField
from articles.models import Article
from articles.slugs import MAX_LENGTH, validate_slug

WHERE_IT_WAS = "The former address {} leads to the new one from now on."


class AddressedAdmin(DeskAdmin):
    """Sections, topics, authors and pages. Subclasses mark pages as changed afterwards."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; the address follows the slug, and the former one leads on."""
        super().save_model(request, obj, form, change)
        if not change:
            redirects.address_taken(obj.get_absolute_url())
        elif "slug" in form.changed_data:
            former = type(obj)(slug=form.initial["slug"]).get_absolute_url()
            redirects.address_moved(former, obj.get_absolute_url())
            self.message_user(request, WHERE_IT_WAS.format(former))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete; nothing leads there any more."""
        address = obj.get_absolute_url()
        super().delete_model(request, obj)
        redirects.address_gone(address)


class MoveForm(forms.Form):
    """Another slug or date for an op-ed that readers have seen."""

    slug = forms.CharField(max_length=MAX_LENGTH, validators=[validate_slug], help_text="The last part of the address.")
    at = MomentField(label="Published on")
    address_follows = forms.BooleanField(
        required=False,
        label="Year and month in the address follow this date",
        help_text="Otherwise they stay as they were first published.",
    )

    def __init__(self, article: Article, data: Any) -> None:
        at = article.published_at and article.published_at.replace(second=0, microsecond=0)
        super().__init__(data, initial={"slug": article.slug, "at": at})
        self.article = article

    def clean_slug(self) -> str:
        """No other op-ed's. Raises ValidationError."""
        slug: str = self.cleaned_data["slug"]
        if Article.objects.filter(slug=slug).exclude(pk=self.article.pk).exists():
            raise ValidationError("Another op-ed has this slug.")
        return slug

    def clean_at(self) -> Any:
        """As it was unless changed: the field shows no seconds. Raises ValidationError."""
        at = self.cleaned_data["at"]
        if "at" not in self.changed_data:
            return self.article.published_at
        if at > timezone.now():
            raise ValidationError("Readers have this op-ed already; its date can’t lie ahead.")
        return at

    @property
    def new_address(self) -> str:
        """Where the op-ed would be."""
        moved = Article.objects.get(pk=self.article.pk)
        publishing.readdress(moved, **self.cleaned_data)
        return moved.get_absolute_url()


def move(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """The form, then the question whether that is meant, then the move. `context` is the desk's own.

    Raises PermissionDenied for those who may not publish.
    """
    article = get_object_or_404(Article, pk=pk)
    if not request.user.has_perm("articles.publish_article") or not article.was_seen:
        raise PermissionDenied
    form = MoveForm(article, request.POST or None)
    is_asking = form.is_valid()
    if is_asking and "sure" in request.POST:
        return _moved(request, article, form)
    context |= {"title": f"Move “{article}”", "article": article, "form": form, "is_asking": is_asking}
    return render(request, "admin/articles/article/move.html", context)


def _moved(request: HttpRequest, article: Article, form: MoveForm) -> HttpResponse:
    former = article.get_absolute_url()
    try:
        publishing.move(article, **form.cleaned_data)
    except publishing.NotNow as reason:
        messages.error(request, str(reason))
    else:
        is_moved = article.get_absolute_url() != former
        messages.success(request, WHERE_IT_WAS.format(former) if is_moved else "The date is changed.")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
