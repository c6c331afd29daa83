"""The daily audit over a real store."""

from datetime import datetime, timedelta

from monitor.core.feed import FeedState, Health, HealthChange
from monitor.jobs.audit_coverage import audit_coverage
from monitor.store import Store
from monitor.store.feeds import add_health_changes, save_state
from monitor.store.runs import finish_run, start_run
from tests.support.feeds import make_feed
from tests.support.news import make_settings


def break_feed(store: Store, *, at: datetime) -> None:
    """Store a feed that stopped working at that time."""
    with store.write() as connection:
        state = FeedState(
            feed_id="wire", url=make_feed().url, health=Health.FAILING, last_success_at=at, reason="HTTP 404"
        )
        save_state(connection, state)
        add_health_changes(connection, [HealthChange(feed_id="wire", at=at, health=Health.FAILING, reason="HTTP 404")])


def record_audit(store: Store, *, at: datetime, error: str = "") -> None:
    with store.write() as connection:
        finish_run(connection, start_run(connection, "audit_coverage", now=at), now=at, counts={}, error=error)


def test_a_broken_feed_is_told_and_counted(store: Store, now: datetime) -> None:
    break_feed(store, at=now - timedelta(days=2))
    report = audit_coverage(store, make_settings(feeds=(make_feed(),)), now=now)
    assert [change.text for change in report.changes] == ["The Wire is failing: HTTP 404"]
    assert report.counts() == {"enabled": 1, "seen": 0, "troubles": 1, "recovered": 0}


def test_the_next_audit_does_not_tell_it_again(sqlite_store: Store, now: datetime) -> None:
    break_feed(sqlite_store, at=now - timedelta(days=2))
    record_audit(sqlite_store, at=now - timedelta(days=1))
    assert audit_coverage(sqlite_store, make_settings(feeds=(make_feed(),)), now=now).changes == ()


def test_an_audit_that_failed_told_nothing(sqlite_store: Store, now: datetime) -> None:
    break_feed(sqlite_store, at=now - timedelta(days=2))
    record_audit(sqlite_store, at=now - timedelta(days=1), error="Slack was away")
    assert len(audit_coverage(sqlite_store, make_settings(feeds=(make_feed(),)), now=now).changes) == 1
