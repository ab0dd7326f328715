"""Names that look alike: one key for all the ways to write what a reader would take for the same name."""

import unicodedata
from functools import cache

from confusable_homoglyphs.utils import load

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
    # The package's own module would keep all that it reads, six megabytes.
    groups: dict[str, set[str]] = {}
    for char, others in load("confusables.json").items():
        first, *rest = (each["c"].strip(MARK).casefold() for each in ({"c": char}, *others))
        if len(first) == 1:
            alike = {first, *(each for each in rest if len(each) == 1)}
            merged = alike.union(*(groups.get(each, ()) for each in alike))
            groups.update(dict.fromkeys(merged, merged))
    return {char: min(alike) for char, alike in groups.items() if len(alike) > 1}
