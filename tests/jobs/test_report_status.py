"""The facts of `monitor status`: what they say, in words too, and that asking for them costs a day and not a year."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from monitor.core.condition import facts_of, span
from monitor.core.digest import AlertSpec, DigestSpec, Message
from monitor.core.feed import Feed, FeedState, Health, Tier
from monitor.jobs.report_status import report_status
from monitor.settings import Settings
from monitor.store import Store, alerts, articles, decisions, feeds, models, outbox, runs
from tests.support.news import make_settings, make_story, make_told, put_stories
from tests.support.texts import article, decision, sighting

MINUTE = timedelta(minutes=1)
BIG = ("articles", "decisions", "entries", "predictions", "told", "deliveries", "digests", "runs", "story_members")
WIRE = Feed(
    id="wire",
    url="https://wire.example/",
    outlet="Wire",
    language="en",
    country="US",
    tier=Tier.WIRE,
    full_text=True,
)
NIGHT = AlertSpec(id="urgent", channel="C2", quiet=(time(22), time(7)))


def settings() -> Settings:
    daily = DigestSpec(id="daily", channel="C1", cron="0 8 * * *", time_zone="Asia/Seoul")
    return make_settings(daily, feeds=(WIRE,), alerts=(NIGHT,))


def tell(store: Store, number: int, at: datetime) -> None:
    """An alert of one story: decided then, frozen two minutes later, posted 5 s after that."""
    story = make_story([make_told(number)])
    urgent = tuple(replace(told, decision=replace(told.decision, alert=True)) for told in story.members)
    put_stories(store, [replace(story, members=urgent)], decided_at=at)
    frozen = at + 2 * MINUTE
    with store.write() as connection:
        alerts.freeze_alert(connection, NIGHT.ledger, "C2", [story], [Message(part=0, text="x", blocks=())], now=frozen)
        item = outbox.claim_next(connection, NIGHT.ledger, frozen, now=frozen)
        assert item is not None
        outbox.record_posted(connection, item, ts="1.0", now=frozen + timedelta(seconds=5))


@pytest.fixture
def used(store: Store, now: datetime) -> Store:
    """A store in which everything happened that the facts tell of. It is noon."""
    with store.write() as connection:
        models.save_model(connection, version="m1", made_at=now - timedelta(days=3), card={}, archive=b"")
        models.promote_model(connection, "m1", now=now)
        state = FeedState(feed_id="wire", url=WIRE.url, health=Health.HEALTHY, notes=("moved",), last_success_at=now)
        feeds.save_states(connection, [replace(state, next_fetch_at=now + 9 * MINUTE)])
        alerts.began(connection, NIGHT.ledger, "C2", now=now - timedelta(days=2), since=now - timedelta(days=2))
        seen = now - 30 * MINUTE
        shown = [
            article(f"a{n}", url=f"https://wire.example/{n}", published_at=seen - 4 * MINUTE, seen_at=seen)
            for n in range(9)
        ]
        articles.add_sightings(
            connection, "wire", [sighting(one) for one in shown], now=seen, polled_at=seen - 10 * MINUTE
        )
        made = [decision(f"a{n}", decided_at=seen + MINUTE, digest=n < 3) for n in range(8)]
        decisions.save_decisions(connection, made)
        failed = runs.start_run(connection, "send_digests", now=now - 5 * MINUTE)
        runs.finish_run(connection, failed, now=now - 4 * MINUTE, counts={}, error="no network")
        done = runs.start_run(connection, "ingest_feeds", now=seen)
        runs.finish_run(connection, done, now=seen + timedelta(seconds=12), counts={"new": 9})
    tell(store, 2, now - timedelta(hours=9))  # at night: it was held
    tell(store, 1, now - timedelta(hours=3))
    return store


def test_the_facts_are_those_of_the_store(used: Store, now: datetime) -> None:
    report = report_status(used, settings(), ["watch.yaml:1: nmae: unknown key"], now=now)
    hour = report["freshness"]["last_hour"]
    assert (hour["entries"], hour["share"], hour["met"]) == (9, pytest.approx(8 / 9), False)
    assert (hour["slow"], hour["late"]) == ("classification", {"poll": 0, "classification": 1, "slack": 0})
    assert report["lags"]["publication_to_store"] == {"p50": 252.0, "p95": 252.0, "count": 9}
    assert report["lags"]["store_to_flag"] == {"p50": 48.0, "p95": 48.0, "count": 8}
    assert report["lags"]["flag_to_alert"] == {"p50": 125.0, "p95": 125.0, "count": 1}
    assert report["queues"] == {"undecided": 1, "unread": 9, "deliveries": 0, "clicks": 0, "held_alerts": 0}
    assert report["digests"][0]["next_cut"] == "2026-11-23T23:00:00+00:00"
    assert (report["alerts"][0]["last_24_h"], report["failed_24_h"]) == (2, {"send_digests": 1})
    assert report["model"]["age_seconds"] == 3 * 86400
    assert [one["what"] for one in report["troubles"]] == [
        "config: watch.yaml:1: nmae: unknown key",
        "send_digests failed: no network",
        "news is late: 88.9% of 9 entries, missed by classification (-6.1 points)",
    ]
    told = dict(facts_of(report))
    assert told["coverage"] == "1 of 1 feeds answered in 24 h; 1 healthy"
    assert told["publication to store"] == "p50 4 min, p95 4 min (9 in 24 h)"
    assert told["waiting"] == "1 undecided, 9 unread"
    assert told["digest daily"] == "last never, next 2026-11-23 23:00 UTC, 0 in 24 h, to C1"


def test_asking_reads_no_table_from_end_to_end(used: Store, now: datetime) -> None:
    with plans(used) as found:
        report_status(used, settings(), now=now, whole=False)
    assert len(found) > 20
    assert [asked for asked, plan in found if any(reads_all(line) for line in plan)] == []


def reads_all(line: str) -> bool:
    to_do = "ix_articles_undecided" in line or "ix_deliveries_open" in line  # these hold only what waits
    return not to_do and any(re.search(rf"SCAN {table}\b|Seq Scan on {table}\b", line) for table in BIG)


@contextmanager
def plans(store: Store) -> Iterator[list[tuple[str, list[str]]]]:
    """Every query that is asked meanwhile, with how the database goes about it."""
    asked: list[tuple[str, Any]] = []
    found: list[tuple[str, list[str]]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engine = store._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with store.read() as connection:
        if store.dialect == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")  # these tables are small enough for it
        explain = "EXPLAIN QUERY PLAN " if store.dialect == "sqlite" else "EXPLAIN "
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(explain + statement, parameters).all()
                found.append((statement, [str(row[-1]) for row in rows]))


def test_durations_are_told_as_people_say_them() -> None:
    told = [span(seconds) for seconds in (0, 59.6, 119, 120, 7199, 7200, 172800)]
    assert told == ["0 s", "60 s", "119 s", "2 min", "120 min", "2 h", "2 d"]
