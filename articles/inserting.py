"""New objects, stored in as few messages as the database allows, by SQL that the ORM would take long to build."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

# So many rows at most go into one INSERT.
BATCH = 500


def insert(*groups: Sequence[Model]) -> None:
    """Store new objects as they are, each group of one model, in this order; ids that the database gives are set.

    A column whose default only the database knows needs a value.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    batches = [group[begin : begin + BATCH] for group in groups for begin in range(0, len(group), BATCH)]
    statements = [_insertion(batch, connection) for batch in batches]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and statements:
            # All in one message: each would else cost as much again for its way there and back.
            everything = [value for _, values in statements for value in values]
            cursor.execute("; ".join(sql for sql, _ in statements), everything)
        for batch, (sql, values) in zip(batches, statements, strict=True):
            if connection.vendor != "postgresql":
                cursor.execute(sql, values)
            if batch[0].pk is None:
                for each, (pk,) in zip(batch, cursor.fetchall(), strict=True):
                    each.pk = pk
            for each in batch:
                each._state.adding, each._state.db = False, connection.alias
            if connection.vendor == "postgresql":
                cursor.nextset()


def _insertion(objects: Sequence[Model], connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    meta, quote = objects[0]._meta, connection.ops.quote_name
    has_ids = objects[0].pk is not None
    fields = [field for field in meta.local_concrete_fields if has_ids or not field.primary_key]
    columns = ", ".join(quote(field.column) for field in fields)
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608 - names of our own models
    sql += ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(objects))
    if not has_ids:
        sql += f" RETURNING {quote(meta.pk.column)}"
    return sql, [field.get_db_prep_save(field.pre_save(each, True), connection) for each in objects for field in fields]
