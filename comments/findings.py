"""Kinds of findings, by which the queue is narrowed: the policy's words, put in drawers."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`pattern` tells it in a stored list of findings, which is JSON; letters of ASCII only, as others are escaped."""

    code: str
    label: str
    pattern: str
    is_grave: bool = True


KINDS: Sequence[Kind] = (
    Kind("blocked", "Blocked sender", r' is blocked"'),
    Kind("hidden-field", "Hidden field", r'"filled in the hidden field"'),
    Kind("blocked-word", "Blocked word", r'"blocked word '),
    Kind("held-word", "Held word", r'"held word '),
    Kind("links", "Links", r'"[0-9]+ links?"'),
    Kind("namesake", "Looks like somebody", r'"looks like '),
    Kind("refused", "Refused before", r'"[0-9]+ refused before"'),
    Kind("capitals", "Capitals", r'"mostly capitals"', is_grave=False),
    Kind("old", "Old op-ed", r'"the op-ed is [0-9]+ days? old"', is_grave=False),
    Kind("first", "First comment", r'"first comment"', is_grave=False),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def kinds_of(findings: Iterable[str]) -> list[Kind]:
    """The kinds that some findings belong to, each once. A sentence of a raid switch belongs to none."""
    stored = json.dumps(list(findings))
    return [kind for kind in KINDS if re.search(kind.pattern, stored)]


def is_grave(finding: str) -> bool:
    """Worth a second look, whoever wrote the comment."""
    return any(kind.is_grave for kind in kinds_of([finding]))
