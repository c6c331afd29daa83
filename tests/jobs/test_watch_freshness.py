"""People hear once that news is late, and once that it is over."""

from datetime import datetime, timedelta
from pathlib import Path

from monitor.core.feed import Feed, Tier
from monitor.jobs.send_digests import send_digests
from monitor.jobs.watch_freshness import Incident, watch_freshness
from monitor.settings import Settings
from monitor.slack import SlackClient
from monitor.store import Store, articles, decisions
from tests.support.news import make_settings
from tests.support.slack_twin import SlackTwin
from tests.support.texts import article, decision, sighting

MINUTE = timedelta(minutes=1)
WIRE = Feed(
    id="wire",
    url="https://wire.example/",
    outlet="Wire",
    language="en",
    country="US",
    tier=Tier.WIRE,
    interval=10 * MINUTE,
)


def settings() -> Settings:
    return make_settings(feeds=(WIRE,))


def show(store: Store, name: str, seen: datetime, *, decided_after: timedelta | None = MINUTE, count: int = 6) -> None:
    """Entries that came with one poll, and when they were decided."""
    shown = [article(f"{name}-{n}", published_at=seen - 5 * MINUTE, seen_at=seen) for n in range(count)]
    with store.write() as connection:
        articles.add_sightings(
            connection, "wire", [sighting(one) for one in shown], now=seen, polled_at=seen - 10 * MINUTE
        )
        if decided_after is not None:
            made = [decision(one.id, decided_at=seen + decided_after, digest=False) for one in shown]
            decisions.save_decisions(connection, made)


def look(store: Store, now: datetime) -> Incident | None:
    return watch_freshness(store, settings(), channel=SlackTwin.OPERATORS, now=now)


def test_an_incident_is_told_once_with_its_step_and_its_end_once(store: Store, now: datetime, tmp_path: Path) -> None:
    show(store, "well", now - 30 * MINUTE)
    assert look(store, now) is None
    show(store, "stuck", now, decided_after=None)
    assert look(store, now + 2 * MINUTE) is None
    begun = look(store, now + 20 * MINUTE)
    assert begun is not None
    assert (begun.began, begun.title) == (True, "News is late")
    assert "50% of 12 entries" in begun.lines[0]
    assert any("classification 6" in line for line in begun.lines)
    assert "classify_articles" in begun.lines[-1]
    assert look(store, now + 25 * MINUTE) is None
    over = now + 90 * MINUTE
    show(store, "again", over - 10 * MINUTE)
    ended = look(store, over)
    assert ended is not None
    assert (ended.began, ended.lines[-1]) == (False, "It was late for 70 min.")
    assert look(store, over + MINUTE) is None
    with SlackTwin() as twin:
        client = SlackClient(twin.token, twin.api_url, timeout=1)
        for _ in range(2):
            send_digests(store, settings(), client, now=over, home=tmp_path)
        told = [message["text"] for message in twin.messages(SlackTwin.OPERATORS)]
    assert told == ["News is late", "News is in time again"]


def test_a_few_late_entries_are_no_incident(sqlite_store: Store, now: datetime) -> None:
    show(sqlite_store, "few", now - 30 * MINUTE, decided_after=20 * MINUTE, count=3)
    assert look(sqlite_store, now) is None
    show(sqlite_store, "more", now - 29 * MINUTE, decided_after=20 * MINUTE, count=1)
    assert look(sqlite_store, now) is not None


def test_the_end_of_an_incident_that_a_clock_far_ahead_began_is_told_once(sqlite_store: Store, now: datetime) -> None:
    ahead = now + 24 * 60 * MINUTE
    show(sqlite_store, "ahead", ahead - 20 * MINUTE, decided_after=None)
    assert look(sqlite_store, ahead) is not None
    ended = look(sqlite_store, now)
    assert ended is not None
    assert ended.lines[-1] == "It was late for 0 min."
    assert look(sqlite_store, now + MINUTE) is None
