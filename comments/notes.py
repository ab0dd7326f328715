"""Moderators' private notes on the writer of a comment: written, and taken back by whoever wrote them."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Count

from comments.models import Comment, Commenter, Note


def write_note(comment: Comment, text: str, *, by: str) -> Note | None:
    """Keep a note on the writer of a comment; None if nobody knows any more who that was."""
    with transaction.atomic():
        # An erasure locks the person: it takes the note along, or is over.
        known = Commenter.objects.filter(origins__comment=comment).values("pk")
        person = Commenter.objects.select_for_update(no_key=True).filter(pk__in=known).first()
        return Note.objects.create(commenter=person, text=text, written_by=by) if person else None


def take_back_note(comment: Comment, pk: int, *, by: str) -> int:
    """Delete a note on the writer of a comment, which only its author may; how many that were."""
    return Note.objects.filter(pk=pk, commenter__origins__comment=comment, written_by=by).delete()[0]


def notes_on(people: Collection[int]) -> Mapping[int, int]:
    """How many notes there are on each of these commenters, of those with any."""
    counted = Note.objects.filter(commenter__in=people).order_by().values_list("commenter").annotate(Count("pk"))
    return dict(counted)
