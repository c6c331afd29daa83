"""One INSERT ... ON CONFLICT for both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
    """Insert ``rows``; where ``keys`` exist already, replace the other columns."""
    _insert(connection, table, rows, keys=keys, replace=True)


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
    """Insert ``rows``; those whose ``keys`` exist already are left as they are."""
    _insert(connection, table, rows, keys=keys, replace=False)


def _insert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str], replace: bool
) -> None:
    if rows:
        statement = _statement(connection.dialect.name, table, tuple(keys), tuple(rows[0]) if replace else ())
        connection.execute(statement, list(rows))


@cache
def _statement(dialect: str, table: Table, keys: tuple[str, ...], replaced: tuple[str, ...]) -> Insert:
    """Made once: a poll of a thousand feeds would spend a second on building the same few."""
    statement = (pg_insert if dialect == "postgresql" else sqlite_insert)(table)
    if not replaced:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    others = {name: statement.excluded[name] for name in replaced if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)
