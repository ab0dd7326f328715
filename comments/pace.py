"""How long it will take to read what waits, by the pace at which moderators decided last."""

from statistics import median

from comments.decisions import POLICY, REPORTS, WRITER
from comments.models import Decision

LAST = 400
# Who pauses for longer has not been reading one comment.
LONGEST = 180
ENOUGH = 5
# Sixty comments in ten minutes, until we know better.
USUAL = 10.0


def seconds_a_comment(by: str) -> float:
    """The pace of this moderator, else of all, else USUAL; measured on the last decisions."""
    rows = list(Decision.objects.order_by("-pk").values_list("decided_by", "decided_at")[:LAST])
    last: dict[str, float] = {}
    gaps: list[tuple[str, float]] = []
    for who, at in reversed(rows):
        if who in (POLICY, REPORTS, WRITER):
            continue
        gap = at.timestamp() - last.get(who, 0)
        if 0 < gap <= LONGEST:
            gaps.append((who, gap))
        last[who] = at.timestamp()
    for chosen in ([gap for who, gap in gaps if who == by], [gap for _, gap in gaps]):
        if len(chosen) >= ENOUGH:
            return median(chosen)
    return USUAL


def minutes_left(waiting: int, by: str) -> str:
    """ "about 3 minutes"; "" when nothing waits."""
    if not waiting:
        return ""
    minutes = round(waiting * seconds_a_comment(by) / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute{'' if minutes == 1 else 's'}"
    return f"about {round(minutes / 60)} hours"
