"""What happens to a new comment. Pure functions: no database, no request, no settings.

Each check looks at the evidence and returns a finding, or None if it has nothing to say.
The gravest finding decides; all findings are kept for the moderator to read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

STAFF = "staff"
LINK = re.compile(r"https?://|\bwww\.|<a\s", re.IGNORECASE)


class Verdict(IntEnum):
    """What a finding asks for, from mild to grave."""

    APPROVE = 0
    HOLD = 1
    SPAM = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a comment and its writer at the moment it arrives."""

    name: str
    website: str
    body: str
    honeypot: str
    approved_before: int
    refused_before: int
    badge: str = ""
    namesake: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The owner's choices. `least` is the verdict for a reader's comment that no check objects to."""

    least: Verdict = Verdict.HOLD
    max_links: int = 2


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


def is_first_comment(evidence: Evidence, rules: Rules) -> Finding | None:
    """Nothing by this person was approved before."""
    is_stranger = not evidence.badge and not evidence.approved_before
    return Finding(Verdict.HOLD, "first comment") if is_stranger else None


def was_refused_before(evidence: Evidence, rules: Rules) -> Finding | None:
    """Earlier comments of this person went to spam or trash."""
    count = evidence.refused_before
    return Finding(Verdict.HOLD, f"{count} refused before") if count else None


def looks_like_somebody_else(evidence: Evidence, rules: Rules) -> Finding | None:
    """The name can be taken for that of an author or of staff; `namesake` says whose."""
    return Finding(Verdict.HOLD, f"looks like {evidence.namesake}") if evidence.namesake else None


def is_shouting(evidence: Evidence, rules: Rules) -> Finding | None:
    """A text of some length, nearly all in capitals."""
    letters = [char for char in evidence.body if char.isalpha() and char.lower() != char.upper()]
    is_loud = len(letters) >= 20 and sum(char.isupper() for char in letters) > 0.8 * len(letters)
    return Finding(Verdict.HOLD, "mostly capitals") if is_loud else None


CHECKS: Sequence[Check] = (
    honeypot_is_filled,
    has_many_links,
    was_refused_before,
    is_first_comment,
    looks_like_somebody_else,
    is_shouting,
)


def judge(evidence: Evidence, rules: Rules, checks: Sequence[Check] = CHECKS) -> Ruling:
    """The ruling on one comment: the gravest finding, or the rules' least verdict if that is graver.

    Whoever has a badge is known: an author waits only if a check objects, and staff, who moderate, never.
    """
    findings = tuple(found for check in checks if (found := check(evidence, rules)))
    if evidence.badge == STAFF:
        return Ruling(Verdict.APPROVE, findings)
    least = Verdict.APPROVE if evidence.badge else rules.least
    return Ruling(max([least, *(found.verdict for found in findings)]), findings)


def counted(number: int, noun: str) -> str:
    """ "1 link", "2 links"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
