"""The "Leave a Reply" form: its words, its order, its rules. Errors keep what was typed."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from articles import html
from comments.drafts import Draft
from comments.models import MAX_BODY, MAX_EMAIL, MAX_NAME, MAX_WEBSITE
from comments.same_origin import words_token

ID = re.compile(r"[0-9]{1,18}")
BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::[0-9]+)?(?:[/?#]|$)")
# The script shows it; without one it could not keep its promise.
REMEMBER = '<label class="tick" hidden><input type="checkbox" name="remember"> {}</label>'
REMEMBER_ME = gettext_noop("Save my name, email, and website in this browser for the next time I comment.")
TAGS = f"<code dir=ltr>{' '.join(f'&lt;{tag}&gt;' for tag in sorted(html.COMMENT_TAGS))}</code>"
HINT = format_lazy(_("Blank lines part paragraphs, and addresses become links. You may use {tags}."), tags=TAGS)
FEWER = {"most": html.MAX_COMMENT_TAGS}
WORDS = ("body", "name", "email", "website", "parent")


TOO_LONG = _("Please shorten this: it has %(show_value)d characters, and %(limit_value)d fit.")


class UncutField(forms.CharField):
    """A text too long is refused and kept, never cut."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`, at which browsers silently cut what is pasted."""
        return {}


class UncutEmailField(UncutField, forms.EmailField):
    """An address, uncut."""

    default_validators = [EmailValidator(allowlist=[])]


class BodyField(UncutField):
    """Counts a line break as one character, as the browser does."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """How many fit: the script counts."""
        return {"data-most": self.max_length}

    def make_room(self, most: int) -> None:
        """Let so many characters fit."""
        self.max_length = most
        kept = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]
        self.validators = [*kept, MaxLengthValidator(most)]
        self.widget.attrs["data-most"] = most

    def to_python(self, value: Any) -> str:
        """The text with plain line feeds."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class WordsForm(forms.Form):
    """The words of a comment, alone: for editing them."""

    body = BodyField(
        label=_("Comment"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=HINT,
        error_messages={"required": _("Please write your comment."), "max_length": TOO_LONG},
    )

    def clean_body(self) -> str:
        """Not too much markup, and something to read."""
        body: str = html.plain_characters(self.cleaned_data["body"])
        most = self.fields["body"].max_length  # type: ignore[attr-defined]
        if len(body) > most:
            raise ValidationError(TOO_LONG, params={"show_value": len(body), "limit_value": most})
        if self.has_too_many_tags(body):
            raise ValidationError(_("Please use fewer tags: at most %(most)d fit in a comment."), params=FEWER)
        if not html.is_readable(body):
            raise ValidationError(_("Please write your comment."))
        return body

    def has_too_many_tags(self, body: str) -> bool:
        """More than a reader may send."""
        return html.too_many_tags(body)

    def replace(self, field: str, value: str) -> None:
        """Show the sent form with another value in one field."""
        self.data = {name: self.data.get(name, "") for name in self.fields} | {field: value}

    def focus_first_error(self) -> None:
        """Let the browser put the cursor where the first correction is due, or into the text.

        It does so only on an address without a fragment (HTML spec, "autofocus processing"), so the form's has none.
        """
        visible = [name for name in self.errors if name in self.fields and not self.fields[name].widget.is_hidden]
        self.fields[visible[0] if visible else "body"].widget.attrs["autofocus"] = True


class CopyForm(WordsForm):
    """Words that nothing can be done with any more but copying them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "kept-%s"
        self.fields["body"].widget.attrs["readonly"] = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("body")


class EditForm(WordsForm):
    """The words of one's own comment, to be changed; `url` is where they are posted."""

    def __init__(self, url: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "edit-%s"
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        self.helper.form_action = url
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("body", Submit("", _("Save")))


class ReplyForm(WordsForm):
    """A comment that may answer another one."""

    parent = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_parent(self) -> int | None:
        """The id of the comment being answered, or None."""
        value: str = self.cleaned_data["parent"]
        if value and not ID.fullmatch(value):
            raise ValidationError(
                _("The comment you are answering does not exist. Send again to post yours by itself.")
            )
        return int(value) if value else None


class AnswerForm(ReplyForm):
    """An answer by somebody whom we know: staff, or the article's author. `url` is where it is posted."""

    def __init__(self, url: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "reply-%s"
        self.helper = FormHelper()
        self.helper.form_class = "reply-form"
        self.helper.disable_csrf = True
        self.helper.form_action = url
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("body", "parent", Submit("", _("Post answer")))


class CommentForm(ReplyForm):
    """Validates what a reader typed; the article’s id gives the address that it posts to."""

    name = UncutField(
        label=_("Name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name to show beside your comment."), "max_length": TOO_LONG},
    )
    email = UncutEmailField(
        label=_("Email"),
        max_length=MAX_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please give your email address. It will not be published."),
            "invalid": _("Please give a complete email address, like ana@example.org."),
            "max_length": TOO_LONG,
        },
    )
    website = UncutField(
        label=_("Website"),
        required=False,
        max_length=MAX_WEBSITE,
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={"max_length": TOO_LONG},
    )
    # People neither see nor reach it; programs fill it in.
    fax = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, article_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "reply-%s"
        self.article_id = article_id

    @cached_property
    def helper(self) -> FormHelper:
        """How the form looks; a comment that is taken never asks."""
        helper = FormHelper()
        helper.form_tag = True
        helper.form_class = "reply-form"
        helper.disable_csrf = True
        helper.form_action = reverse("comments:comment-post", args=[self.article_id])
        helper.attrs = {"novalidate": ""}
        preview = reverse("comments:comment-preview", args=[self.article_id])
        helper.layout = Layout(
            "body",
            Row("name", "email"),
            "website",
            "parent",
            "fax",
            HTML(format_html(REMEMBER, gettext(REMEMBER_ME))),
            Submit("", _("Post Comment")),
            HTML(format_html('<button class="second" formaction="{}">{}</button>', preview, gettext("Preview"))),
        )
        return helper

    def clean_name(self) -> str:
        """One line without invisible characters."""
        name = html.plain_line(self.cleaned_data["name"])
        if not any(char.isalnum() for char in name):
            raise ValidationError(_("Please give a name with letters to show beside your comment."))
        if len(name) > MAX_NAME:
            raise ValidationError(TOO_LONG, params={"show_value": len(name), "limit_value": MAX_NAME})
        return name

    def clean_website(self) -> str:
        """An http or https address that can stand in a link; "example.org" is taken for https."""
        website: str = self.cleaned_data["website"]
        if BARE_HOST.match(website):
            website = f"https://{website}"
        if website and (len(website) > MAX_WEBSITE or not html.is_website(website)):
            raise ValidationError(_("Please give a web address like https://example.org, or leave this empty."))
        return website

    def draft(self) -> Draft:
        """The validated words."""
        data = self.cleaned_data
        return Draft(
            body=data["body"],
            name=data["name"],
            email=data["email"],
            website=data["website"],
            parent_id=data["parent"],
            honeypot=data["fax"],
        )

    def words(self) -> dict[str, str]:
        """What was typed, as it was typed."""
        return {field: self.data.get(field, "") for field in WORDS}


class ConfirmationForm(CommentForm):
    """The same words shown once more on a page of ours, to be sent by its reader's own hand, or only copied."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, article_id: int, words: dict[str, str], *, can_be_sent: bool = True) -> None:
        super().__init__(article_id, initial=words | {"token": words_token(*words.values())})
        for field in ("body", "name", "email", "website"):
            self.fields[field].widget.attrs["readonly"] = True
        # Without the tick and the preview: there is nothing left to change.
        button = [Submit("", _("Post Comment"))] if can_be_sent else []
        self.helper.layout = Layout("token", "body", Row("name", "email"), "website", "parent", "fax", *button)
