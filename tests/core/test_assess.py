"""The line of coverage, and which changes are told."""

from datetime import UTC, datetime, timedelta

from monitor.core.assess import announcements, coverage
from monitor.core.feed import FeedState, Habit, Health, HealthChange
from tests.support.feeds import make_feed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FEEDS = [make_feed(str(n), f"https://n{n}.example/feed", outlet=f"Outlet {n}") for n in range(6)]


def state(feed: int, *, hours: float = 0.5, **more: object) -> FeedState:
    """A state whose last success was so many hours ago."""
    given = {
        "feed_id": str(feed),
        "url": FEEDS[feed].url,
        "health": Health.HEALTHY,
        "last_success_at": NOW - timedelta(hours=hours),
    } | more
    return FeedState(**given)  # type: ignore[arg-type]


def change(hours_ago: float, health: Health = Health.HEALTHY, *notes: str, reason: str = "") -> HealthChange:
    return HealthChange(feed_id="0", at=NOW - timedelta(hours=hours_ago), health=health, notes=notes, reason=reason)


def told(*history: HealthChange, before: str = "") -> list[tuple[str, str]]:
    """What is told of a feed with this history when people last heard of the trouble ``before``."""
    found = announcements(FEEDS[:1], {"0": history}, {"0": before}, now=NOW)
    return [(one.trouble, one.text) for one in found]


def test_coverage_counts_feeds_that_answered_within_a_day() -> None:
    states = {"0": state(0), "1": state(1, hours=23), "2": state(2, hours=25, health=Health.FAILING)}
    seen = coverage(FEEDS[:4], states, NOW)
    assert (seen.enabled, seen.seen) == (4, 2)


def test_coverage_names_losses_before_silence_before_failures() -> None:
    habit = Habit(days=((739000, 30, 3600.0),), newest_at=NOW)
    states = {
        "0": state(0, hours=30, health=Health.BLOCKED),
        "1": state(1, habit=habit, last_new_at=NOW - timedelta(hours=31)),
        "2": state(2, habit=Habit(lost=4, lost_at=NOW - timedelta(hours=2))),
    }
    assert coverage(FEEDS[:3], states, NOW).troubles == (
        "about 4 entries lost at Outlet 2",
        "Outlet 1 silent 31 h",
        "Outlet 0 blocked 30 h",
    )


def test_coverage_names_a_few_troubles_and_counts_the_others() -> None:
    states = {str(n): state(n, hours=100 + n, health=Health.FAILING) for n in range(6)}
    troubles = coverage(FEEDS, states, NOW).troubles
    assert len(troubles) == 5
    assert troubles[-1] == "2 more in trouble"


def test_a_feed_that_fails_for_a_short_while_is_no_trouble() -> None:
    assert coverage(FEEDS[:1], {"0": state(0, hours=3, health=Health.FAILING)}, NOW).troubles == ()


def test_a_disabled_feed_is_not_counted() -> None:
    assert coverage([make_feed(enabled=False)], {}, NOW).enabled == 0


def test_a_feed_that_went_bad_is_told_with_its_reason() -> None:
    history = (change(90), change(10, Health.FAILING, reason="HTTP 404"))
    assert told(*history) == [("failing", "Outlet 0 is failing: HTTP 404")]


def test_what_was_told_is_not_told_again() -> None:
    assert told(change(90), change(50, Health.FAILING, reason="HTTP 404"), before="failing") == []


def test_another_reason_for_the_same_trouble_is_not_told() -> None:
    assert told(change(50, Health.FAILING, reason="HTTP 404"), before="failing") == told(
        change(50, Health.FAILING, reason="HTTP 500"), before="failing"
    )


def test_a_failure_that_turns_into_death_is_told_again() -> None:
    history = (change(50, Health.FAILING, reason="HTTP 404"), change(2, Health.DEAD, reason="HTTP 404"))
    assert told(*history, before="failing") == [("dead", "Outlet 0 is dead: HTTP 404")]


def test_a_recovery_is_told_once() -> None:
    history = (change(50, Health.FAILING), change(10))
    assert told(*history, before="failing") == [("", "Outlet 0 is well again")]
    assert told(*history, before="") == []


def test_what_came_and_went_between_two_audits_is_not_told() -> None:
    assert told(change(90), change(20, Health.FAILING), change(4)) == []


def test_a_failure_of_an_hour_is_not_told() -> None:
    assert told(change(90), change(1, Health.FAILING)) == []


def test_a_relapse_of_an_hour_is_no_recovery() -> None:
    assert told(change(90, Health.FAILING), change(2), change(1, Health.FAILING), before="failing") == []


def test_a_feed_that_went_silent_is_told() -> None:
    assert told(change(90), change(3, Health.HEALTHY, "silent")) == [("silent", "Outlet 0 has gone silent")]


def test_a_new_feed_that_never_worked_is_told() -> None:
    assert told(change(90, Health.BLOCKED, reason="HTTP 403")) == [("blocked", "Outlet 0 is blocked: HTTP 403")]


def test_recoveries_stand_at_the_end() -> None:
    histories = {"0": [change(9)], "1": [change(9, Health.DEAD)]}
    found = announcements(FEEDS[:2], histories, {"0": "dead"}, now=NOW)
    assert [one.feed_id for one in found] == ["1", "0"]
