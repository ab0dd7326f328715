"""What happens to a new comment. Pure functions: no database, no request, no settings.

Each check looks at the evidence and returns a finding, or None if it has nothing to say.
The gravest finding decides; all findings are kept for the moderator to read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from comments.words import Entry, first_used

STAFF = "staff"
LINK = re.compile(r"https?://|\bwww\.|<a\s", re.IGNORECASE)


class Verdict(IntEnum):
    """What a finding asks for, from mild to grave."""

    APPROVE = 0
    HOLD = 1
    SPAM = 2


class Mode(StrEnum):
    """What happens to a reader's comment that no check objects to."""

    HOLD = "hold"
    KNOWN = "known"
    PUBLISH = "publish"


MODES = (
    (Mode.HOLD, "Nothing before a moderator has approved it"),
    (Mode.KNOWN, "Known readers at once, others when approved"),
    (Mode.PUBLISH, "Everything at once; moderators read afterwards"),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a comment and its writer at the moment it arrives.

    `is_known`: the address is confirmed, something by it was approved before, and the browser has the signed cookie
    of that reader. A typed name and address alone never earn trust. `blocked` says which block applies.
    """

    name: str
    website: str
    body: str
    honeypot: str
    approved_before: int = 0
    refused_before: int = 0
    badge: str = ""
    namesake: str = ""
    email: str = ""
    is_known: bool = False
    blocked: str = ""
    article_age_days: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The owner's choices, and the sentence of a moderator's switch that holds everything; "" for none."""

    mode: Mode = Mode.HOLD
    max_links: int = 2
    held_words: tuple[Entry, ...] = ()
    blocked_words: tuple[Entry, ...] = ()
    old_after_days: int | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's objection, in words for the moderator."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of the comment, and why."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def reasons(self) -> list[str]:
        """The findings' words."""
        return [finding.reason for finding in self.findings]


Check = Callable[[Evidence, Rules], Finding | None]


def honeypot_is_filled(evidence: Evidence, rules: Rules) -> Finding | None:
    """A field that people don't see was filled in."""
    return Finding(Verdict.SPAM, "filled in the hidden field") if evidence.honeypot else None


def has_many_links(evidence: Evidence, rules: Rules) -> Finding | None:
    """WordPress holds a comment with two links or more; so do we."""
    links = len(LINK.findall(evidence.body))
    return Finding(Verdict.HOLD, counted(links, "link")) if links >= rules.max_links else None


def is_from_blocked_sender(evidence: Evidence, rules: Rules) -> Finding | None:
    """Moderators have blocked the address, its domain or the network."""
    return Finding(Verdict.SPAM, f"{evidence.blocked} is blocked") if evidence.blocked else None


def uses_blocked_word(evidence: Evidence, rules: Rules) -> Finding | None:
    """A word of the owner's list that no comment may have; WordPress's "disallowed comment keys"."""
    return _uses(evidence, rules.blocked_words, Verdict.SPAM, "blocked word")


def uses_held_word(evidence: Evidence, rules: Rules) -> Finding | None:
    """A word of the owner's list that a moderator wants to look at; WordPress's "comment moderation" keys."""
    return _uses(evidence, rules.held_words, Verdict.HOLD, "held word")


def is_held_with_all(evidence: Evidence, rules: Rules) -> Finding | None:
    """A moderator lets everything wait for a while, whoever writes."""
    return Finding(Verdict.HOLD, rules.held) if rules.held and evidence.badge != STAFF else None


def is_below_old_article(evidence: Evidence, rules: Rules) -> Finding | None:
    """Old articles draw more spam than readers."""
    is_old = rules.old_after_days is not None and evidence.article_age_days > rules.old_after_days
    age = counted(evidence.article_age_days, "day")
    return Finding(Verdict.HOLD, f"the op-ed is {age} old") if is_old else None


def is_first_comment(evidence: Evidence, rules: Rules) -> Finding | None:
    """Nothing by this person was approved before; where all is published at once, that is only worth knowing."""
    if evidence.badge or evidence.approved_before:
        return None
    return Finding(Verdict.APPROVE if rules.mode == Mode.PUBLISH else Verdict.HOLD, "first comment")


def was_refused_before(evidence: Evidence, rules: Rules) -> Finding | None:
    """Earlier comments of this person went to spam or trash."""
    count = evidence.refused_before
    return Finding(Verdict.HOLD, f"{count} refused before") if count else None


def looks_like_somebody_else(evidence: Evidence, rules: Rules) -> Finding | None:
    """The name can be taken for that of an author, of staff or of a known reader; `namesake` says whose."""
    return Finding(Verdict.HOLD, f"looks like {evidence.namesake}") if evidence.namesake else None


def is_shouting(evidence: Evidence, rules: Rules) -> Finding | None:
    """A text of some length, nearly all in capitals."""
    letters = [char for char in evidence.body if char.isalpha() and char.lower() != char.upper()]
    is_loud = len(letters) >= 20 and sum(char.isupper() for char in letters) > 0.8 * len(letters)
    return Finding(Verdict.HOLD, "mostly capitals") if is_loud else None


CHECKS: Sequence[Check] = (
    honeypot_is_filled,
    is_from_blocked_sender,
    uses_blocked_word,
    is_held_with_all,
    uses_held_word,
    has_many_links,
    was_refused_before,
    is_first_comment,
    looks_like_somebody_else,
    is_below_old_article,
    is_shouting,
)


def judge(evidence: Evidence, rules: Rules, checks: Sequence[Check] = CHECKS) -> Ruling:
    """The ruling on one comment: the gravest finding, or what the mode asks for if that is graver.

    Whoever has a badge is known: an author waits only if a check objects, and staff, who moderate, never.
    """
    findings = tuple(found for check in checks if (found := check(evidence, rules)))
    if evidence.badge == STAFF:
        return Ruling(Verdict.APPROVE, findings)
    return Ruling(max([_least(evidence, rules), *(found.verdict for found in findings)]), findings)


def _least(evidence: Evidence, rules: Rules) -> Verdict:
    """The verdict on a comment that no check objects to."""
    may_go_on = evidence.badge or rules.mode == Mode.PUBLISH or (rules.mode == Mode.KNOWN and evidence.is_known)
    return Verdict.APPROVE if may_go_on else Verdict.HOLD


def _uses(evidence: Evidence, entries: tuple[Entry, ...], verdict: Verdict, kind: str) -> Finding | None:
    """What an address holds is not told: not every moderator may see it."""
    if word := first_used((evidence.name, evidence.website, evidence.body), entries):
        return Finding(verdict, f"{kind} “{word}”")
    return Finding(verdict, f"{kind} in the e-mail address") if first_used((evidence.email,), entries) else None


def counted(number: int, noun: str) -> str:
    """ "1 link", "2 links"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
