"""One alarm an incident, and one word when it is over, whatever breaks while it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.raise_alarm import end_incident, end_store_alarm, raise_alarm, raise_store_alarm
from monitor.slack import SlackClient
from monitor.store import Store, runs
from tests.support.slack_twin import SlackTwin

MINUTE = timedelta(minutes=1)


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=12)


@pytest.fixture
def twin() -> Iterator[SlackTwin]:
    with SlackTwin() as started:
        yield started


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def said(twin: SlackTwin) -> list[str]:
    return [message["text"] for message in twin.messages(SlackTwin.OPERATORS)]


def note(store: Store, now: datetime, error: str = "", job: str = "ingest_feeds") -> None:
    """A run of a job that ended so."""
    with store.write() as connection:
        runs.finish_run(connection, runs.start_run(connection, job, now=now), now=now, counts={}, error=error)


def fail(store: Store, twin: SlackTwin, now: datetime, reason: str = "all 12 feeds failed") -> None:
    note(store, now, reason)
    raise_alarm(
        store,
        client_of(twin),
        SlackTwin.OPERATORS,
        "ingest_feeds failed",
        [reason],
        about=reason,
        now=now,
        incident="ingest_feeds",
    )


def succeed(store: Store, twin: SlackTwin, now: datetime) -> None:
    note(store, now)
    end_incident(store, client_of(twin), SlackTwin.OPERATORS, "ingest_feeds", now=now)


def test_an_incident_of_a_day_is_told_once_and_so_is_its_end(store: Store, twin: SlackTwin, moment: datetime) -> None:
    for cycle in range(72):
        fail(store, twin, moment + cycle * 20 * MINUTE, f"all {12 + cycle} feeds failed")
    for cycle in range(4):
        succeed(store, twin, moment + timedelta(days=1) + cycle * 10 * MINUTE)
    assert said(twin) == ["ingest_feeds failed", "ingest_feeds works again"]
    fail(store, twin, moment + timedelta(days=2))
    assert said(twin)[2:] == ["ingest_feeds failed"]


def test_a_shard_that_succeeds_beside_one_that_fails_ends_nothing(
    sqlite_store: Store, twin: SlackTwin, moment: datetime
) -> None:
    for cycle in range(6):
        fail(sqlite_store, twin, moment + cycle * 10 * MINUTE)
        succeed(sqlite_store, twin, moment + cycle * 10 * MINUTE)
    assert said(twin) == ["ingest_feeds failed"]


def test_an_alarm_that_slack_did_not_take_is_told_when_it_does(
    sqlite_store: Store, twin: SlackTwin, moment: datetime
) -> None:
    twin.fault("http", status=503, count=-1, method="")
    fail(sqlite_store, twin, moment)
    twin.heal()
    fail(sqlite_store, twin, moment + 10 * MINUTE)
    fail(sqlite_store, twin, moment + 20 * MINUTE)
    assert said(twin) == ["ingest_feeds failed"]


def test_an_alarm_that_arrived_though_nobody_heard_of_it_is_not_told_again(
    sqlite_store: Store, twin: SlackTwin, moment: datetime
) -> None:
    twin.fault("reset", after_accept=True)
    fail(sqlite_store, twin, moment)
    fail(sqlite_store, twin, moment + 10 * MINUTE)
    assert said(twin) == ["ingest_feeds failed"]


def test_a_store_that_fails_is_told_once_by_whoever_meets_it_and_its_end_too(
    sqlite_store: Store, twin: SlackTwin, moment: datetime
) -> None:
    def lose(now: datetime) -> None:
        raise_store_alarm(client_of(twin), SlackTwin.OPERATORS, ["connection refused"], now=now)

    def work(now: datetime) -> None:
        end_store_alarm(sqlite_store, client_of(twin), SlackTwin.OPERATORS, now=now)

    work(moment)
    lose(moment + MINUTE)
    lose(moment + 6 * MINUTE)
    note(sqlite_store, moment + 10 * MINUTE, f"{sqlite_store.url}: database or disk is full")
    work(moment + 11 * MINUTE)
    assert said(twin) == ["The store fails"]
    work(moment + 40 * MINUTE)
    work(moment + 45 * MINUTE)
    assert said(twin) == ["The store fails", "The store works again"]
    lose(moment + 50 * MINUTE)
    assert said(twin)[2:] == ["The store fails"]
