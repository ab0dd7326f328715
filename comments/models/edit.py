"""What staff changed in readers' words. Private: what was taken out must be seen by staff alone."""

from django.db import models
from django.utils import timezone

from comments.models.append_only import AppendOnly
from comments.models.comment import Comment


class Edit(AppendOnly):
    """One change by staff: text, name and website before and after. It goes with its comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="edits", editable=False)
    before = models.JSONField(editable=False)
    after = models.JSONField(editable=False)
    edited_by = models.CharField(max_length=150, editable=False)
    edited_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"comment {self.comment_id} edited by {self.edited_by}"
