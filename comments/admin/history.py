"""The history of a writer, beside the queue: what they wrote and what became of it, private notes, the block.

A page of its own; the script shows its middle in a panel. The writer is named by a comment, never by an address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles import html
from comments.admin import deciding
from comments.admin.addresses import for_eyes_of
from comments.admin.deciding import told, without_links
from comments.blocking import unblock_writer
from comments.forms import TOO_LONG, UncutField
from comments.history import Told, history_of
from comments.models import MAX_STAFF_NOTE, Comment, Decision, Report
from comments.notes import take_back_note, write_note
from comments.privacy import holds_address
from comments.records import Record

GONE = "The writer of this comment is not known any more."


class NoteForm(forms.Form):
    """A note for colleagues. Not all of them may see addresses, so it holds none."""

    text = UncutField(
        label="A note for your colleagues",
        max_length=MAX_STAFF_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": "Please write a note.", "max_length": TOO_LONG},
    )

    def clean_text(self) -> str:
        """Something to read, and no address."""
        text: str = html.plain_characters(self.cleaned_data["text"]).strip()
        if not html.plain_line(text):
            raise ValidationError("Please write a note.")
        if holds_address(text):
            raise ValidationError("Please leave the email address out: not every moderator may see it.")
        return text


class OlderForm(forms.Form):
    """From which comment on."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


def history(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Show the history, or do what a button in it says. `context` is the desk's own. Raises Http404."""
    comment = get_object_or_404(Comment.objects.select_related("article"), pk=pk)
    if request.method != "POST":
        return show(request, comment, NoteForm(auto_id="note-%s"), context)
    if "note" in request.POST:
        form = NoteForm(request.POST, auto_id="note-%s")
        if not form.is_valid():
            return show(request, comment, form, context, 422)
        note = write_note(comment, form.cleaned_data["text"], by=request.user.get_username())
        say(request, "The note is kept." if note else GONE, is_done=note is not None)
    elif "take-back" in request.POST:
        take_back(request, comment)
    elif "block" in request.POST:
        block(request, comment)
    elif "unblock" in request.POST:
        unblock(request, comment)
    return HttpResponseRedirect(reverse("admin:comments_queue_history", args=[pk]))


def take_back(request: HttpRequest, comment: Comment) -> None:
    """Delete a note of one's own."""
    pk = request.POST["take-back"]
    is_id = pk.isascii() and pk.isdigit() and len(pk) <= 18
    count = take_back_note(comment, int(pk), by=request.user.get_username()) if is_id else 0
    say(request, "The note is deleted." if count else "This is no note of yours.", is_done=count > 0)


def block(request: HttpRequest, comment: Comment) -> None:
    """Send what comes from this address to spam from now on. Raises PermissionDenied."""
    if not request.user.has_perm("comments.add_block"):
        raise PermissionDenied
    done = deciding.block(request, comment)
    say(request, "Comments from this address go to spam from now on." if done else GONE, is_done=done)


def unblock(request: HttpRequest, comment: Comment) -> None:
    """Let the address in again. Raises PermissionDenied."""
    if not request.user.has_perm("comments.delete_block"):
        raise PermissionDenied
    count = unblock_writer(comment)
    say(request, "The sender is let in again." if count else "The sender is not blocked.", is_done=count > 0)


def say(request: HttpRequest, words: str, *, is_done: bool) -> None:
    """For the page that follows."""
    messages.add_message(request, messages.SUCCESS if is_done else messages.WARNING, words)


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment of theirs as the page shows it; `lines` are decisions and reports in words, the newest first."""

    comment: Comment
    lines: Sequence[tuple[str, datetime]]

    @property
    def said_html(self) -> str:
        """The words as readers would see them, cleaned when they were stored, with links that lead nowhere."""
        return without_links(self.comment.body_html)


def show(
    request: HttpRequest, comment: Comment, form: NoteForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page; from the beginning, if the address names a place that there is not."""
    older = OlderForm(request.GET)
    before = older.cleaned_data["before"] or 0 if older.is_valid() else 0
    found, shown = history_of(comment, before), for_eyes_of(request.user)
    context |= {
        "title": f"History of {comment.name}",
        "address": reverse("admin:comments_queue_history", args=[comment.pk]),
        "comment": comment,
        "history": found,
        "comments": [Shown(each.comment, lines_of(each, shown)) for each in found.told],
        "notes": [(note, shown(note.text)) for note in found.notes],
        "block_note": shown(found.block.note) if found.block else "",
        "summary": summary(found.record),
        "form": form,
        "is_older": bool(before),
    }
    return render(request, "admin/comments/queue/history.html", context, status=status)


def lines_of(each: Told, shown: Callable[[str], str]) -> list[tuple[str, datetime]]:
    """What happened to a comment."""
    decided = [(decision_line(decision), decision.decided_at) for decision in each.decisions]
    reported = [(report_line(report, shown), report.reported_at) for report in each.reports]
    return sorted(decided + reported, key=lambda line: line[1], reverse=True)


def decision_line(decision: Decision) -> str:
    """As in "mira declined it (off-topic)"."""
    if not decision.from_status:
        return f"came in as {decision.to_status}"
    return f"{told(decision)}{f' ({decision.reason})' if decision.reason else ''}"


def report_line(report: Report, shown: Callable[[str], str]) -> str:
    """As in "reported: Off topic – “He means my sister.”"."""
    return f"reported: {report.reason}{f' – “{shown(report.note)}”' if report.note else ''}"


def summary(record: Record) -> str:
    """As in "12 approved, 1 refused, 2 waiting"."""
    counts = ((record.approved, "approved"), (record.refused, "refused"), (record.waiting, "waiting"))
    return ", ".join(f"{number} {word}" for number, word in counts)
