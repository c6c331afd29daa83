"""A store is copied into another database, or into a file, whole and unchanged."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, Text, cast, insert, null, select

from monitor.errors import StoreError
from monitor.store import Store, runs, transfer
from monitor.store.schema import UtcDateTime, metadata
from tests.support.project import Project

TABLES = metadata.sorted_tables


@pytest.fixture
def both(sqlite_url: str, postgres_url: str) -> Iterator[dict[str, Store]]:
    """A migrated store on each database."""
    stores = {"sqlite": Store(sqlite_url), "postgresql": Store(postgres_url)}
    for store in stores.values():
        store.migrate()
    yield stores
    for store in stores.values():
        store.close()


def value(column: "Column[Any]", row: int, now: datetime) -> Any:
    """Something of each kind that is easily spoilt on its way; the second row is NULL wherever it may be."""
    if column.nullable and row == 1:
        return null()
    kinds: dict[type, Any] = {
        Text: f"row {row}: 평양 \U0001f680 'quoted' \\ \"{{}}\" \n",  # the same in every table: foreign keys fit
        Integer: row + 7,
        Float: 0.1 + row,
        Boolean: row % 2 == 0,
        LargeBinary: bytes(range(256)) * (row + 1),
        UtcDateTime: now + timedelta(days=row, microseconds=123456 + row),
        JSON: JSON.NULL if row == 2 else {"b": [1, None, 0.1], "a": "поезд \\u0041", "empty": {}},
    }
    return kinds[type(column.type)]


def fill(store: Store, now: datetime, rows: int = 3) -> None:
    with store.write() as connection:
        for table in TABLES:
            for row in range(rows):
                connection.execute(insert(table).values({c.name: value(c, row, now) for c in table.columns}))


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, JSON as the text that it is stored as."""
    with store.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*(cast(c, Text) if isinstance(c.type, JSON) else c for c in table.columns)).order_by(
                        *table.primary_key.columns
                    )
                )
            ]
            for table in TABLES
        }


@pytest.mark.postgres
@pytest.mark.parametrize(("source", "target"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_copy_has_every_row_of_every_table_unchanged(
    both: dict[str, Store], source: str, target: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "BATCH", 2)  # so that three rows are two batches
    fill(both[source], now)
    counts = transfer.copy_store(both[source], both[target])
    assert counts == {table.name: 3 for table in TABLES}
    assert content(both[target]) == content(both[source])
    with both[target].write() as connection:
        assert runs.start_run(connection, "next", now=now) == 10  # behind 7, 8 and 9


@pytest.mark.postgres
def test_a_copy_that_fails_leaves_the_target_empty(both: dict[str, Store], now: datetime) -> None:
    fill(both["sqlite"], now)
    with both["sqlite"].write() as connection:
        connection.exec_driver_sql("UPDATE runs SET error = 'nul' || char(0)")  # PostgreSQL takes no NUL
    with pytest.raises(StoreError, match="runs: a row does not fit"):
        transfer.copy_store(both["sqlite"], both["postgresql"])
    assert not any(content(both["postgresql"]).values())


def test_a_store_that_holds_something_is_no_target(store: Store, sqlite_url: str, now: datetime) -> None:
    with store.write() as connection:
        runs.start_run(connection, "x", now=now)
    with pytest.raises(StoreError, match=r"not empty: there are rows in runs"):
        transfer.copy_store(store, store)


def test_a_target_of_another_schema_is_refused(sqlite_store: Store, store: Store) -> None:
    store.migrate("0009")
    with pytest.raises(StoreError, match="schema 0009"):
        transfer.copy_store(sqlite_store, store)


def test_the_command_copies_and_counts(project: Project, tmp_path: Path) -> None:
    done = project.monitor("store", "copy", f"sqlite:///{tmp_path}/other.db")
    assert done.code == 0
    assert ["models", "1"] in [line.split() for line in done.out.splitlines()]


def test_a_backup_of_a_store_in_use_is_whole_and_of_one_moment(
    sqlite_store: Store, tmp_path: Path, now: datetime
) -> None:
    fill(sqlite_store, now)
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with sqlite_store.write() as connection:  # always two together
                for _ in range(2):
                    runs.finish_run(
                        connection, runs.start_run(connection, "pair", now=now), now=now, counts={"x": "y" * 2000}
                    )
            wrote.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            wrote.clear()
            assert wrote.wait(10)  # it goes on writing between the backups
            transfer.backup_sqlite(sqlite_store, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    pairs = []
    for number in range(5):
        with sqlite3.connect(tmp_path / f"{number}.db") as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            pairs.append(copy.execute("SELECT count(*) FROM runs WHERE job = 'pair'").fetchone()[0])
        copy.close()
    assert [count % 2 for count in pairs] == [0] * 5
    assert pairs == sorted(set(pairs))


def test_a_backup_put_in_place_of_a_lost_store_is_that_store(project: Project, tmp_path: Path, now: datetime) -> None:
    store = project.store()
    with store.write() as connection:
        runs.start_run(connection, "before", now=now)
    before = content(store)
    assert project.monitor("store", "backup", tmp_path / "kept.db").code == 0
    with store.write() as connection:
        runs.start_run(connection, "after", now=now)
    store.close()
    for file in project.home.glob("monitor.db*"):
        file.unlink()
    (tmp_path / "kept.db").rename(project.home / "monitor.db")
    restored = project.store()
    assert content(restored) == before
    restored.close()


def test_a_backup_overwrites_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    file.write_text("yesterday's")
    with pytest.raises(StoreError, match="exists"):
        transfer.backup_sqlite(sqlite_store, file)
    assert file.read_text() == "yesterday's"


@pytest.mark.postgres
def test_postgresql_is_backed_up_with_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    store = Store(postgres_url)
    with pytest.raises(StoreError, match="pg_dump"):
        transfer.backup_sqlite(store, tmp_path / "kept.db")
    store.close()
