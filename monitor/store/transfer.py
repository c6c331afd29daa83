"""A whole store at once: copied into another database, or into a file that can be kept."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError

from monitor.errors import StoreError
from monitor.store.engine import Store
from monitor.store.schema import metadata

BATCH = 500  # rows in memory at once


def copy_store(source: Store, target: Store) -> dict[str, int]:
    """Copy every row of ``source`` into the empty ``target``, in one transaction; returns rows by table.

    Both have the schema of this version. Raises StoreError when they have not, when the target holds anything, or when
    a row does not fit; then the target stays empty. What others write meanwhile into the source is not copied.
    """
    source.check()
    target.check()
    with source.read() as old, target.write() as new:
        _freeze(old)
        held = [
            table.name for table in metadata.sorted_tables if new.execute(select(1).select_from(table).limit(1)).first()
        ]
        if held:
            raise StoreError(
                f"{target.url}: is not empty: there are rows in {', '.join(held)}; copy into a new database"
            )
        return {table.name: _copy_table(old, new, table, target.url) for table in metadata.sorted_tables}


def backup_sqlite(store: Store, file: Path) -> int:
    """Copy a store on SQLite into a new ``file`` while it is in use, as it is at one moment; returns the file's bytes.

    Raises StoreError when the file exists or cannot be written, and for PostgreSQL, which has a tool of its own.
    """
    if store.dialect != "sqlite":
        raise StoreError(
            f"{store.url}: PostgreSQL is backed up with its own tool: pg_dump --format custom (docs/operations.md)"
        )
    if file.exists():
        raise StoreError(f"{file}: exists; give the backup a name of its own")
    store.check()
    unfinished = file.with_name(f"{file.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        copy = sqlite3.connect(unfinished)
        try:
            with store.read() as connection:
                connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]  # all pages in one step
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            copy.close()
        if verdict != "ok":
            raise StoreError(f"{store.url}: the copy is damaged: {verdict}; look at the disk")
        unfinished.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: cannot be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def _freeze(connection: Connection) -> None:
    """See one moment in every table. SQLite's readers do so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _copy_table(old: Connection, new: Connection, table: Table, where: str) -> int:
    statement = insert(table).values({column.name: _put(column, new.dialect.name) for column in table.columns})
    try:
        for rows in _batches(old, table):
            new.execute(statement, rows)
    except (DataError, IntegrityError) as error:
        raise StoreError(
            f"{where}: {table.name}: a row does not fit: {str(error.orig).strip()}; nothing was copied"
        ) from error
    count = select(func.count()).select_from(table)
    wanted, found = old.execute(count).scalar_one(), new.execute(count).scalar_one()
    if wanted != found:
        raise StoreError(
            f"{where}: {table.name}: {found} of {wanted} rows arrived; nothing was copied: stop what writes there"
        )
    if new.dialect.name == "postgresql":
        _continue_sequence(new, table)
    return found


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows as parameters of the insert. A model has megabytes: those come one by one."""
    size = 1 if any(isinstance(column.type, LargeBinary) for column in table.columns) else BATCH
    query = select(*(_got(column).label(_name(column)) for column in table.columns))
    found = connection.execute(query, execution_options={"yield_per": size})
    yield from ([*map(dict, rows)] for rows in found.mappings().partitions())


def _name(column: "Column[Any]") -> str:
    return f"new_{column.name}"  # SQLAlchemy keeps the plain names for itself


def _got(column: "Column[Any]") -> ColumnElement[Any]:
    """JSON travels as its text: None is both NULL and JSON's null, which are two things in a column."""
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _put(column: "Column[Any]", dialect: str) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return bindparam(_name(column), type_=column.type)
    value = bindparam(_name(column), type_=Text())
    return cast(value, column.type) if dialect == "postgresql" else value


def _continue_sequence(connection: Connection, table: Table) -> None:
    """Let new rows be numbered behind those that came with their numbers."""
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and len(table.primary_key.columns) == 1:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, func.max(column))))  # of an empty table: changes nothing
