"""The store opens on both databases and keeps its promises about transactions."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from monitor.errors import StoreError
from monitor.store import Store, runs
from monitor.store.schema import metadata


def test_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.migrate()
    store.check()


def test_migrations_lead_down_to_nothing_and_up_again(store: Store) -> None:
    store.migrate("base")
    with pytest.raises(StoreError, match="schema none"):
        store.check()
    store.migrate()
    store.check()


def test_a_store_without_tables_says_how_to_make_them(sqlite_url: str) -> None:
    with pytest.raises(StoreError, match="monitor store migrate"):
        Store(sqlite_url).check()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_be_a_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="MONITOR_STORE"):
        Store(url)


def test_an_unreachable_server_is_a_store_error() -> None:
    with pytest.raises(StoreError), Store("postgresql://nobody@127.0.0.1:1/none").read():
        pass


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_text("no database " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="restore a backup"), Store(f"sqlite:///{tmp_path / 'monitor.db'}").read():
        pass


def test_a_right_that_cannot_be_taken_for_lack_of_a_folder_is_a_store_error(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'gone' / 'monitor.db'}")
    (tmp_path / "gone").rmdir()
    with pytest.raises(StoreError, match="cannot be opened"), store.alone("posting"):
        pass


def test_naive_times_are_refused(store: Store) -> None:
    with pytest.raises(Exception, match="naive"), store.write() as connection:
        runs.start_run(connection, "x", now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_times_come_back_in_utc(store: Store, now: datetime) -> None:
    with store.write() as connection:
        runs.start_run(connection, "x", now=now)
    with store.read() as connection:
        (run,) = runs.last_runs(connection)
    assert run.started_at == now
    assert run.started_at.tzinfo is UTC


def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer"):
        store.migrate()
    with pytest.raises(StoreError, match="schema 9999"):
        store.check()


def test_readers_never_wait_for_a_writer(store: Store) -> None:
    with store.write() as writer:
        runs.start_run(writer, "slow", now=datetime(2026, 1, 1, tzinfo=UTC))
        with store.read() as reader:
            assert runs.last_runs(reader) == []


def test_a_password_is_never_shown(postgres_url: str) -> None:
    assert "secret" not in Store(postgres_url.replace("postgres@", "postgres:secret@")).url


def test_one_process_at_a_time_does_a_thing_and_another_thing_is_free(store: Store) -> None:
    other = Store(_url_of(store))
    with store.alone("posting") as mine, other.alone("posting", patience=0.2) as theirs, other.alone("else") as free:
        assert (mine, theirs, free) == (True, False, True)
    with other.alone("posting") as now:
        assert now
    other.close()


def test_a_right_ends_with_the_process_that_held_it(store: Store) -> None:
    url = _url_of(store)
    code = (
        "import os, sys\nfrom monitor.store import Store\n"
        "right = Store(sys.argv[1]).alone('posting')\nassert right.__enter__()\n"
        "print('held', flush=True)\nsys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with store.alone("posting", patience=0) as mine:
            assert not mine
        holder.kill()
        with store.alone("posting", patience=10) as mine:
            assert mine


def _url_of(store: Store) -> str:
    return store._engine.url.render_as_string(hide_password=False)
