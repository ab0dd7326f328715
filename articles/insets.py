"""Long HTML that is set into a page when the rest of it is done.

On its way up through nested templates a text is copied a dozen times, which for a page of comments costs as much as
making them. So a template gets a short mark, and the page's bytes are put together once.
"""

from secrets import token_hex

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

INSETS = "oped.insets"


def inset(request: HttpRequest, html: SafeString) -> SafeString:
    """A mark for the template, in whose place `complete` puts the HTML. Nobody can guess it and write it elsewhere."""
    mark = f"<!--{token_hex(16)}-->"
    request.META.setdefault(INSETS, {})[mark] = html
    return mark_safe(mark)  # noqa: S308 - made of hexadecimal digits


def complete(request: HttpRequest, page: str) -> bytes:
    """The whole page as bytes, with all that was set aside while it was made."""
    parts, rest = [], page
    for mark, html in request.META.pop(INSETS, {}).items():
        before, _, rest = rest.partition(mark)
        parts += [before.encode(), html.encode()]
    return b"".join([*parts, rest.encode()])
