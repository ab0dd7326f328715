"""The privacy desk: what is held of a person is exported or erased by address.

The address is typed into a form and only ever posted: it is in no link, no log and no message.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from comments.mail_forms import KEEP, REMOVE
from comments.models import MAX_EMAIL
from comments.policy import counted
from opedsite.personal_data import StillThere, erase_person, export_person, find

RIGHTS = ("comments.erase_person", "comments.view_email")
LOOK, EXPORT, ERASE = "look", "export", "erase"
TEMPLATE = "admin/privacy.html"


class PersonForm(forms.Form):
    """Whose data, and what to do with it."""

    email = forms.EmailField(
        label="Email address of the person",
        max_length=MAX_EMAIL,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": "Please give an address.", "invalid": "Please give a complete address."},
    )
    action = forms.ChoiceField(choices=[(LOOK, "Look"), (EXPORT, "Export"), (ERASE, "Erase")])
    words = forms.ChoiceField(
        label="What becomes of the texts of their comments?",
        choices=[
            (KEEP, "They stay, by “Anonymous reader”; where they hold the address, it is taken out"),
            (REMOVE, "They are removed; replies to them stay"),
        ],
        widget=forms.RadioSelect,
        initial=KEEP,
        required=False,
    )
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "person-%s"

    def clean(self) -> dict[str, Any]:
        """Erasing asks what becomes of the words."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("action") == ERASE and not data.get("words"):
            self.add_error("words", "Please choose.")
        return data


def privacy(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask for an address, show what is held, hand it out, or erase it; `context` is the desk's own.

    Raises PermissionDenied for those without the right, whatever they ask for.
    """
    if not all(request.user.has_perm(right) for right in RIGHTS):
        raise PermissionDenied
    context |= {"title": "Privacy desk"}
    if request.method != "POST":
        return render(request, TEMPLATE, context | {"form": PersonForm()})
    form = PersonForm(request.POST)
    if not form.is_valid():
        held = held_of(form.cleaned_data["email"]) if "email" in form.cleaned_data else None
        return render(request, TEMPLATE, context | {"form": form, "held": held}, status=422)
    chosen = form.cleaned_data
    if chosen["action"] == EXPORT:
        return export(chosen["email"])
    if chosen["action"] == ERASE and chosen["sure"]:
        return erase(request, form, context)
    is_asking = chosen["action"] == ERASE
    return render(request, TEMPLATE, context | {"form": form, "held": held_of(chosen["email"]), "is_asking": is_asking})


def export(address: str) -> HttpResponse:
    """A file, whose name tells nobody about whom it is."""
    response = JsonResponse(export_person(address), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="person.json"'
    return response


def erase(request: HttpRequest, form: PersonForm, context: dict[str, Any]) -> HttpResponse:
    """Forget the person, or say what is in the way."""
    chosen = form.cleaned_data
    keep_words = chosen["words"] == KEEP
    try:
        erased = erase_person(chosen["email"], keep_words=keep_words, by=request.user.get_username())
    except StillThere as error:
        held = held_of(chosen["email"])
        return render(request, TEMPLATE, context | {"form": form, "held": held, "trouble": str(error)}, status=409)
    fate = "their words stay" if keep_words else "their words are removed"
    others = counted(erased.mentions, "comment")
    done = f"Erased: the writer of {counted(erased.comments, 'comment')}; {fate}. Taken out of {others} of others."
    messages.success(request, done)
    if not erased.is_swept:
        messages.warning(
            request, "The database is busy: its file may still hold deleted bytes. Please erase once more."
        )
    return HttpResponseRedirect(reverse("admin:privacy"))


def held_of(address: str) -> dict[str, Any]:
    """What is held in short, for the page."""
    commenter = find(address).commenter
    return {
        "commenter": commenter,
        "comments": commenter.origins.count() if commenter else 0,
        "mails": commenter.mails.count() if commenter else 0,
    }
