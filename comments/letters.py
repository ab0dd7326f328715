"""What all our mails are made of: a subject, words, and what readers wrote in a form that no mail program links."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from articles import html
from articles.models import Article
from comments.models import Comment

MAX_TITLE = 70
MAX_QUOTE = 1_000
# What mail programs would make a link of: a dot before letters, as in "a.example".
DOT_OF_A_HOST = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject, and the words of its template."""

    template: str
    subject: str
    words: dict[str, Any] = field(default_factory=dict)


def inert(text: str) -> str:
    """A reader's words in which no mail program finds an address to link."""
    return DOT_OF_A_HOST.sub("[.]", text.replace("://", "[:]//"))


def name_in(comment: Comment) -> str:
    """Who wrote it, on one line."""
    return inert(html.plain_line(comment.name))


def title_of(article: Article) -> str:
    """Its title, short and on one line."""
    return shortened(html.plain_line(article.title), MAX_TITLE)


def quote_of(comment: Comment, length: int = MAX_QUOTE) -> str:
    """What a reader wrote, without markup."""
    return inert(shortened(html.text_of(comment.body_html), length))


def shortened(text: str, length: int) -> str:
    """At most this many characters."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def is_address(address: str) -> bool:
    """One address and nothing else."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
