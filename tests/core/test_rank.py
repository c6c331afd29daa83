"""The more important comes first, and each reason for it counts by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.rank import Memory, factors, rank, remember
from monitor.core.story import Story
from monitor.core.theme import THEME_IDS, Theme
from tests.support.news import NOW, THEMES, make_story, make_told

TITLE = "Belousov signs treaty in Pyongyang"


def story(number: int = 1, title: str = TITLE, *, score: float = 0.9, **values: object) -> Story:
    told = make_told(number, **({"language": "en", "seen_at": NOW - timedelta(hours=2)} | values), title=title)
    return make_story([replace(told, decision=replace(told.decision, score=score, themes=("sanctions",)))])


def ids(*stories: Story, recent: tuple[str, ...] = (), themes: tuple[Theme, ...] = THEMES) -> list[str]:
    return [found.id for found in rank(stories, themes, NOW, recent=recent)]


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_probable_stories_come_first(one: float, other: float) -> None:
    first, second = sorted((one, other), reverse=True)
    assert factors(story(score=first), {}, NOW)["probability"] >= factors(story(score=second), {}, NOW)["probability"]
    if first > second:
        assert ids(story(1, score=second), story(2, score=first))[0] == story(2).id


@given(st.floats(0.1, 3), st.floats(0.1, 3))
def test_a_weightier_theme_counts_more(one: float, other: float) -> None:
    light, heavy = sorted((one, other))
    assert factors(story(), {"sanctions": light}, NOW)["theme"] <= factors(story(), {"sanctions": heavy}, NOW)["theme"]


@given(st.integers(1, 9))
def test_another_origin_counts_and_an_echo_of_the_same_does_not(count: int) -> None:
    names = ["NIS", "ISW", "HUR", "Pentagon", "KCNA", "White House", "Kremlin", "MSMT", "38 North"]
    many = make_story([make_told(n, title=f"{name}: troops leave") for n, name in enumerate(names[:count])])
    fewer = make_story(
        [make_told(n, title=f"{name}: troops leave") for n, name in enumerate(names[: max(1, count - 1)])]
    )
    echo = make_story([make_told(n, title="NIS: troops leave") for n in range(count)])
    assert factors(many, {}, NOW)["origins"] >= factors(fewer, {}, NOW)["origins"]
    assert factors(echo, {}, NOW)["origins"] == 1.0


def test_a_wire_counts_more_than_state_media() -> None:
    assert ids(story(1, tier="state_media"), story(2, tier="wire"))[0] == story(2).id


@given(st.integers(0, 200), st.integers(0, 200))
def test_newer_stories_count_more(one: int, other: int) -> None:
    older, newer = (
        factors(story(seen_at=NOW - timedelta(hours=hours)), {}, NOW)["freshness"]
        for hours in sorted((one, other), reverse=True)
    )
    assert older <= newer


@given(st.lists(st.sampled_from([TITLE, "Lavrov in Wonsan", "Shells to Russia", "Belousov lands"]), max_size=4))
def test_the_more_was_told_before_the_less_is_new(titles: list[str]) -> None:
    before = [factors(story(), {}, NOW, remember(titles[:n]))["novelty"] for n in range(len(titles) + 1)]
    assert before == sorted(before, reverse=True)
    assert before[0] == 1.0
    assert factors(story(), {}, NOW, remember([TITLE]))["novelty"] == pytest.approx(0.7)


def test_what_nobody_told_in_thirty_days_comes_before_what_was_told() -> None:
    again, new = story(1, "Shells leave Rajin for Russia"), story(2, "Orthodox church opens in Chongjin")
    assert ids(again, new, recent=("Shells leave Rajin for Russia",))[0] == new.id


def test_a_name_that_no_recent_title_had_counts() -> None:
    memory = remember(["Freighter Angara leaves port with shells"])
    assert factors(story(title="Freighter Angara leaves port with shells"), {}, NOW, memory)["new names"] == 1.0
    assert factors(story(title="Freighter Lady leaves port with shells"), {}, NOW, memory)["new names"] > 1.0


def test_a_title_that_writes_every_word_with_a_capital_has_no_more_names_for_it() -> None:
    assert factors(story(title="Large Cargo Ships Leave Some Harbour"), {}, NOW, Memory())["new names"] == 1.0


@pytest.mark.parametrize("day", [(5, 9), (8, 15), (9, 9), (10, 10), (8, 14), (8, 16)])
def test_greetings_on_a_fixed_date_rank_low_in_any_language(day: tuple[int, int]) -> None:
    at = datetime(2026, *day, 3, tzinfo=UTC)
    for language, title in (
        ("en", "Kim Jong Un exchanges messages with Putin on anniversary"),
        ("ru", "Путин и Ким Чен Ын обменялись поздравлениями"),
        ("ko", "김정은, 푸틴에 축전"),
    ):
        told = factors(story(title=title, language=language, published_at=at), {}, NOW)
        assert told["greeting"] < 1.0


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("Kim Jong Un exchanges messages with Putin", 7),
        ("Kim offers Putin more troops in Liberation Day letter", 8),
        ("Volodin arrives in Pyongyang for Liberation Day", 8),
    ],
)
def test_what_is_more_than_a_greeting_does_not(title: str, month: int) -> None:
    at = datetime(2026, month, 15, 3, tzinfo=UTC)
    assert factors(story(title=title, published_at=at), {}, NOW)["greeting"] == 1.0


def test_equals_stand_in_a_fixed_order() -> None:
    assert ids(story(2), story(1)) == ids(story(1), story(2))


def test_importance_is_above_nothing() -> None:
    assert all(value > 0 for value in factors(story(title=""), dict.fromkeys(THEME_IDS, 1.0), NOW).values())
