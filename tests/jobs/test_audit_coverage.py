"""The daily audit over a real store, and its way to Slack."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.feed import FeedState, Health, HealthChange
from monitor.jobs.audit_coverage import audit_coverage
from monitor.jobs.send_digests import send_digests
from monitor.slack import SlackClient
from monitor.store import Store
from monitor.store.feeds import add_health_changes, save_states
from tests.support.feeds import make_feed
from tests.support.news import make_settings
from tests.support.slack_twin import SlackTwin

FEEDS = tuple(make_feed(f"feed-{n:02}", f"https://n{n}.example/feed", outlet=f"Outlet {n:02}") for n in range(45))
ONE = make_settings(feeds=FEEDS[:1])
QUIET = make_settings(digests=())
CHANNEL = SlackTwin.OPERATORS
DAY = timedelta(days=1)


def become(store: Store, health: Health, *, at: datetime, feeds: int = 1) -> None:
    """Store feeds that are so since then."""
    with store.write() as connection:
        for feed in FEEDS[:feeds]:
            save_states(connection, [FeedState(feed_id=feed.id, url=feed.url, health=health, last_success_at=at)])
            add_health_changes(connection, [HealthChange(feed_id=feed.id, at=at, health=health, reason="HTTP 404")])


def audited(store: Store, *, now: datetime) -> list[str]:
    return [change.text for change in audit_coverage(store, ONE, channel=CHANNEL, now=now).changes]


def test_a_broken_feed_is_told_and_counted(store: Store, now: datetime) -> None:
    become(store, Health.FAILING, at=now - 2 * DAY)
    report = audit_coverage(store, ONE, channel="", now=now)
    assert [change.text for change in report.changes] == ["Outlet 00 is failing: HTTP 404"]
    assert report.counts() == {"enabled": 1, "seen": 0, "troubles": 1, "recovered": 0}


def test_each_change_is_told_once_and_a_recovery_once(store: Store, now: datetime) -> None:
    become(store, Health.FAILING, at=now - 2 * DAY)
    assert audited(store, now=now) == ["Outlet 00 is failing: HTTP 404"]
    assert audited(store, now=now + DAY) == []
    become(store, Health.HEALTHY, at=now + DAY)
    assert audited(store, now=now + 2 * DAY) == ["Outlet 00 is well again"]
    assert audited(store, now=now + 3 * DAY) == []


def test_a_poll_does_not_forget_what_was_told(sqlite_store: Store, now: datetime) -> None:
    become(sqlite_store, Health.FAILING, at=now - 2 * DAY)
    audited(sqlite_store, now=now)
    become(sqlite_store, Health.FAILING, at=now)  # saves the state anew
    assert audited(sqlite_store, now=now + DAY) == []


def test_the_message_waits_while_slack_is_away_and_is_posted_once(sqlite_store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)  # the stand-in lives in real time
    become(sqlite_store, Health.FAILING, at=now - 2 * DAY)
    audited(sqlite_store, now=now)
    with SlackTwin() as twin:
        client = SlackClient(twin.token, twin.api_url, timeout=1)
        twin.fault("reset", after_accept=True)
        twin.fault("http", count=-1)
        twin.fault("http", method="conversations.history", count=-1)
        for minutes in (0, 5, 10):
            send_digests(sqlite_store, QUIET, client, now=now + timedelta(minutes=minutes), home=tmp_path)
        twin.heal()
        for minutes in (15, 20):
            send_digests(sqlite_store, QUIET, client, now=now + timedelta(minutes=minutes), home=tmp_path)
        assert [message["text"] for message in twin.messages(CHANNEL)] == ["The coverage of the feeds changed"]


def test_every_change_is_in_the_messages_however_many_there_are(sqlite_store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    become(sqlite_store, Health.DEAD, at=now - DAY, feeds=len(FEEDS))
    audit_coverage(sqlite_store, make_settings(feeds=FEEDS), channel=CHANNEL, now=now)
    with SlackTwin() as twin:
        send_digests(sqlite_store, QUIET, SlackClient(twin.token, twin.api_url), now=now, home=tmp_path)
        posted = json.dumps(twin.messages(CHANNEL))
    assert [feed.outlet for feed in FEEDS if f"{feed.outlet} is dead: HTTP 404" not in posted] == []
