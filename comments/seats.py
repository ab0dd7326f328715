"""Who has which card of the queue open: told to the others for a short while after the last sign of life."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comments.models import Seat

SHORT_LIFE = timedelta(seconds=45)


def sit_down(user: Any, comment_id: int | None) -> None:
    """This moderator has this card open, or none."""
    Seat.objects.update_or_create(user=user, defaults={"comment_id": comment_id, "seen_at": timezone.now()})


def others(user: Any) -> dict[int | None, str]:
    """The cards that others have open now, and who."""
    taken = Seat.objects.filter(seen_at__gt=timezone.now() - SHORT_LIFE, comment_id__isnull=False)
    return dict(taken.exclude(user=user).order_by("seen_at").values_list("comment_id", "user__username"))


def has_single_keys(user: Any) -> bool:
    """Single keys act, unless this person switched them off (WCAG 2.1.4)."""
    chosen = Seat.objects.filter(user=user).values_list("single_keys", flat=True).first()
    return chosen is not False


def set_single_keys(user: Any, *, on: bool) -> None:
    """Remember the choice."""
    Seat.objects.update_or_create(user=user, defaults={"single_keys": on})
