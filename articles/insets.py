"""Long HTML that is set into a page when the rest of it is done.

On its way up through nested templates a text is copied a dozen times, which for a page of comments costs as much as
making them. So a template gets a short mark, and the page's bytes are put together once, of small parts: each large
text in between is memory that the system has to find and clear.
"""

from collections.abc import Sequence
from secrets import token_hex

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

INSETS = "oped.insets"


def inset(request: HttpRequest, parts: Sequence[str]) -> SafeString:
    """A mark for the template, in whose place `complete` puts these parts of HTML, one after the other.

    Nobody can guess it and write it elsewhere.
    """
    mark = f"<!--{token_hex(16)}-->"
    request.META.setdefault(INSETS, {})[mark] = parts
    return mark_safe(mark)  # noqa: S308 - made of hexadecimal digits


def complete(request: HttpRequest, page: str) -> bytes:
    """The whole page as bytes, with all that was set aside while it was made."""
    whole, rest = [], page
    for mark, parts in request.META.pop(INSETS, {}).items():
        before, _, rest = rest.partition(mark)
        whole += [before, *parts]
    return b"".join([part.encode() for part in (*whole, rest)])
