"""Recall from samples: the truth lies in the interval about as often as it should."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.classifier.elusion import estimate_recall, most_hidden
from monitor.core.review import Answered

HELD, RELEVANT, JUDGED = (300, 400, 2000, 9000), (270, 25, 6, 1), (40, 100, 60, 20)


def sampled(dice: random.Random, *, scores_say: float = 1.0) -> list[Answered]:
    """A sample of a known world; ``scores_say``: how many times the truth the model's scores expect."""
    strata = []
    for held, relevant, judged in zip(HELD, RELEVANT, JUDGED, strict=True):
        found = sum(number < relevant for number in dice.sample(range(held), judged))
        expected = min(held, scores_say * relevant)
        strata.append(Answered(held=held, expected=expected, judged=judged, relevant=found))
    return strata


@pytest.mark.parametrize("scores_say", [0.5, 1.0, 2.0])
def test_the_interval_holds_the_truth_nearly_always(scores_say: float) -> None:
    dice, truth = random.Random(7), RELEVANT[0] / sum(RELEVANT)
    found = [estimate_recall(sampled(dice, scores_say=scores_say)) for _ in range(100)]
    assert sum(one is not None and one.low <= truth <= one.high for one in found) >= 88


def test_nothing_is_said_before_anything_below_the_line_was_judged() -> None:
    strata = [Answered(held=9, expected=8.0, judged=9, relevant=8), Answered(held=50, expected=1, judged=0, relevant=0)]
    assert estimate_recall(strata) is None


def test_more_relevant_articles_below_the_line_mean_less_recall() -> None:
    values = []
    for relevant in (0, 3, 9):
        below = Answered(held=500, expected=10.0, judged=50, relevant=relevant)
        found = estimate_recall([Answered(held=100, expected=90.0, judged=10, relevant=9), below])
        assert found is not None
        assert found.low < found.value < found.high
        assert found.hidden == relevant
        values.append(found.value)
    assert all(better > worse for better, worse in pairwise(values))


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_limit_is_above_what_was_seen(judged: int, relevant: int) -> None:
    limit = most_hidden(judged, min(judged, relevant))
    assert min(judged, relevant) / max(1, judged) <= limit <= 1.0


def test_no_finding_in_59_leaves_five_in_a_hundred_possible() -> None:
    assert most_hidden(59, 0) == pytest.approx(0.05, abs=0.001)
