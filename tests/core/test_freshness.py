"""The objective of freshness: what counts, what is late, and which step made it so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.feed import FeedState
from monitor.core.freshness import EntryWait, Freshness, MessageWait, assess, overdue_feeds, quantile

HOUR = timedelta(hours=1)
INTERVALS = {"wire": timedelta(minutes=10), "slow": timedelta(minutes=30)}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def entry(poll: float | None = 300.0, decision: float | None = 20.0, **changes: object) -> EntryWait:
    values: dict[str, object] = {"feed_id": "wire", "since_seen": 100.0, "dated": True, "published": 400.0}
    return EntryWait(poll=poll, decision=decision, **values | changes)  # type: ignore[arg-type]


def message(slack: float, *, waits: bool = False, since_frozen: float = 500.0) -> MessageWait:
    return MessageWait(since_frozen=since_frozen, slack=slack, waits=waits)


def judged(*entries: EntryWait, messages: tuple[MessageWait, ...] = (), overdue: int = 0) -> Freshness:
    return assess(entries, messages, INTERVALS, window=HOUR, overdue=overdue)


def test_an_entry_has_one_interval_of_its_feed_and_a_minute() -> None:
    assert judged(entry(600, 60), entry(600, 61), entry(1790, 65, feed_id="slow")).slow == {"classification": 1}


@pytest.mark.parametrize(
    ("wait", "step"), [(entry(900, 5), "poll"), (entry(30, 800), "classification"), (entry(700, 90), "poll")]
)
def test_the_step_that_took_longest_over_its_time_is_named(wait: EntryWait, step: str) -> None:
    found = judged(wait)
    assert (found.slow, found.slowest, found.met) == ({step: 1}, step, False)


def test_what_says_nothing_about_us_is_left_out_and_counted() -> None:
    found = judged(
        entry(9999, dated=False), entry(9999, published=49 * 3600.0), entry(None, published=5000), entry(), entry()
    )
    assert (found.undated, found.old, found.first_polls, found.entries, found.share) == (1, 1, 1, 2, 1.0)


def test_what_waits_counts_as_soon_as_it_is_late() -> None:
    found = judged(entry(300, None, since_seen=100), entry(300, None, since_seen=400))
    assert (found.entries, found.slow) == (1, {"classification": 1})


def test_only_the_window_and_the_feeds_of_the_config_count() -> None:
    assert judged(entry(since_seen=3601), entry(feed_id="gone")).entries == 0


def test_one_in_twenty_may_be_late() -> None:
    on_time = [entry()] * 19
    assert judged(*on_time, entry(900)).met
    assert not judged(*on_time[1:], entry(900)).met


def test_messages_have_a_minute_to_be_taken_by_slack() -> None:
    found = judged(entry(), messages=(message(59), message(61), message(30, waits=True), message(90, waits=True)))
    assert (found.messages, found.slow["slack"], found.slowest) == (3, 2, "slack")


def test_feeds_that_nobody_polls_are_a_miss_though_nothing_was_measured() -> None:
    found = judged(overdue=1)
    assert (found.share, found.met, found.slowest) == (None, False, "poll")
    assert judged().met


def test_a_feed_is_overdue_when_two_runs_have_passed_it_by() -> None:
    states = {
        "wire": FeedState(feed_id="wire", next_fetch_at=NOW - timedelta(minutes=22)),
        "slow": FeedState(feed_id="slow", next_fetch_at=NOW - timedelta(minutes=20)),
    }
    assert overdue_feeds([*states, "never-polled"], states, NOW) == 1


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_a_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values) or found == min(values)
