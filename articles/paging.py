"""Lists page by page, without counting all rows."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from articles.parameters import asked

Row = TypeVar("Row")
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of a list: its rows, its number from 1, and whether an older page follows."""

    items: list[Row]
    number: int
    has_next: bool

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def previous_number(self) -> int:
        return self.number - 1


def page_number(request: HttpRequest, parameter: str) -> int:
    """The page asked for, 1 when none is. Raises Http404 for what is no page number."""
    text = asked(request, parameter)
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MAX_PAGE):
        raise Http404("There is no such page.")
    return int(text)


def requested_slice(request: HttpRequest, rows: "QuerySet[Any, Row]", size: int) -> Slice[Row]:
    """The page of `rows` that `?page=` names; reads one row more than it shows instead of counting.

    Raises Http404 beyond the last page; the first one may be empty.
    """
    number = page_number(request, "page")
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    if number > 1 and not found:
        raise Http404("There is no such page of this list.")
    return Slice(found[:size], number, len(found) > size)
