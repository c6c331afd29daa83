"""Months beside each other: the same is no drift, other scores and other words are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.drift import FEWEST, Drift, compare_months, count_words, divergence, stability_index

SCORES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60)
WORDS = ("harbour", "bridge", "treaty", "shells", "rail", "summit", "tourists", "coal", "grain", "border")


def month(seed: int, *, words: tuple[str, ...] = WORDS, high: float = 0.1, count: int = 600) -> list[tuple[float, str]]:
    """Articles with titles of three words, of which a share ``high`` has a high score."""
    dice = random.Random(seed)
    return [(0.9 if dice.random() < high else 0.01, " ".join(dice.sample(words, 3))) for _ in range(count)]


def test_two_months_of_the_same_kind_show_no_drift() -> None:
    drift = compare_months(month(1), month(2))
    assert drift.scores < 0.1
    assert drift.words < 2 * drift.usual
    assert "are as before" in drift.lines()[0]


def test_other_scores_are_told_with_what_to_do() -> None:
    drift = compare_months(month(1), month(2, high=0.5))
    assert drift.scores >= 0.25
    assert "have shifted" in drift.lines()[0]
    assert "look below the line" in drift.lines()[-1]


def test_a_new_subject_is_named() -> None:
    drift = compare_months(month(1), month(2, words=("submarine", "reactor", *WORDS[:6])))
    assert drift.words > 3 * drift.usual
    assert {"submarine", "reactor"} <= set(drift.rising)


def test_words_are_found_in_scripts_without_spaces() -> None:
    before, after = [(0.01, "金正恩访问平壤")] * FEWEST, [(0.01, "普京访问海参崴")] * FEWEST
    assert "普京" in compare_months(before, after).rising
    assert count_words(["북한 미사일"]) == {"미사일": 1}


def test_too_few_articles_are_not_compared() -> None:
    (said,) = compare_months(month(1, count=20), month(2)).lines()
    assert said.startswith("Too few")
    assert isinstance(compare_months([], []), Drift)


@given(SCORES, SCORES)
def test_the_index_is_none_for_the_same_and_never_negative(one: list[float], other: list[float]) -> None:
    assert stability_index(one, one) == pytest.approx(0.0)
    assert stability_index(one, other) >= 0.0
    assert stability_index(one, other) == pytest.approx(stability_index(other, one))


@given(st.lists(st.sampled_from(WORDS)), st.lists(st.sampled_from(WORDS)))
def test_divergence_lies_between_nothing_and_one_bit(one: list[str], other: list[str]) -> None:
    assert -1e-9 <= sum(divergence(count_words(one), count_words(other)).values()) <= 1 + 1e-9
