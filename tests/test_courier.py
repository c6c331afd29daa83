"""Whatever goes wrong at whichever step, each part of a digest and of an alert stands in the channel once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.digest import AlertSpec, DigestSpec
from monitor.core.story import Story
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.slack import SlackClient
from monitor.store import Store, outbox
from tests.support.news import make_settings, make_stories, make_story, make_told, put_stories
from tests.support.sender import Sender
from tests.support.slack_twin import SlackTwin

MINUTE = timedelta(minutes=1)
DAILY = DigestSpec(id="first", channel=SlackTwin.DIGEST, cron="0 8 * * *", time_zone="UTC")
URGENT = AlertSpec(id="urgent", channel=SlackTwin.ALERTS, max_per_hour=60)
SETTINGS = make_settings(DAILY, replace(DAILY, id="second"), alerts=(URGENT,))
ERRORS = ("internal_error", "token_revoked", "is_archived", "invalid_blocks", "thread_not_found")
KINDS = [
    {"kind": "reset"},
    {"kind": "http", "status": 503},
    {"kind": "garbage"},
    {"kind": "truncated"},
    {"kind": "ratelimited", "seconds": 0},
    *({"kind": "error", "error": error} for error in ERRORS),
]
# Before or after Slack took the message. A time-out costs seconds; before, it is no other than a reset.
CASES = [({**kind, "after_accept": late}) for kind in KINDS for late in (False, True)]
CASES.append({"kind": "timeout", "seconds": 3, "after_accept": True})
# The calls that are spoiled, step by step: (job, method, channel, how many like it pass before).
STEPS = {
    "root": ("first", "chat.postMessage", SlackTwin.DIGEST, 0),
    "reply": ("second", "chat.postMessage", SlackTwin.DIGEST, 1),
    "alert": ("alert", "chat.postMessage", SlackTwin.ALERTS, 1),
    "update": ("alert", "chat.update", SlackTwin.ALERTS, 0),
    "addition": ("alert", "chat.postMessage", SlackTwin.ALERTS, 0),
}


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0)


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def keys(twin: SlackTwin, channel: str) -> Counter[str]:
    return Counter(message["metadata"]["event_payload"]["key"] for message in twin.messages(channel))


def alert_stories(count: int = 3) -> list[Story]:
    urgent = []
    for number in range(1, count + 1):
        told = make_told(number, outlet="One")
        urgent.append(make_story([replace(told, decision=replace(told.decision, alert=True))]))
    return urgent


def work(store: Store, twin: SlackTwin, job: str, now: datetime, tmp_path: Path) -> None:
    if job in ("first", "second"):
        send_digests(store, SETTINGS, client_of(twin), now=now, home=tmp_path, only=job)
    else:
        send_alerts(store, SETTINGS, client_of(twin), now=now)


@pytest.mark.parametrize("fault", CASES, ids=str)
def test_each_part_stands_there_once_after_any_fault_at_any_step(
    sqlite_store: Store, tmp_path: Path, moment: datetime, fault: dict[str, object]
) -> None:
    stories = alert_stories()
    put_stories(sqlite_store, stories, decided_at=moment - MINUTE)
    with SlackTwin() as twin:
        for number, (step, (job, method, channel, skip)) in enumerate(STEPS.items()):
            if step in ("update", "addition"):
                more = make_told(100 + number, outlet=step)
                put_stories(sqlite_store, [replace(stories[0], members=(more,))], decided_at=moment)
            twin.fault(**fault, method=method, channel=channel, skip=skip)
            work(sqlite_store, twin, job, moment + number * timedelta(seconds=2), tmp_path)
            assert [one.count for one in twin.workspace.faults] == [0], "the fault was met"
            twin.heal()
            work(sqlite_store, twin, job, moment + number * timedelta(seconds=2), tmp_path)
        digest, alerts = keys(twin, SlackTwin.DIGEST), keys(twin, SlackTwin.ALERTS)
    with sqlite_store.read() as connection:
        assert outbox.open_bundles(connection) == []
    assert set(digest.values()) == set(alerts.values()) == {1}
    assert (len(digest), len(alerts)) == (2 * 3, 3 + 2)


@pytest.mark.parametrize("job", ["digest", "alert"])
def test_kill_9_at_any_point_leaves_each_part_once(
    sqlite_store: Store, sqlite_url: str, moment: datetime, job: str
) -> None:
    put_stories(sqlite_store, make_stories(12) if job == "digest" else alert_stories(8), decided_at=moment - MINUTE)
    channel = SlackTwin.DIGEST if job == "digest" else SlackTwin.ALERTS
    with SlackTwin() as twin, Sender() as sender:
        # Each run is killed somewhat later than the one before, until one comes to its end: some five of them.
        for attempt in range(12):
            if not sender.run(job, sqlite_url, twin, moment, kill_after=0.03 * 2**attempt)[0]:
                break
        assert sender.run(job, sqlite_url, twin, moment)[0] is False
        found = keys(twin, channel)
    with sqlite_store.read() as connection:
        assert outbox.open_bundles(connection) == []
    assert len(found) > 5
    assert set(found.values()) == {1}
