"""The moderators' queue, and what it remembers of each moderator. Private: no public page reads it."""

from django.conf import settings
from django.db import models

from comments.models.comment import Comment


class Queue(Comment):
    """Comments as the queue shows them; gives the desk's page its address."""

    class Meta:
        proxy = True
        # Whoever moderates works in it.
        default_permissions = ()
        verbose_name = "queue"
        verbose_name_plural = "queue"


class Seat(models.Model):
    """A moderator's place in the queue: the card that is open, and whether single keys act."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="queue_seat"
    )
    comment_id = models.BigIntegerField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    single_keys = models.BooleanField(default=True, db_default=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"seat {self.pk}"
