"""Lists of words that the owner holds or blocks: how they are written down, and whether a text uses one. Pure.

One entry a line, without regard to case and accents. An entry matches whole words; with asterisks around it, as in
`*casino*`, also inside words, as every line of WordPress's lists does.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_ENTRY = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: its text, folded, and whether it also counts inside words."""

    text: str
    is_inside: bool


def folded(text: str) -> str:
    """The text without case, accents, invisible characters and runs of space."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (char for char in plain if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return " ".join("".join(kept).split())


@lru_cache(maxsize=8)
def entries_of(text: str) -> tuple[Entry, ...]:
    """The entries of a list as it is stored; empty lines are none."""
    found = []
    for line in text.splitlines():
        entry = folded(line.strip().strip("*"))[:MAX_ENTRY]
        if entry:
            found.append(Entry(entry, "*" in line))
    return tuple(dict.fromkeys(found))


def first_used(texts: Iterable[str], entries: Sequence[Entry]) -> str:
    """The first entry that one of the texts uses; "" for none."""
    haystack = "\n".join(folded(text) for text in texts)
    for entry in entries:
        if entry.text in haystack and (entry.is_inside or _as_a_word(entry.text, haystack)):
            return entry.text
    return ""


def merged(before: str, imported: str, *, is_inside: bool) -> tuple[str, int]:
    """A list with the lines of a text file added that it doesn't have yet, and how many those are.

    `is_inside` puts asterisks around them: WordPress's lists match inside words.
    """
    known = {(entry.text, entry.is_inside) for entry in entries_of(before)}
    new: dict[tuple[str, bool], str] = {}
    for line in imported.splitlines():
        word = line.strip().strip("*")
        key = (folded(word), is_inside or "*" in line)
        if key[0] and key not in known:
            new.setdefault(key, f"*{word}*" if key[1] else word)
    return "\n".join([*before.splitlines(), *new.values()]), len(new)


def _as_a_word(entry: str, haystack: str) -> bool:
    start = r"(?<!\w)" if entry[0].isalnum() else ""
    end = r"(?!\w)" if entry[-1].isalnum() else ""
    return re.search(start + re.escape(entry) + end, haystack) is not None
