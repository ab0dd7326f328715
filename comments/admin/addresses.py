"""Addresses in words that only staff read: hidden from those who may not see addresses.

What a reader typed into text, name or website is shown whole: readers will see it, so a moderator has to.
"""

from collections.abc import Callable
from typing import Any

from comments.privacy import without_addresses


def for_eyes_of(user: Any) -> Callable[[str], str]:
    """What to put around notes, reports, findings and the words before an edit."""
    return str if user.has_perm("comments.view_email") else without_addresses
