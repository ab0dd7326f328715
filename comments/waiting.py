"""How long moderation takes, measured on the last decisions and said in plain words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Discussion

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

LAST_DECISIONS = 50
TOO_FEW = 10
MEMORY = timedelta(days=90)
# "Usually" means four of five.
USUALLY = 0.8
# (longest wait in minutes, words); longer ones are told in days.
WORDS: Sequence[tuple[int, "str | StrPromise"]] = (
    (5, _("a few minutes")),
    (15, _("about a quarter of an hour")),
    (35, _("about half an hour")),
    (75, _("about an hour")),
    *((hours * 60 + 30, format_lazy(_("about {hours} hours"), hours=hours)) for hours in range(2, 13)),
    (36 * 60, _("about a day")),
)


def usual_wait(now: datetime) -> int | None:
    """Minutes within which four of five of the comments approved last were published; None when too few were."""
    decided = Comment.objects.approved().filter(decided_at__gt=now - MEMORY, decided_at__lte=now)
    rows = decided.order_by("-decided_at").values_list("submitted_at", "decided_at")[:LAST_DECISIONS]
    waits = sorted((decided_at - submitted_at).total_seconds() for submitted_at, decided_at in rows if decided_at)
    if len(waits) < TOO_FEW:
        return None
    return max(0, round(waits[int(USUALLY * (len(waits) - 1))] / 60))


def in_words(minutes: int | None) -> str:
    """ "about 3 hours"; "" for None."""
    if minutes is None:
        return ""
    for longest, words in WORDS:
        if minutes <= longest:
            return str(words)
    return gettext("about {days} days").format(days=max(2, round(minutes / 1440)))


def measure() -> bool:
    """Store the usual wait; True if readers will see other words for it than before."""
    before = Discussion.current().usual_wait_minutes
    after = usual_wait(timezone.now())
    if before != after:
        Discussion.objects.update_or_create(pk=1, defaults={"usual_wait_minutes": after})
    return in_words(before) != in_words(after)
