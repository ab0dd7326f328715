"""The form with which a reader reports a comment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import html
from comments.forms import TOO_LONG, BodyField
from comments.models import MAX_NOTE
from comments.models.discussion import reasons_in
from comments.same_origin import words_token

NO_REASON = _("Please choose a reason.")


class ReportForm(forms.Form):
    """A reason of the owner's list and a short note; `token` is only on the page of a refusal."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={"required": NO_REASON, "invalid_choice": NO_REASON},
    )
    note = BodyField(
        label=_("A note for the moderators, if you like"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    # As on the form for comments.
    fax = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, reasons: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "report-%s"
        # Our own, which an owner has not changed, are said in the page's language; moderators read what is stored.
        self.fields["reason"].choices = [(reason, _(reason)) for reason in reasons_in(reasons)]  # type: ignore[attr-defined]

    def clean_note(self) -> str:
        """Text that a page and a database can hold."""
        note: str = html.plain_characters(self.cleaned_data["note"]).strip()
        if len(note) > MAX_NOTE:
            raise ValidationError(TOO_LONG % {"show_value": len(note), "limit_value": MAX_NOTE})
        return note

    @property
    def words(self) -> tuple[str, str]:
        """What was chosen and typed, as it was sent."""
        return self.data.get("reason", ""), self.data.get("note", "")

    def to_send_again(self, reasons: str) -> "ReportForm":
        """The same words on a page of ours, with a token that is good for them."""
        reason, note = self.words
        return ReportForm(reasons, initial={"reason": reason, "note": note, "token": words_token(reason, note)})
