"""Parts that many pages share, rendered once for each set of values that they show, and kept in the process.

Such a template sees the values that it is given and nothing else, so it can't show anything that it is not kept by.
"""

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# A masthead with each section marked, the form below an op-ed, all in a few languages.
KEPT = 128


def kept(template: str, **values: Any) -> SafeString:
    """The template with these values, which must be hashable: of equal ones it is rendered once."""
    return _rendered(template, get_language(), **values)


# Typed: a text that is safe equals one that must be escaped.
@lru_cache(KEPT, typed=True)
def _rendered(template: str, language: str | None, **values: Any) -> SafeString:
    return mark_safe(render_to_string(template, values))  # noqa: S308 - made by our templates
