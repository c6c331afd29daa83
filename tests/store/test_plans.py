"""No query of a cycle reads a table that grows from end to end, on either database.

The queries are those that the real jobs send, so that a new slow one fails here without anybody adding it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from monitor.store import Connection, Store
from monitor.store.articles import count_articles
from tests.support.bulk import fill
from tests.support.cycle import STEPS, prepare

ARTICLES, A_DAY = 12_000, 30
GROWING = {
    "articles", "clicks", "decisions", "deliveries", "digests", "entries", "feed_history", "labels", "predictions",
    "revisions", "runs", "stories", "story_members", "told",
}  # fmt: skip
# These hold only what is yet to be done: to read one from end to end is to read the list of work.
TO_DO = {"ix_articles_undecided", "ix_deliveries_open", "ix_entries_last_shown_at"}


@contextmanager
def heard(store: Store) -> Iterator[dict[str, Any]]:
    """The statements that are sent to the store meanwhile, each with the parameters of its first time."""
    sent: dict[str, Any] = {}

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.split(None, 1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}:
            sent.setdefault(statement, parameters[0] if many else parameters)

    event.listen(store._engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(store._engine, "before_cursor_execute", listen)


def whole_reads(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The growing tables that a statement reads from end to end, by the database's own plan."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in plan if _reads_all(row.detail, statement)]
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return list(_sequential(plan["Plan"], limited=False))


def _reads_all(detail: str, statement: str) -> bool:
    found = re.match(r"SCAN (\w+)(?:.* INDEX (\w+))?", detail)
    if found is None:
        return False
    table, index = re.sub(r"_\d+$", "", found[1]), found[2]
    ordered = bool(index) and "LIMIT" in statement  # read in order, and no further than asked for
    return table in GROWING and index not in TO_DO and not ordered


def _sequential(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    table, index = node.get("Relation Name", ""), node.get("Index Name", "")
    whole = node["Node Type"] == "Seq Scan" or (
        node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node and not limited
    )
    if whole and table in GROWING and index not in TO_DO:
        yield f"{node['Node Type']} {table} {index} {node.get('Filter', '')}"
    for below in node.get("Plans", ()):
        yield from _sequential(below, limited=limited or node["Node Type"] == "Limit")


@pytest.fixture
def years(store: Store, now: datetime) -> Store:
    fill(store, ARTICLES, now=now, a_day=A_DAY)
    prepare(store, now=now)
    return store


def test_no_step_of_a_cycle_reads_a_growing_table_from_end_to_end(years: Store, tmp_path: Path, now: datetime) -> None:
    slow = {}
    for name, step in STEPS.items():
        with heard(years) as sent:
            step(years, now, 60, tmp_path)
        assert sent, name
        with years.read() as connection:
            if years.dialect == "postgresql":
                # A table of this size is read faster than looked up in; what is asked here is that it can be.
                for way in ("seqscan", "hashjoin", "mergejoin"):
                    connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            for statement, parameters in sent.items():
                if found := whole_reads(connection, statement, parameters):
                    slow[f"{name}: {statement}"] = found
    assert not slow, json.dumps(slow, indent=1)


def test_a_query_without_an_index_would_be_found(store: Store) -> None:
    with heard(store) as sent, store.read() as connection:
        count_articles(connection)
        connection.exec_driver_sql("SELECT id FROM decisions WHERE score > 0.99")
    with store.read() as connection:
        assert [len(whole_reads(connection, *one)) for one in sent.items()] == [1, 1]
