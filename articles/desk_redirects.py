"""Redirects and missed addresses in the desk."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles import redirects
from articles.desk import DeskAdmin
from articles.freshness import pages_changed
from articles.likely import likely_pages
from articles.models import MissingPath, Redirect


class RedirectForm(forms.ModelForm):
    """From one address of this site to another, typed or pasted."""

    class Meta:
        model = Redirect
        fields = ("old_path", "new_path")
        help_texts = {
            "old_path": "The address that leads nowhere, such as /2019/05/old-title/; its feeds follow.",
            "new_path": "Where it leads from now on, on this site. If that address moves later, this follows.",
        }

    def clean_old_path(self) -> str:
        """As the table knows it. Raises ValidationError."""
        return redirects.key_of(redirects.own_path(self.cleaned_data["old_path"]))

    def clean_new_path(self) -> str:
        """Where it ends today, and still does when it is stored. Raises ValidationError."""
        redirects.take_turn()
        return redirects.final(redirects.own_path(self.cleaned_data["new_path"]))

    def clean(self) -> dict[str, Any]:
        """No address leads to itself, at once, by another one or by its feeds. Raises ValidationError."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        old, new = data.get("old_path"), data.get("new_path")
        if old and new and (redirects.key_of(new) == old or new.startswith(f"{old}feed/")):
            raise ValidationError("That would lead in a circle.")
        return data


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    """Made by themselves when an address changes, and by hand."""

    form = RedirectForm
    list_display = ("old_path", "leads_to", "made", "trial")
    search_fields = ("old_path", "new_path")
    search_help_text = "Any part of either address."
    change_list_template = "admin/articles/redirect/change_list.html"
    list_per_page = 50
    actions = None

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        """Store it, turn what led to the old address, and say what an editor might not expect."""
        super().save_model(request, obj, form, change)
        redirects.turn_others(obj)
        pages_changed([redirects.KEY])
        if redirects.is_live(obj.old_path):
            there = "There is a page at {}: readers see it, and are led on only once it is gone."
            self.message_user(request, there.format(obj.old_path), messages.WARNING)
        if not redirects.is_live(obj.new_path):
            nothing = "There is no page at {} at present."
            self.message_user(request, nothing.format(obj.new_path), messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Redirect) -> None:
        """From now on the address leads nowhere."""
        super().delete_model(request, obj)
        pages_changed([redirects.KEY])

    @admin.display(description="to", ordering="new_path")
    def leads_to(self, redirect: Redirect) -> SafeString:
        """The page itself."""
        return format_html('<a href="{}">{}</a>', escape_uri_path(redirect.new_path), redirect.new_path)

    @admin.display(description="since", ordering="made_at")
    def made(self, redirect: Redirect) -> str:
        """When it was made, to the day."""
        return date_format(timezone.localtime(redirect.made_at), "j M Y")

    @admin.display(description="try it")
    def trial(self, redirect: Redirect) -> SafeString:
        """The old address, as a reader would open it."""
        return format_html(
            '<a href="{}" target="_blank" rel="noopener">Open<span class="unseen"> {}</span></a>',
            escape_uri_path(redirect.old_path),
            redirect.old_path,
        )


@admin.register(MissingPath)
class MissingPathAdmin(DeskAdmin):
    """Addresses that readers asked for in vain, most wanted first."""

    list_display = ("path", "misses", "last", "what_to_do")
    list_display_links = None
    search_fields = ("path",)
    change_list_template = "admin/articles/missingpath/change_list.html"
    ordering = ("-count", "-last_at")
    list_per_page = 25
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers add to it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: MissingPath | None = None) -> bool:
        """There is nothing to change."""
        return False

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without buttons for those who may only look."""
        return self.list_display if request.user.has_perm("articles.add_redirect") else self.list_display[:-1]

    def get_urls(self) -> list[URLPattern]:
        """Adds the two buttons of each row."""
        lead, forget = (self.admin_site.admin_view(require_POST(view)) for view in (self.lead, self.forget))
        return [
            path("<int:pk>/lead/", lead, name="articles_missing_lead"),
            path("<int:pk>/forget/", forget, name="articles_missing_forget"),
            *super().get_urls(),
        ]

    def lead(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead the address to the page that the button named. Raises PermissionDenied."""
        if not request.user.has_perm("articles.add_redirect"):
            raise PermissionDenied
        missed = get_object_or_404(MissingPath, pk=pk)
        self.make(request, missed)
        return self.back()

    @transaction.atomic
    def make(self, request: HttpRequest, missed: MissingPath) -> None:
        """Store that redirect and say so, or why it can't be."""
        form = RedirectForm({"old_path": missed.path, "new_path": request.POST.get("to", "")})
        if form.is_valid():
            made = form.save()
            redirects.turn_others(made)
            MissingPath.objects.filter(pk=missed.pk).delete()
            pages_changed([redirects.KEY])
            messages.success(request, f"{made.old_path} leads to {made.new_path} from now on.")
        else:
            errors = " ".join(str(error) for field in form.errors.values() for error in field)
            messages.error(request, f"That was not possible: {errors}")

    def forget(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the address off the list; if it is missed again, it starts at one. Raises PermissionDenied."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        MissingPath.objects.filter(pk=pk).delete()
        return self.back()

    def back(self) -> HttpResponse:
        """The list."""
        return HttpResponseRedirect(reverse("admin:articles_missingpath_changelist"))

    @admin.display(description="asked for", ordering="count")
    def misses(self, missed: MissingPath) -> str:
        """How often."""
        return f"{missed.count:,} time{'' if missed.count == 1 else 's'}"

    @admin.display(description="last", ordering="last_at")
    def last(self, missed: MissingPath) -> str:
        """When, to the day."""
        return date_format(timezone.localtime(missed.last_at), "j M Y")

    @admin.display(description="redirect to")
    def what_to_do(self, missed: MissingPath) -> SafeString:
        """The likely page as a button, another one by hand, or nothing."""
        likely = next(iter(likely_pages(missed.path)), None)
        lead, add = reverse("admin:articles_missing_lead", args=[missed.pk]), reverse("admin:articles_redirect_add")
        guess: SafeString | str = ""
        if likely:
            button = '<button class="approve" formaction="{}" name="to" value="{}">{}</button>'
            guess = format_html(button, lead, likely.url, likely.name)
        return format_html(
            '<div class="verbs">{}'
            '<a class="elsewhere" href="{}?old_path={}">Elsewhere …<span class="unseen"> than {}</span></a>'
            '<button formaction="{}">Forget<span class="unseen"> {}</span></button></div>',
            guess,
            add,
            quote(missed.path),
            missed.path,
            reverse("admin:articles_missing_forget", args=[missed.pk]),
            missed.path,
        )
