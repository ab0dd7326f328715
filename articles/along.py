"""What other apps read for an op-ed's page, in the same message to the database as the op-ed itself.

Each message costs a way there and back, so an app adds to READERS, when it is loaded, what its tags in the article's
template will ask for; they find it in the request. Articles still know nothing of those who read along.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from articles.statements import Statement

ALONG = "oped.along"
Question = tuple[Statement[Any], Mapping[str, Any]]
Answer = Sequence[Any]
# What it asks of the op-ed with this slug, for the page that is requested.
Reader = Callable[[HttpRequest, str], Sequence[Question]]
READERS: list[Reader] = []


def questions(request: HttpRequest, slug: str) -> dict[Reader, Sequence[Question]]:
    """What each of them asks."""
    return {reader: reader(request, slug) for reader in READERS}


def note(request: HttpRequest, asked: Mapping[Reader, Sequence[Question]], answers: Sequence[Answer]) -> None:
    """Keep the answers, in the order of the questions, for `answers_to`."""
    rest = iter(answers)
    request.META[ALONG] = {reader: [(question, next(rest)) for question in each] for reader, each in asked.items()}


def answers_to(request: HttpRequest, reader: Reader) -> Sequence[tuple[Question, Answer]]:
    """What it asked, each with its answer; nothing if this page was not read along."""
    found: Sequence[tuple[Question, Answer]] = request.META.get(ALONG, {}).get(reader, ())
    return found
