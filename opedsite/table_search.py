"""Looking for an address in the whole database: every text column of every table, whatever made it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from django.db import connection, models

from comments.person import pattern_of

# As the databases name them; what holds numbers, moments or flags can't hold an address.
TEXTUAL = ("char", "text", "json", "clob", "xml", "name", "array", "tsvector", "user-defined")
JSON_REFERENCE = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
WILDCARD = re.compile(r"[\\%_]")
# Table, column and type, with the length if it has one.
COLUMNS = {
    "sqlite": "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
    "postgresql": "SELECT table_name, column_name, concat(data_type, ' ', character_maximum_length) "
    "FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
    "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
}
LENGTH = re.compile(r"\d+")
JSON_REFERENCE = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
WILDCARD = re.compile(r"[\\%_]")


@dataclass(frozen=True, slots=True)
class Place:
    """A column in which something was found, and in how many rows."""

    table: str
    column: str
    rows: int

    def __str__(self) -> str:
        return f"{self.table}.{self.column} ({self.rows})"


@dataclass(frozen=True, slots=True)
class Sought:
    """An address to look for: the databases find what may be it, in any of its forms, and the pattern has the word."""

    forms: Sequence[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, spellings: Iterable[str]) -> "Sought":
        """All spellings of one address."""
        return cls(written_forms(spellings), pattern_of(spellings))

    def is_in(self, value: Any) -> bool:
        """Whether it stands there, also written in references of HTML, of addresses or of JSON."""
        text = JSON_REFERENCE.sub(lambda found: chr(int(found[1], 16)), str(value))
        return any(self.pattern.search(each) for each in (text, unquote(unescape(text))))


def written_forms(spellings: Iterable[str]) -> list[str]:
    """How spellings of an address may stand in a column: as they are, in HTML, in a link, in JSON.

    The databases fold the case of ASCII letters only, so other letters are given in each case.
    """
    forms = set()
    for spelling in spellings:
        for text in {spelling, spelling.lower(), spelling.upper(), spelling.casefold()}:
            forms |= {text, escape(text), quote(text), json.dumps(text)[1:-1]}
            forms |= {text.replace("@", sign) for sign in ("&#64;", "&#x40;", "%40")}
    return sorted({form.lower() if form.isascii() else form for form in forms})


def rows_with(model: type[models.Model], sought: Sought, fields: Iterable[str]) -> list[Any]:
    """The primary keys of a model's rows in which one of the fields holds the address."""
    columns = [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]
    found = _maybe(model._meta.db_table, [str(model._meta.pk.column)], columns, sought)
    return [key for key, *values in found if any(sought.is_in(value) for value in values)]


def places_of(sought: Sought) -> list[Place]:
    """Where in the database the address stands."""
    found: Counter[tuple[str, str]] = Counter()
    for table, columns in _text_columns(min(map(len, sought.forms))).items():
        for values in _maybe(table, [], columns, sought):
            pairs = zip(columns, values, strict=True)
            found.update((table, column) for column, value in pairs if sought.is_in(value))
    return [Place(table, column, rows) for (table, column), rows in sorted(found.items())]


def _maybe(table: str, keys: Sequence[str], columns: Sequence[str], sought: Sought) -> Iterator[Sequence[Any]]:
    """The rows of a table in which a column holds one of the forms: these keys and columns of them."""
    named = ", ".join(_name(each) for each in [*keys, *columns])
    holds, values = _holds(sought.forms)
    condition = " OR ".join(holds.format(column=_name(column)) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {_name(table)} WHERE {condition}", values * len(columns))  # noqa: S608
        yield from cursor


def _holds(forms: Sequence[str]) -> tuple[str, list[str]]:
    """A condition on a column, and its values. PostgreSQL finds all forms in one pass; SQLite has no such pattern."""
    if connection.vendor == "postgresql":
        return "{column}::text ~* %s", ["|".join(re.escape(form) for form in forms)]
    # In brackets: SQLite bounds the depth of an expression.
    likes = " OR ".join([r"{column} LIKE %s ESCAPE '\'"] * len(forms))
    return f"({likes})", [f"%{each}%" for each in (WILDCARD.sub(r"\\\g<0>", form) for form in forms)]


def _text_columns(shortest: int) -> dict[str, list[str]]:
    """Each table with the columns that hold text of such a length."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS[connection.vendor])
        for table, column, kind in cursor.fetchall():
            length = LENGTH.search(kind)
            is_text = not kind or any(word in kind.lower() for word in TEXTUAL)
            if is_text and (length is None or int(length[0]) >= shortest):
                found.setdefault(table, []).append(column)
    return found


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
