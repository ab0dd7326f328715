"""The owner's page of site settings: what the publication says of itself, and links of the owner's own."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from articles.desk import LineField
from articles.freshness import pages_changed
from articles.image_admin import ChoosesPictures
from articles.models import NavigationLink, Page, Publication
from articles.one_page import OnePageAdmin, SeenForm
from articles.redirects import own_path
from articles.web_addresses import validate_website

# What the environment says as long as the owner says nothing.
FROM_ENVIRONMENT = {"name": "OPED_SITE_NAME", "tagline": "OPED_TAGLINE"}


class PublicationForm(SeenForm):
    """The choices; what is left empty shows what holds instead."""

    class Meta:
        model = Publication
        fields = ("name", "tagline", "description", "logo", "language", "principles", "links")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "links": forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, setting in FROM_ENVIRONMENT.items():
            self.fields[field].widget.attrs |= {"placeholder": getattr(settings, setting), "dir": "auto"}
            self.fields[field].help_text += f" Empty: what {setting} says in the environment."
        for field in ("logo", "principles"):
            # Both are made and changed in lists of their own.
            for right in ("add", "change", "delete", "view"):
                setattr(self.fields[field].widget, f"can_{right}_related", False)
        language = dict(settings.LANGUAGES).get(settings.LANGUAGE_CODE, settings.LANGUAGE_CODE)
        choices: Any = self.fields["language"]
        choices.choices = [("", f"As OPED_LANGUAGE says: {language}"), *choices.choices[1:]]


class NavigationLinkForm(forms.ModelForm):
    """A link of the owner's own."""

    class Meta:
        model = NavigationLink
        fields = ("place", "label", "url", "position")
        field_classes = {"label": LineField}

    def clean_url(self) -> str:
        """An address of this site with what follows its path, or a web address. Raises ValidationError."""
        url: str = self.cleaned_data["url"].strip()
        if url.startswith("/"):
            path = own_path(url)
            return urlsplit(url)._replace(path=path).geturl()
        validate_website(url)
        return url


class NavigationInline(admin.StackedInline):
    """Links beside sections and standing pages."""

    model = NavigationLink
    form = NavigationLinkForm
    fields = (("place", "position"), "label", "url")
    extra = 1
    ordering = ("place", "position", "label")
    verbose_name = "link"
    verbose_name_plural = "links of your own, in the head or the foot of every page"


@admin.register(Publication)
class PublicationAdmin(ChoosesPictures, OnePageAdmin):
    """One page; only owners have its right."""

    form = PublicationForm
    change_form_template = "admin/articles/publication/change_form.html"
    inlines = (NavigationInline,)
    fieldsets = (
        ("The publication", {"fields": ("name", "tagline", "description", "logo", "language")}),
        ("For readers who want to know more", {"fields": ("principles", "links")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With everything stored, let every page follow; headings of footnotes are in the new language too."""
        super().save_related(request, form, formsets, change)
        if "language" in form.changed_data:
            for page in Page.objects.all():
                page.save(update_fields=["body_html"])
        pages_changed(["site", "articles"])
