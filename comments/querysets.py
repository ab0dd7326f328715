"""Which comments are seen: the one visibility rule, and the moderators' selections."""

from typing import TYPE_CHECKING, Self

from django.db import models

from articles.querysets import published_condition

if TYPE_CHECKING:
    from comments.models import Comment


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments."""

    def visible(self) -> Self:
        """What the public may read now: approved, below an article that is published itself."""
        return self.approved().filter(published_condition("article__"))

    def approved(self) -> Self:
        """Let through, whether or not their article is on the site."""
        return self.filter(status="approved")

    def pending(self) -> Self:
        """Waiting for a moderator."""
        return self.filter(status="pending")

    def oldest_first(self) -> Self:
        """In the order of their arrival."""
        return self.order_by("submitted_at", "pk")

    def in_thread_order(self) -> Self:
        """Threads by age, replies below what they answer: the order of the page."""
        return self.order_by("sort_key")
