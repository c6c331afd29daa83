"""Trends count stories by day and theme, and say in words what their picture shows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.cuts import iso_week, last_week
from monitor.core.tell import takeaway
from monitor.core.theme import Theme
from monitor.core.trend import TREND_DAYS, Flagged, Trend, trends_of

CUT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THEMES = (Theme(id="sanctions", title="Sanctions", covers=""), Theme(id="durability", title="Durability", covers=""))
DAY = timedelta(days=1)


def flagged(story: str, ago: timedelta, *themes: str) -> Flagged:
    return Flagged(story_id=story, themes=themes or ("sanctions",), at=CUT - ago)


def counts(*held: Flagged, wanted: tuple[str, ...] = ()) -> dict[str, tuple[int, ...]]:
    trends = trends_of(held, THEMES, cut=CUT, time_zone="Asia/Seoul", wanted=wanted)
    return {trend.theme: trend.counts for trend in trends}


def trend(*last: int) -> Trend:
    days = tuple(CUT.date() - DAY * ago for ago in reversed(range(TREND_DAYS)))
    return Trend(theme="sanctions", title="Sanctions", days=days, counts=(0,) * (TREND_DAYS - len(last)) + last)


def test_a_story_in_many_outlets_counts_once_a_day() -> None:
    assert sum(counts(flagged("s1", DAY / 4), flagged("s1", DAY / 2), flagged("s2", DAY / 3))["sanctions"]) == 2


def test_a_story_counts_on_each_day_on_which_it_is_reported() -> None:
    assert counts(flagged("s1", DAY / 4), flagged("s1", DAY * 1.5))["sanctions"][-2:] == (1, 1)


def test_a_day_ends_at_the_time_of_the_cut() -> None:
    held = (flagged("s1", DAY - timedelta(seconds=1)), flagged("s2", DAY))
    assert counts(*held)["sanctions"][-2:] == (1, 1)


def test_an_article_counts_under_its_first_theme_that_the_digest_is_about() -> None:
    held = flagged("s1", DAY / 2, "durability", "sanctions")
    assert counts(held)["durability"][-1] == 1
    assert counts(held, wanted=("sanctions",)) == {"sanctions": (0,) * (TREND_DAYS - 1) + (1,)}


def test_days_bear_the_date_on_which_they_end_where_the_readers_are() -> None:
    (first, _) = trends_of((), THEMES, cut=datetime(2026, 11, 23, 20, 0, tzinfo=UTC), time_zone="Asia/Seoul")
    assert (first.days[0], first.days[-1]) == (date(2026, 10, 26), date(2026, 11, 24))


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(-5000, 60 * 24 * 40)), max_size=40))
def test_what_lies_outside_of_the_days_does_not_count(held: list[tuple[str, int]]) -> None:
    made = counts(*(flagged(story, timedelta(minutes=ago)) for story, ago in held))
    inside = {(story, ago // (60 * 24)) for story, ago in held if 0 <= ago < TREND_DAYS * 24 * 60}
    assert sum(made["sanctions"]) == len(inside)


@pytest.mark.parametrize(
    ("last", "word"),
    [((3,) * 7, "rising"), ((5,) * 20 + (1,) * 7, "falling"), ((2,) * 30, "steady"), ((1,), "steady")],
)
def test_a_takeaway_says_where_it_goes(last: tuple[int, ...], word: str) -> None:
    assert word in takeaway(trend(*last), "en")


def test_a_takeaway_names_the_peak_and_both_weeks() -> None:
    said = takeaway(trend(*(1,) * 22, 4, 0, 0, 0, 0, 0, 0, 2), "en")
    assert said == "Sanctions: 2 in the last 7 days, 8 in a usual week (falling); most on 2026-11-16: 4"


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_a_takeaway_of_nothing_says_so(language: str) -> None:
    assert "30" in takeaway(trend(), language)


def test_a_week_begins_and_ends_on_the_clocks_of_its_place() -> None:
    begin, end = iso_week("2026-W13", "Europe/Paris")
    assert (begin, end) == (datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 11, 22, 23, tzinfo=UTC), "2026-W47"),  # Monday in Seoul already
        (datetime(2026, 11, 22, 14, tzinfo=UTC), "2026-W46"),
        (datetime(2027, 1, 5, 0, tzinfo=UTC), "2026-W53"),
    ],
)
def test_the_last_week_is_the_one_that_has_ended_where_the_readers_are(now: datetime, week: str) -> None:
    assert last_week("Asia/Seoul", now) == week
    assert iso_week(week, "Asia/Seoul")[1] <= now


@pytest.mark.parametrize("name", ["", "2026", "2026-13", "2026-W54", "W12", "x-Wy", "2026-W00", "0-W1"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the calendar has its own words)
        iso_week(name, "UTC")
