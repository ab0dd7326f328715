"""What comes to the door of `submission`: drafts, where they come from, and why one may be refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from comments.decisions import POLICY
from comments.models import Comment


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


CLOSED = gettext_lazy("Comments on this op-ed are closed.")


def duration(seconds: int) -> str:
    """ "45 seconds", "5 minutes", "1 minute and 30 seconds"."""
    minutes, rest = divmod(seconds, 60)
    told = [ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}] if minutes else []
    if rest or not minutes:
        told.append(ngettext("%(number)d second", "%(number)d seconds", rest) % {"number": rest})
    return pgettext("between minutes and seconds", " and ").join(told)


class SubmissionRefused(Exception):
    """The comment was not stored; the message says why, in a sentence for the reader."""


class Closed(SubmissionRefused):
    """The article takes no comments any more."""


class Duplicate(SubmissionRefused):
    """The same person said the same below the same article."""


class TooFast(SubmissionRefused):
    """The last comment from this address is young; `wait` seconds are left. In slow mode its network counts too."""

    def __init__(self, wait: int, slow_seconds: int = 0) -> None:
        slow = gettext("Comments are slowed down for now: one in %(pace)s from each address and its network.")
        why = slow % {"pace": duration(slow_seconds)} if slow_seconds else gettext("You are commenting quickly.")
        again = gettext("Please wait %(wait)s and send it again.") % {"wait": duration(wait)}
        super().__init__(f"{why} {again}")
        self.wait = wait


class Overtaken(SubmissionRefused):
    """Somebody has changed the comment since the form for editing it was opened."""


class Gone(SubmissionRefused):
    """The comment was deleted for ever while somebody had its form open."""


class ParentGone(SubmissionRefused):
    """The comment being answered was removed meanwhile."""


class TooLate(SubmissionRefused):
    """The time for editing has passed, or a moderator has decided meanwhile."""
