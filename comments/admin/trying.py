"""The try-out box: what the policy would say to a text, without storing anything."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.models import Article
from comments.drafts import Draft, Sender
from comments.evidence import evidence_of, rules_of
from comments.models import MAX_BODY, MAX_EMAIL, MAX_NAME, MAX_WEBSITE, Commenter, Discussion
from comments.policy import Verdict, judge
from comments.privacy import email_key
from comments.raids import running, why_held

WORDS = {
    Verdict.APPROVE: "It would be published at once.",
    Verdict.HOLD: "It would wait for a moderator.",
    Verdict.SPAM: "It would go to spam.",
}


class TryForm(forms.Form):
    """A comment as somebody might send it."""

    body = forms.CharField(label="Comment", max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label="Name", max_length=MAX_NAME, required=False)
    email = forms.EmailField(label="Email", max_length=MAX_EMAIL, required=False)
    website = forms.CharField(label="Website", max_length=MAX_WEBSITE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "try-%s"
        self.helper = FormHelper()
        self.helper.form_class = "reply-form"
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout("body", Row("name", "email"), "website", Submit("", "Try it out"))


def try_out(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The box, and below it the verdict on what was pasted. `context` is the desk's own."""
    form = TryForm(request.POST if request.method == "POST" else None)
    context |= {"title": "What would the policy say?", "form": form}
    if form.is_bound and form.is_valid():
        discussion = Discussion.current()
        held = why_held(running(Article(), discussion, timezone.now()))
        ruling = judge(_evidence(form.cleaned_data), rules_of(discussion, held))
        context |= {"verdict": WORDS[ruling.verdict], "reasons": ruling.reasons}
    return render(request, "admin/comments/discussion/try.html", context)


def _evidence(words: dict[str, str]) -> Any:
    person = email_key(words["email"]) if words["email"] else ""
    commenter = Commenter.objects.filter(email_key=person).first() if person else None
    draft = Draft(body=words["body"], name=words["name"], email=words["email"], website=words["website"])
    return evidence_of(draft, commenter, Article(published_at=timezone.now()), Sender())
