"""What we remember about feeds."""

from datetime import datetime, timedelta

from monitor.core.feed import FeedState, Health, HealthChange
from monitor.store import Store, feeds


def test_a_state_comes_back_as_saved_and_the_last_one_counts(store: Store, now: datetime) -> None:
    first = FeedState(feed_id="f")
    last = FeedState(
        feed_id="f",
        url="https://f.example/",
        etag='"e"',
        interval=timedelta(minutes=17),
        next_fetch_at=now,
        health=Health.FAILING,
        notes=("silent", "gap"),
        reason="HTTP 500",
        entry_keys=("k1", "k2"),
    )
    with store.write() as connection:
        feeds.save_states(connection, [first])
        feeds.save_states(connection, [last])
        assert feeds.load_states(connection) == {"f": last}


def test_history_is_told_oldest_first(store: Store, now: datetime) -> None:
    changes = [
        HealthChange(feed_id="f", at=now, health=Health.FAILING, reason="down"),
        HealthChange(feed_id="f", at=now + timedelta(hours=1), health=Health.HEALTHY, notes=("moved",)),
    ]
    with store.write() as connection:
        feeds.add_health_changes(connection, changes)
        feeds.add_health_changes(connection, [])
        assert feeds.health_history(connection, "f") == changes
        assert feeds.health_history(connection, "g") == []
