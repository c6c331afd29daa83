"""One INSERT ... ON CONFLICT for both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
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
    if not rows:
        return
    make = pg_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(table)
    if replace:
        others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        statement = statement.on_conflict_do_update(index_elements=list(keys), set_=others)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    connection.execute(statement, list(rows))
