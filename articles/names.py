"""Names that look alike: one key for all the ways to write what a reader would take for the same name."""

import unicodedata
from functools import cache

MARK = "\u200e"


def look_alike_key(name: str) -> str:
    """Letters and digits alone, without accents and case, each standing for all that look like it.

    After Unicode's UTS #39 ("confusable detection"), but wider: case and accents don't tell two people apart.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    classes = _classes()
    return "".join(classes.get(char, char) for char in unicodedata.normalize("NFKD", plain) if char.isalnum())


@cache
def _classes() -> dict[str, str]:
    """Each character that looks like others, and the one that stands for them all."""
    # Read on the first use: a process that takes no comment doesn't need 10,000 characters in memory.
    from confusable_homoglyphs.confusables import confusables_data

    groups: dict[str, set[str]] = {}
    for char, others in confusables_data.items():
        for alike in others:
            pair = {char.strip(MARK).casefold(), alike["c"].strip(MARK).casefold()}
            if all(len(each) == 1 for each in pair):
                merged = pair.union(*(groups.get(each, set()) for each in pair))
                groups.update(dict.fromkeys(merged, merged))
    return {char: min(alike) for char, alike in groups.items()}
