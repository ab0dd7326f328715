"""Queries whose SQL is always the same, built once a process.

Building a query costs the ORM some ten times what running it on a few rows does, and PostgreSQL takes three times as
long to plan it: there it is prepared once a connection. A statement is written as a queryset like any other, so what
may be read is still said in one place; from one call to the next only its values change.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, get_related_populators  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from psycopg import Connection

# A number of more bits is in no column, and the databases refuse to look for it.
BITS = 63
# Ids are looked for in groups of so many, the last ones being nobody's: each size of group is one statement.
SIZES = (4, 16, 64, 128)
NOBODY = 0
NUMBERS = count(1)
M = TypeVar("M", bound=Model)
Row = Sequence[Any]
Asked: TypeAlias = "tuple[Statement[Any], Mapping[str, Any]]"

# What stands for a value while the SQL is built: none of these is ever written into a query.
SAMPLES: dict[type, Callable[[int], Any]] = {
    int: lambda place: 31_000 + place,
    str: lambda place: f"value {place} of a statement",
    datetime: lambda place: datetime(1970, 1, 1, 3, 14, 15, place, UTC),
}


NAMED = re.compile(r"%\((\w+)\)s")
PLACEHOLDER = re.compile(r"(?<!%)%s")
# What PostgreSQL calls the kinds of values.
TYPES: dict[type, str] = {int: "bigint", str: "text", datetime: "timestamptz"}
# The statements that a connection to PostgreSQL has prepared, by name.
prepared: "WeakKeyDictionary[Connection[Any], set[str]]" = WeakKeyDictionary()
# All that modules have stated, for `build_everything`.
everything: "WeakSet[Statement[Any]]" = WeakSet()


@dataclass(frozen=True, slots=True)
class Objects:
    """How rows become objects, as the ORM does it: which columns are the model's own, and what comes along."""

    model: type[Model]
    columns: slice
    names: list[str]
    related: list[Any]

    @classmethod
    def of(cls, compiler: Any, alias: str) -> "Objects":
        """What this compiler has selected."""
        info, select = compiler.klass_info, compiler.select
        columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = [column.target.attname for column, *_ in select[columns]]
        return cls(info["model"], columns, names, get_related_populators(info, select, alias))

    def made(self, rows: Iterable[Row], alias: str) -> list[Any]:
        """One object a row."""
        found = []
        for row in rows:
            made = self.model.from_db(alias, self.names, row[self.columns])
            for each in self.related:
                each.populate(row, made)
            found.append(made)
        return found


@dataclass(frozen=True, slots=True)
class Built:
    """SQL with a place for each value; how columns become Python, and rows objects.

    On SQLite `parameters` go with it, constants among them; on PostgreSQL constants stand in what is prepared.
    """

    sql: str
    constants: tuple[Any, ...]
    names: tuple[str | None, ...]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    objects: Objects | None

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """What goes with the SQL."""
        both = zip(self.constants, self.names, strict=True)
        return [constant if name is None else values[name] for constant, name in both]

    def result(self, rows: list[Row], connection: BaseDatabaseWrapper) -> list[Any]:
        """The rows as Python knows them; objects, unless the queryset asks for values."""
        if self.converters:
            rows = _converted(rows, self.converters, connection)
        return rows if self.objects is None else self.objects.made(rows, connection.alias)


class Statement(Generic[M]):
    """`build` makes the queryset out of named values, which it compares as they are; their types are given beside it.

    >>> LATEST = Statement(lambda now: Article.objects.published(now)[:5], now=datetime)
    >>> LATEST.objects(now=timezone.now())
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]], **kinds: type) -> None:
        self.build = build
        self.name = f"statement_{next(NUMBERS)}"
        self.kinds = kinds
        self.samples = {name: SAMPLES[kind](place) for place, (name, kind) in enumerate(kinds.items())}
        self.built: dict[str, Built] = {}
        everything.add(self)

    def rows(self, **values: Any) -> list[Row]:
        """One sequence a row, of the queryset's `values_list`."""
        return together((self, values))[0]

    def objects(self, **values: Any) -> list[M]:
        """The queryset's objects, with what it selects along."""
        return together((self, values))[0]

    def built_for(self, connection: BaseDatabaseWrapper) -> Built:
        """The SQL for this kind of database."""
        built = self.built.get(connection.vendor)
        if built is None:
            built = self.built[connection.vendor] = self._build(connection)
        return built

    def _build(self, connection: BaseDatabaseWrapper) -> Built:
        queryset = self.build(**self.samples)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        marks = {_adapted(sample, connection): name for name, sample in self.samples.items()}
        names = tuple(marks.get(each) for each in parameters)
        if missing := self.samples.keys() - set(names):
            raise ValueError(f"these values are not in the statement as they were given: {sorted(missing)}")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        listed = [
            (place, functions, column)
            for place, (functions, column) in converters.items()
            if not _comes_converted(column, queryset, connection)
        ]
        makes_objects = issubclass(queryset._iterable_class, ModelIterable)
        objects = Objects.of(compiler, connection.alias) if makes_objects else None
        if connection.vendor == "postgresql":
            sql = self._preparation(sql, parameters, names, connection)
        return Built(sql, tuple(parameters), names, listed, objects)

    def _preparation(
        self, text: str, parameters: Sequence[Any], names: Sequence[str | None], connection: BaseDatabaseWrapper
    ) -> str:
        """What makes PostgreSQL know the statement by its name: values get numbers, constants are written into it."""
        connection.ensure_connection()
        numbers = {name: f"${number}" for number, name in enumerate(self.kinds, 1)}
        first, *rest = [piece.replace("%%", "%") for piece in PLACEHOLDER.split(text)]
        values = (
            quote(each, connection) if name is None else numbers[name]
            for each, name in zip(parameters, names, strict=True)
        )
        whole = first + "".join(f"{value}{piece}" for value, piece in zip(values, rest, strict=True))
        types = f"({', '.join(TYPES[kind] for kind in self.kinds.values())})" if self.kinds else ""
        return f"PREPARE {self.name}{types} AS {whole}"

    def call(self, values: Mapping[str, Any], quoted: Callable[[Any], str], connection: BaseDatabaseWrapper) -> str:
        """What runs it on PostgreSQL, where this connection has prepared it."""
        known = prepared.setdefault(connection.connection, set())
        if self.name not in known:
            with connection.wrap_database_errors:
                connection.connection.execute(self.built_for(connection).sql)
            known.add(self.name)
        listed = ", ".join([quoted(values[name]) for name in self.kinds])
        return f"EXECUTE {self.name}({listed})" if listed else f"EXECUTE {self.name}"


class Written(Statement[Any]):
    """SQL that no queryset says, `sqlite` if it is another there; `%(name)s` stands for a value, and rows come back."""

    def __init__(self, text: str, sqlite: str = "", **kinds: type) -> None:
        super().__init__(QuerySet, **kinds)
        self.texts = {"postgresql": text, "sqlite": sqlite or text}

    def _build(self, connection: BaseDatabaseWrapper) -> Built:
        text = self.texts[connection.vendor]
        names, sql = tuple(NAMED.findall(text)), NAMED.sub("%s", text)
        if connection.vendor == "postgresql":
            sql = self._preparation(sql, names, names, connection)
        return Built(sql, names, names, [], None)


def build_everything() -> None:
    """Build each statement that there is, which else is done when it is first asked. Raises DatabaseError."""
    connection = connections[DEFAULT_DB_ALIAS]
    # Where a row can be locked, only a transaction may say so; SQLite can't, and its transaction would wait to write.
    with transaction.atomic() if connection.features.has_select_for_update else nullcontext():
        for statement in list(everything):
            statement.built_for(connection)


def together(*asked: Asked, needs_first: bool = False) -> list[list[Any]]:
    """What each statement finds with its values: one after the other, but on PostgreSQL asked in one message.

    With `needs_first` the others are of no use if the first finds nothing.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    # No row can have a number that no column can.
    sent = [place for place, (_, values) in enumerate(asked) if not _is_impossible(values)]
    built = {place: asked[place][0].built_for(connection) for place in sent}
    found: list[list[Any]] = [[] for _ in asked]
    # One message often names the same op-ed and moment many times over.
    quoted, adapted = cache(partial(quote, connection=connection)), cache(partial(_adapted, connection=connection))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and sent:
            cursor.execute("; ".join([asked[place][0].call(asked[place][1], quoted, connection) for place in sent]))
        for number, place in enumerate(sent):
            if connection.vendor != "postgresql":
                values = {name: adapted(value) for name, value in asked[place][1].items()}
                cursor.execute(built[place].sql, built[place].parameters(values))
            elif number:
                cursor.nextset()
            found[place] = built[place].result(cursor.fetchall(), connection)
            if needs_first and not found[0]:
                break
    return found


def chosen(build: Callable[..., QuerySet[M, Any]], ids: Collection[int], **values: Any) -> list[Any]:
    """What `build(ids, **values)` finds for any number of ids, with a statement for each size of group."""
    if not ids:
        return []
    size = next((size for size in SIZES if size >= len(ids)), None)
    if size is None:
        return list(build(list(ids), **values))
    kinds = tuple((name, type(value)) for name, value in values.items())
    padded = {f"id{place}": pk for place, pk in enumerate([*ids, *[NOBODY] * (size - len(ids))])}
    return _choosing(build, size, kinds).objects(**padded, **values)


@lru_cache(256)
def _choosing(build: Callable[..., QuerySet[M, Any]], size: int, kinds: tuple[tuple[str, type], ...]) -> Statement[M]:
    places = [f"id{place}" for place in range(size)]

    def among(**values: Any) -> QuerySet[M, Any]:
        return build([values.pop(place) for place in places], **values)

    return Statement(among, **dict.fromkeys(places, int), **dict(kinds))


def quote(value: Any, connection: BaseDatabaseWrapper) -> str:
    """A value as it stands in PostgreSQL's SQL, by psycopg's own rules; without PostgreSQL it isn't in memory."""
    if type(value) is int and value >= 0:  # most of them; psycopg takes longer over each
        return str(value)
    return str(connection.Database.sql.quote(value, connection.connection))  # type: ignore[attr-defined]


def _comes_converted(column: Any, queryset: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> bool:
    """What our SQLite backend reads from a table is Python's already; of a union it can't tell what it was."""
    kinds = getattr(connection, "reads_as_python", ())
    return isinstance(column, Col) and not queryset.query.combinator and column.field.get_internal_type() in kinds


def _is_impossible(values: Mapping[str, Any]) -> bool:
    return any(isinstance(value, int) and value.bit_length() > BITS for value in values.values())


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converted(rows: Sequence[Row], converters: list[Any], connection: BaseDatabaseWrapper) -> list[Row]:
    changed: list[Any] = [list(row) for row in rows]
    for place, functions, column in converters:
        for row in changed:
            value = row[place]
            for convert in functions:
                value = convert(value, column, connection)
            row[place] = value
    return changed
