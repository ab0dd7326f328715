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
LIKE = {"postgresql": "{column}::text ILIKE %s", "sqlite": r"{column} LIKE %s ESCAPE '\'"}


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
    for table, columns in _text_columns().items():
        for values in _maybe(table, [], columns, sought):
            pairs = zip(columns, values, strict=True)
            found.update((table, column) for column, value in pairs if sought.is_in(value))
    return [Place(table, column, rows) for (table, column), rows in sorted(found.items())]


def _maybe(table: str, keys: Sequence[str], columns: Sequence[str], sought: Sought) -> Iterator[Sequence[Any]]:
    """The rows of a table in which a column holds one of the forms: these keys and columns of them."""
    named = ", ".join(_name(each) for each in [*keys, *columns])
    statement = f"SELECT {named} FROM {_name(table)} WHERE {_condition(columns, sought.forms)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, _patterns(sought.forms) * len(columns))
        yield from cursor


def _condition(columns: Sequence[str], forms: Sequence[str]) -> str:
    # In groups: SQLite bounds the depth of an expression.
    like = LIKE[connection.vendor]
    groups = (" OR ".join([like.format(column=_name(column))] * len(forms)) for column in columns)
    return " OR ".join(f"({group})" for group in groups)


def _patterns(forms: Sequence[str]) -> list[str]:
    escaped = (WILDCARD.sub(r"\\\g<0>", form) for form in forms)
    return [f"%{each}%" for each in escaped]


def _text_columns() -> dict[str, list[str]]:
    """Each table with the columns that hold text."""
    if connection.vendor == "sqlite":
        asked = (
            "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m, pragma_table_info(m.name) c "
            "WHERE m.type = 'table'"
        )
    else:
        asked = (
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
        )
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(asked)
        for table, column, kind in cursor.fetchall():
            if not kind or any(word in kind.lower() for word in TEXTUAL):
                found.setdefault(table, []).append(column)
    return found


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
