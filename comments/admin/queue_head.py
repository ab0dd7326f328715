"""The head of the queue: what its address asks for, and how much is left to do."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.timesince import timesince

from comments import queue
from comments.findings import KINDS
from comments.models import Comment
from comments.pace import minutes_left

LARGEST_ID = 2**63 - 1
MAX_WORDS = 100
# The first row of filters.
STATUSES = (
    ("", "Waiting"), (queue.REPORTED, "Reported"), ("approved", "Approved"), ("spam", "Spam"), ("trash", "Trash"),
)  # fmt: skip


class WantedForm(forms.Form):
    """What the address of a queue asks for."""

    status = forms.ChoiceField(
        required=False, choices=[(queue.WAITING, "Waiting"), (queue.REPORTED, "Reported"), *Comment.Status.choices]
    )
    finding = forms.ChoiceField(required=False, choices=[(kind.code, kind.label) for kind in KINDS])
    article = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    section = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    sender = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    q = forms.CharField(required=False, max_length=MAX_WORDS)
    after = forms.RegexField(r"^[rws][0-9]{1,18}$", required=False)


def wanted_by(request: HttpRequest) -> queue.Wanted:
    """What the address asks for. Raises BadRequest."""
    form = WantedForm(request.GET)
    if not form.is_valid():
        raise BadRequest("The queue can't be narrowed like that.")
    data = form.cleaned_data
    return queue.Wanted(
        status=data["status"] or queue.WAITING,
        finding=data["finding"],
        article=data["article"],
        section=data["section"],
        sender=data["sender"],
        words=data["q"],
        after=data["after"],
        sees_addresses=request.user.has_perm("comments.view_email"),
    )


def what_is_left(reported: int, by: str) -> dict[str, Any]:
    """In words, for the head of the page and its filters, which the script keeps up to date."""
    totals = queue.totals()
    waiting, oldest = totals[Comment.Status.PENDING], queue.oldest()
    counts = {queue.WAITING: waiting, queue.REPORTED: reported} | totals
    told = {f"count-{name}": in_digits(number) for name, number in counts.items()}
    if oldest is None:
        return told | {"waiting": "Nothing waits", "rest": ""}
    work = minutes_left(waiting, by)
    if waiting == queue.STATUS_LIMIT:
        work = work.replace("about", "more than")
    rest = f", the oldest for {timesince(oldest)} · {work} of work"
    return told | {"waiting": f"{in_digits(waiting)} waiting", "rest": rest}


def in_digits(number: int) -> str:
    """ "1,234"; "10,000+" where counting ends."""
    return f"{number:,}{'+' if number == queue.STATUS_LIMIT else ''}"
