"""The model of silence: it alarms on real silence, and about as rarely as it promises."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.feed import Habit
from monitor.core.habit import FEWEST_GAPS, REMEMBERED_DAYS, SHORTEST_SILENCE, observe, silent_after

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.lists(st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes)), max_size=40)


def test_nothing_is_said_of_a_feed_of_which_little_is_known() -> None:
    assert silent_after(observe(Habit(), [START + n * HOUR for n in range(FEWEST_GAPS)])) is None


def test_a_regular_feed_is_silent_after_little_more_than_its_longest_gap() -> None:
    limit = silent_after(observe(Habit(), [START + n * 12 * HOUR for n in range(60)]))
    assert limit is not None
    assert 12 * HOUR < limit < 36 * HOUR


def test_weekends_belong_to_the_habit() -> None:
    weekdays = [START + timedelta(days=day, hours=hour) for day in range(40) if day % 7 < 5 for hour in range(8, 20)]
    limit = silent_after(observe(Habit(), weekdays))
    assert limit is not None
    assert limit > timedelta(days=2, hours=13)


def test_a_very_busy_feed_may_be_quiet_for_some_hours() -> None:
    limit = silent_after(observe(Habit(), [START + n * timedelta(minutes=1) for n in range(1000)]))
    assert limit == SHORTEST_SILENCE


def test_a_gap_over_lost_entries_is_not_the_feeds_own() -> None:
    habit = observe(Habit(), [START + n * HOUR for n in range(10)])
    after = observe(habit, [START + timedelta(days=9), START + timedelta(days=9, hours=1)], connected=False)
    assert max(longest for _, _, longest in after.days) == 3600


def test_what_is_remembered_is_bounded() -> None:
    habit = observe(Habit(), [START + timedelta(days=n) for n in range(200)])
    assert len(habit.days) == REMEMBERED_DAYS


@given(MOMENTS, st.integers(0, 40))
def test_it_does_not_matter_how_entries_are_spread_over_polls(moments: list[datetime], cut: int) -> None:
    ordered = sorted(moments)
    assert observe(observe(Habit(), ordered[:cut]), ordered[cut:]) == observe(Habit(), ordered)


@pytest.mark.parametrize(("entries_a_day", "years"), [(0.3, 12), (2, 12), (20, 3)])
def test_a_feed_that_publishes_at_random_raises_about_one_false_alarm_a_year(entries_a_day: float, years: int) -> None:
    dice = random.Random(f"{entries_a_day}")
    habit, moment, alarms = Habit(), START, 0
    while moment < START + timedelta(days=365 * years):
        gap = timedelta(days=dice.expovariate(entries_a_day))
        limit = silent_after(habit)
        alarms += limit is not None and gap > limit
        moment += gap
        habit = observe(habit, [moment])
    assert alarms / years <= 2
