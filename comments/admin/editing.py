"""A comment's words, changed by a moderator: the form, and what was changed before."""

from collections.abc import Callable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from comments.admin.addresses import for_eyes_of
from comments.admin.deciding import remember
from comments.differences import difference
from comments.drafts import Gone, Overtaken, SubmissionRefused
from comments.editing import Words, edit_by_staff, words_of
from comments.forms import CommentForm
from comments.models import MAX_BODY, Comment, Edit
from comments.views.answers import REFUSAL_STATUS

FIELDS = (("body", "Text"), ("name", "Name"), ("website", "Website"))


class StaffEditForm(CommentForm):
    """The rules of readers' words, without what staff don't change.

    What stands there may stay, whatever the rules: an imported comment can be longer than readers may write.
    """

    email = fax = parent = None  # type: ignore[assignment]
    opened_on = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(comment.article_id, *args, **kwargs)
        self.stands = words_of(comment)
        self.fields["body"].make_room(max(MAX_BODY, len(self.stands.body)))  # type: ignore[attr-defined]

    @cached_property
    def helper(self) -> FormHelper:
        """In the desk's form."""
        helper = FormHelper()
        helper.form_class = "reply-form"
        helper.attrs = {"novalidate": ""}
        helper.layout = Layout("body", Row("name", "website"), "opened_on", Submit("", "Save"))
        return helper

    def has_too_many_tags(self, body: str) -> bool:
        """More than a reader may send, and more than there are."""
        return super().has_too_many_tags(body) and body.count("<") > self.stands.body.count("<")

    def clean_name(self) -> str:
        """As it stands, or by the rules."""
        return self.stands.name if self.cleaned_data["name"] == self.stands.name else super().clean_name()

    def clean_website(self) -> str:
        """As it stands, or by the rules."""
        return self.stands.website if self.cleaned_data["website"] == self.stands.website else super().clean_website()

    def edited(self) -> Words:
        """What was typed, validated."""
        return Words(**{field: self.cleaned_data[field] for field, _ in FIELDS})


def edit(request: HttpRequest, comment: Comment, context: dict[str, Any]) -> HttpResponse:
    """The form, or its words stored; errors keep what was typed. `context` is the desk's own.

    Raises Http404 for a comment that is deleted meanwhile.
    """
    stands = words_of(comment)
    status = 200
    if request.method == "POST":
        form = StaffEditForm(comment, request.POST)
        status = 422
        if form.is_valid():
            try:
                opened_on, by = form.cleaned_data["opened_on"], request.user.get_username()
                found = edit_by_staff(comment, form.edited(), opened_on=opened_on, by=by)
                made = comment.edits.order_by("-pk").values_list("pk", flat=True)[:1]
                remember(request, edited=list(made) if form.edited() != stands else [])
            except Gone as refusal:
                raise Http404(str(refusal)) from refusal
            except SubmissionRefused as refusal:
                form.add_error(None, ValidationError(str(refusal)))
                status = REFUSAL_STATUS[type(refusal)]
                if isinstance(refusal, Overtaken):
                    comment.refresh_from_db()
                    context |= {"theirs": compared(words_of(comment), form.edited())}
                    form.replace("opened_on", words_of(comment).key)
            else:
                return say_and_leave(request, comment, found)
        form.focus_first_error()
    else:
        values = {"body": stands.body, "name": stands.name, "website": stands.website, "opened_on": stands.key}
        form = StaffEditForm(comment, initial=values)
    context |= {"title": f"Edit the comment by {stands.name}", "comment": comment, "form": form}
    return render(request, "admin/comments/comment/edit.html", context, status=status)


def say_and_leave(request: HttpRequest, comment: Comment, found: list[str]) -> HttpResponse:
    """Back to the comment, with what the policy has to say."""
    messages.success(request, "The comment is saved. It stays where it is, whatever the policy says.")
    if found:
        messages.warning(request, f"The policy finds: {', '.join(found)}.")
    return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[comment.pk]))


def told_edits(comment: Comment, user: Any) -> list[tuple[Edit, list[tuple[str, SafeString]]]]:
    """What staff changed, the latest first: each with the fields that differ."""
    shown = for_eyes_of(user)
    return [
        (each, compared(seen(each.before, shown), seen(each.after, shown))) for each in comment.edits.order_by("-pk")
    ]


def seen(words: Mapping[str, str], shown: Callable[[str], str]) -> Words:
    """Stored words, as somebody may see them."""
    return Words(**{field: shown(text) for field, text in words.items()})


def compared(before: Words, after: Words) -> list[tuple[str, SafeString]]:
    """Label and difference of each field that is not the same."""
    pairs = ((label, getattr(before, field), getattr(after, field)) for field, label in FIELDS)
    return [(label, difference(old, new)) for label, old, new in pairs if old != new]
