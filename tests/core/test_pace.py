"""Alerts keep quiet when they should, and are never more than people can bear."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.digest import Alert, AlertSpec
from monitor.core.pace import is_quiet, plan_alerts
from monitor.core.story import Story
from tests.support.news import make_decision, make_story, make_told

SPEC = AlertSpec(id="urgent", channel="#alerts", max_per_hour=3)
NIGHT = replace(SPEC, time_zone="Europe/Brussels", quiet=(time(23), time(6, 30)))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)


def stories(count: int, *, came: datetime = NOON, theme: str = "") -> tuple[Story, ...]:
    """Stories worth an alert, decided on at ``came``."""
    made = []
    for number in range(count):
        told = make_told(number)
        decision = make_decision(told.article, alert=True, decided_at=came, **({"themes": (theme,)} if theme else {}))
        made.append(make_story([replace(told, decision=decision)]))
    return tuple(made)


def told_at(*minutes_ago: int, what: tuple[Story, ...] = ()) -> tuple[Alert, ...]:
    return tuple(Alert(ledger=SPEC.ledger, cut=NOON - minutes * MINUTE, stories=what) for minutes in minutes_ago)


def sizes(spec: AlertSpec, held: tuple[Story, ...], told: tuple[Alert, ...] = (), now: datetime = NOON) -> list[int]:
    return [len(bundle) for bundle in plan_alerts(spec, held, told, now)]


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-23T21:59+00:00", False),
        ("2026-11-23T22:00+00:00", True),
        ("2026-11-24T05:29+00:00", True),
        ("2026-11-24T05:30+00:00", False),
        ("2026-03-29T00:59+00:00", True),  # the clocks go from 2 to 3 at 01:00 UTC
        ("2026-03-29T04:29+00:00", True),
        ("2026-03-29T04:30+00:00", False),
        ("2026-10-25T05:29+00:00", True),  # and back again
        ("2026-10-25T05:30+00:00", False),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall_past_midnight(moment: str, quiet: bool) -> None:
    assert is_quiet(NIGHT, datetime.fromisoformat(moment)) is quiet


def test_quiet_hours_by_day_do_not_reach_into_the_night() -> None:
    lunch = replace(SPEC, quiet=(time(12), time(13)))
    assert [is_quiet(lunch, NOON + timedelta(hours=hours)) for hours in (-1, 0, 1)] == [False, True, False]


def test_a_day_that_is_not_named_is_quiet_on_the_clocks_of_the_channel() -> None:
    seoul = replace(SPEC, time_zone="Asia/Seoul", weekdays=(0, 1, 2, 3, 4))
    friday = datetime(2026, 11, 27, 14, 59, tzinfo=UTC)
    assert [is_quiet(seoul, friday), is_quiet(seoul, friday + MINUTE)] == [False, True]


def test_each_story_is_an_alert_of_its_own() -> None:
    assert sizes(SPEC, stories(3)) == [1, 1, 1]


def test_what_exceeds_the_limit_is_rolled_up_into_one_more() -> None:
    assert sizes(SPEC, stories(9)) == [1, 1, 1, 6]


def test_the_best_stories_are_told_alone() -> None:
    held = stories(5)
    assert [bundle[0] for bundle in plan_alerts(SPEC, held, (), NOON)] == list(held[:4])


def test_alerts_of_the_last_hour_count() -> None:
    assert sizes(SPEC, stories(4), told_at(61, 59, 1)) == [1, 3]


def test_when_even_the_one_more_was_sent_the_rest_waits() -> None:
    assert sizes(SPEC, stories(4), told_at(59, 58, 57, 5)) == []


def test_in_quiet_hours_nothing_goes_out() -> None:
    assert sizes(NIGHT, stories(2), now=NOON + timedelta(hours=12)) == []


def test_what_the_night_held_back_is_told_as_one_and_the_rest_alone() -> None:
    morning = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    night = stories(4, came=morning - timedelta(hours=4))
    fresh = make_story([make_told(99)])
    fresh = replace(
        fresh,
        members=(
            replace(fresh.members[0], decision=make_decision(fresh.members[0].article, alert=True, decided_at=morning)),
        ),
    )
    assert sizes(NIGHT, (*night, fresh), now=morning) == [4, 1]


def test_what_came_just_before_the_night_is_told_with_it() -> None:
    morning = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    late = stories(1, came=datetime(2026, 11, 23, 21, 58, tzinfo=UTC))
    night = tuple(replace(story, id=f"n{story.id}") for story in stories(2, came=morning - timedelta(minutes=1)))
    assert sizes(NIGHT, (*late, *night), now=morning) == [3]


def test_a_theme_that_was_told_cools_down_and_then_comes_in_one_message() -> None:
    cool = replace(SPEC, cool_down=timedelta(minutes=30))
    arms = stories(3, theme="arms")
    other = stories(1, theme="sanctions")
    assert plan_alerts(cool, (*arms, *other), told_at(10, what=arms[:1]), NOON) == (other,)
    assert plan_alerts(cool, arms[1:], told_at(31, what=arms[:1]), NOON) == (arms[1:],)


def test_stories_without_a_theme_do_not_cool_each_other_down() -> None:
    cool = replace(SPEC, cool_down=timedelta(minutes=30))
    (story,) = stories(1)
    bare = replace(story, members=(replace(story.members[0], decision=replace(story.members[0].decision, themes=())),))
    assert sizes(cool, (bare,), told_at(1, what=(bare,))) == [1]


@given(
    count=st.integers(0, 30),
    told=st.lists(st.integers(0, 120), max_size=12),
    limit=st.integers(1, 8),
    cool_down=st.sampled_from([0, 20, 90]),
)
def test_no_story_is_told_twice_and_no_hour_has_too_many(
    count: int, told: list[int], limit: int, cool_down: int
) -> None:
    spec = replace(SPEC, max_per_hour=limit, cool_down=timedelta(minutes=cool_down))
    bundles = plan_alerts(spec, stories(count), told_at(*told), NOON)
    ids = [story.id for bundle in bundles for story in bundle]
    assert len(ids) == len(set(ids))
    assert all(bundles)
    recent = sum(minutes < 60 for minutes in told)
    assert recent + len(bundles) <= max(recent, limit + 1)
