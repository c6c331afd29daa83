"""A store that the first version with migrations made comes to the present and back, and works here.

``tests/data/store-0001.sql`` was written by the code of that commit (see its first line); nothing of today's made it.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, select

from monitor.jobs.audit_coverage import audit_coverage
from monitor.jobs.classify_articles import classify_articles
from monitor.jobs.exchange_records import export_records, import_records
from monitor.jobs.handle_clicks import Rights, handle_clicks
from monitor.jobs.prune_store import prune_store
from monitor.jobs.report_status import report_status
from monitor.jobs.report_week import report_week
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.store import Connection, Store, articles, digests, outbox, stories
from tests.support.cycle import SETTINGS, Guess, Nowhere

DUMP = Path(__file__).parents[1] / "data" / "store-0001.sql"
FIRST = "0001"
MADE_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # the present of whoever made it

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The old store: in SQLite the very one, in PostgreSQL its rows in the tables of that time."""
    file = tmp_path / "old.db"
    with sqlite3.connect(file) as raw:
        raw.executescript(DUMP.read_text(encoding="utf-8"))
    raw.close()
    if request.param == "sqlite":
        opened = Store(f"sqlite:///{file}")
    else:
        opened = Store(request.getfixturevalue("postgres_url"))
        opened.migrate(FIRST)
        source = create_engine(f"sqlite:///{file}")
        with source.connect() as connection, opened.write() as target:
            _copy(connection, target)
        source.dispose()
    yield opened
    opened.close()


def _copy(source: Connection, target: Connection) -> None:
    tables = reflected(target)
    for table, rows in every_row(source).items():
        if rows:
            target.execute(tables.tables[table].insert(), rows)
    for table in ("decisions", "feed_history", "labels", "revisions", "runs"):
        target.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def reflected(connection: Connection) -> MetaData:
    """The tables as the database has them, for its columns are not today's."""
    found = MetaData()
    found.reflect(connection)
    return found


def every_row(connection: Connection) -> Rows:
    """Every row of every table, by table; moments in UTC."""
    found: Rows = {}
    for table in reflected(connection).sorted_tables:
        if table.name != "alembic_version":
            rows = [
                {name: _plain(value) for name, value in row.items()}
                for row in connection.execute(select(table)).mappings()
            ]
            found[table.name] = sorted(rows, key=str)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return bytes(value) if isinstance(value, memoryview) else value


def rows_of(store: Store) -> Rows:
    with store.read() as connection:
        return every_row(connection)


def shape_of(store: Store) -> dict[str, Any]:
    """Columns and indexes by table."""
    with store.read() as connection:
        seen = inspect(connection)
        return {
            table: (
                {(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)},
                {(index["name"], tuple(index["column_names"])) for index in seen.get_indexes(table)},
            )
            for table in seen.get_table_names()
        }


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)
def test_every_table_of_that_time_has_rows_in_it(old: Store) -> None:
    assert {table for table, rows in rows_of(old).items() if not rows} == set()


def test_the_way_to_the_present_and_back_loses_nothing(old: Store) -> None:
    before, shape = rows_of(old), shape_of(old)
    old.migrate()
    old.check()
    now = rows_of(old)
    kept = {
        table: sorted(({name: row[name] for name in rows[0]} for row in now[table]), key=str)
        for table, rows in before.items()
    }
    assert kept == before
    old.migrate(FIRST)
    assert rows_of(old) == before
    assert shape_of(old) == shape
    old.migrate()
    assert rows_of(old) == now


def test_the_jobs_of_today_go_on_with_it(old: Store, tmp_path: Path) -> None:
    old.migrate()
    now, slack = MADE_AT + timedelta(minutes=30), Nowhere()
    with old.write() as connection:
        waits = articles.undecided(connection, limit=9)
    assert [article.id for article in waits] == ["a6"]
    classified = classify_articles(old, SETTINGS, Guess(), now=now)
    assert (classified.decided, classified.flagged) == (1, 0)
    sent = send_digests(old, SETTINGS, slack, now=now, home=tmp_path, force=True)
    assert [story.id for digest in sent.digests for story in digest.stories] == ["st-a5"]  # the others were told
    with old.read() as connection:
        assert outbox.open_bundles(connection) == []  # what waited then is posted now
        assert digests.last_cut(connection, "daily") == now
        assert len(stories.get_stories(connection, ["st-a0"])[0].members) == 3
    send_alerts(old, SETTINGS, slack, now=now)
    handle_clicks(old, SETTINGS, slack, lambda _click: (), Rights(slack), now=now)
    audit_coverage(old, SETTINGS, channel="#x", now=now)
    assert report_status(old, SETTINGS, now=now)["articles"]["undecided"] == 0
    made = report_week(old, SETTINGS, SETTINGS.digests[0], since=now - timedelta(days=7), until=now)
    assert made.articles == 5
    export_records(old, tmp_path / "all.jsonl.gz", since=None, before=None)
    assert prune_store(old, tmp_path, retention=timedelta(days=40), now=now + timedelta(days=80)).articles == 7
    assert import_records(old, tmp_path / "all.jsonl.gz")["new"] == 7
