"""What moderators tell each other of a reader. Private: no page of readers shows it."""

from django.db import models
from django.utils import timezone

from comments.models.commenter import Commenter

MAX_STAFF_NOTE = 1_000


class Note(models.Model):
    """A moderator's note on the writer of comments. It is never edited, and goes with the person."""

    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="notes", editable=False)
    text = models.TextField(max_length=MAX_STAFF_NOTE)
    written_by = models.CharField(max_length=150, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        # Whoever moderates reads and writes them.
        default_permissions = ()

    def __str__(self) -> str:
        return f"note {self.pk} on commenter {self.commenter_id}"
