"""What comes to the door of `submission`: drafts, where they come from, and why one may be refused."""

from dataclasses import dataclass
from datetime import datetime

from comments.decisions import POLICY
from comments.models import Comment
from comments.policy import counted


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote, already validated.

    Readers have an e-mail address and no badge. Staff and authors have a badge and perhaps no address; `by` says
    who answers for the first decision on their comment.
    """

    body: str
    name: str
    email: str
    website: str = ""
    parent_id: int | None = None
    honeypot: str = ""
    badge: str = ""
    by: str = POLICY


@dataclass(frozen=True, slots=True)
class Sender:
    """Where the request came from; empty for comments that no request brought.

    `reader_id` is the commenter whose signed cookie the browser has.
    """

    address: str = ""
    user_agent: str = ""
    reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What an imported comment brings along: when, its status and who decided it, what it answers."""

    submitted_at: datetime
    status: str
    by: str
    parent: Comment | None = None


CLOSED = "Comments on this op-ed are closed."


def duration(seconds: int) -> str:
    """ "45 seconds", "5 minutes", "1 minute and 30 seconds"."""
    minutes, rest = divmod(seconds, 60)
    told = [counted(minutes, "minute")] if minutes else []
    return " and ".join([*told, counted(rest, "second")] if rest or not minutes else told)


class SubmissionRefused(Exception):
    """The comment was not stored; the message says why, in a sentence for the reader."""


class Closed(SubmissionRefused):
    """The article takes no comments any more."""


class Duplicate(SubmissionRefused):
    """The same person said the same below the same article."""


class TooFast(SubmissionRefused):
    """The last comment from this address is young; `wait` seconds are left. In slow mode its network counts too."""

    def __init__(self, wait: int, slow_seconds: int = 0) -> None:
        why = (
            f"Comments are slowed down for now: one in {duration(slow_seconds)} from each address and its network."
            if slow_seconds
            else "You are commenting quickly."
        )
        super().__init__(f"{why} Please wait {duration(wait)} and send it again.")
        self.wait = wait


class Overtaken(SubmissionRefused):
    """Somebody has changed the comment since the form for editing it was opened."""


class ParentGone(SubmissionRefused):
    """The comment being answered was removed meanwhile."""


class TooLate(SubmissionRefused):
    """The time for editing has passed, or a moderator has decided meanwhile."""
