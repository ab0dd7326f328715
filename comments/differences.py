"""What changed between two texts, word by word, for people to read. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Words and the space between them, so that nothing is lost when they are joined again.
PIECE = re.compile(r"\s+|\S+")
# Comparing takes the square of the length; longer texts stand whole beside each other.
LONGEST = 20_000
MARKUP = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}


def difference(before: str, after: str) -> SafeString:
    """One text as HTML, in which `del` was taken out and `ins` put in; every word of both is in it."""
    return format_html_join("", "{}", ((format_html(MARKUP[kind], text),) for kind, text in _steps(before, after)))


def _steps(before: str, after: str) -> Iterator[tuple[str, str]]:
    if len(before) + len(after) > LONGEST:
        yield from ((kind, text) for kind, text in (("delete", before), ("insert", after)) if text)
        return
    old, new = PIECE.findall(before), PIECE.findall(after)
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if kind in ("equal", "delete", "replace"):
            yield "equal" if kind == "equal" else "delete", "".join(old[start:end])
        if kind in ("insert", "replace"):
            yield "insert", "".join(new[new_start:new_end])
