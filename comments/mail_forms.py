"""The small forms about mail: what to be told of, and whose page to send a link to."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.models import MAX_EMAIL, Comment, Origin
from comments.same_origin import words_token

KEEP, REMOVE = "keep", "remove"


class TellForm(forms.Form):
    """Two ticks on one's own page; `url` is where they are posted."""

    decision = forms.BooleanField(label=_("when a moderator has decided"), required=False)
    replies = forms.BooleanField(label=_("when somebody replies"), required=False)

    def __init__(self, url: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "tell-%s"
        self.url = url

    @classmethod
    def of(cls, origin: Origin, url: str) -> "TellForm":
        """The form as its writer left it."""
        return cls(url, initial={"decision": origin.tell_decision, "replies": origin.tell_replies})

    @classmethod
    def for_comment(cls, comment: Comment, url: str) -> "TellForm":
        """As its writer left it; a decision can be awaited only while there is none."""
        form = cls.of(comment.origin, url)
        if comment.status == Comment.Status.APPROVED:
            form.fields["decision"].widget = forms.HiddenInput()
        return form

    @property
    def has_ticks(self) -> bool:
        """Something was asked for."""
        return any(self.initial.values())


class AskForm(forms.Form):
    """The address whose owner asks for the link; `token` is only on the page of a refusal."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=MAX_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please give your email address."),
            "invalid": _("Please give a complete email address, like ana@example.org."),
        },
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "ask-%s"
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        self.helper.form_class = "reply-form"
        self.helper.form_action = reverse("comments:address-ask")
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("email", "token", Submit("", _("Send me the link")))

    @classmethod
    def to_send_again(cls, address: str) -> "AskForm":
        """The same address on a page of ours, which may send this one address."""
        return cls(initial={"email": address, "token": words_token(address)})


class EraseForm(forms.Form):
    """What becomes of the words, and whether that was meant."""

    words = forms.ChoiceField(choices=[(KEEP, "Keep my words"), (REMOVE, "Remove my words")])
    sure = forms.BooleanField(required=False)
