"""One's own mail: each moderator chooses here of what they hear; nobody chooses for others."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from articles.desk import DeskAdmin
from comments import staff_mail
from comments.letters import is_address
from comments.models import MailChoice
from comments.querysets import MODERATE


class ChoiceForm(forms.Form):
    """Four ways of hearing of comments."""

    wish = forms.ChoiceField(label="Mail about comments that wait", choices=MailChoice.Wish, widget=forms.RadioSelect)


@admin.register(MailChoice)
class MailChoiceAdmin(DeskAdmin):
    """One page, about oneself."""

    def has_view_permission(self, request: HttpRequest, obj: MailChoice | None = None) -> bool:
        """Whoever moderates."""
        return bool(request.user.has_perm(MODERATE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A choice is made on the one page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: MailChoice | None = None) -> bool:
        """As above."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MailChoice | None = None) -> bool:
        """It goes with the account."""
        return bool(request.user.has_perm("auth.delete_user"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailChoice]:
        """One's own."""
        own: QuerySet[MailChoice] = super().get_queryset(request).filter(user=request.user.pk)
        return own

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No list: the form. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user: Any = request.user
        sent = request.POST if request.method == "POST" else None
        form = ChoiceForm(sent, initial={"wish": MailChoice.wish_of(user)})
        if sent is not None and form.is_valid():
            staff_mail.choose(user, form.cleaned_data["wish"])
            self.message_user(request, "Your choice is saved.")
            return HttpResponseRedirect(reverse("admin:comments_mailchoice_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": "Your mail",
            "form": form,
            "address": user.email if is_address(user.email) else "",
        }
        status = 200 if sent is None else 422
        return render(request, "admin/comments/mailchoice/change_list.html", context, status=status)
