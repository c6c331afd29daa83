"""Measures against values worked out by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from monitor.classifier.measure import (
    average_precision,
    calibration_bins,
    calibration_error,
    interval,
    recall_at_precision,
    resamples,
    share,
)

CASES = st.lists(st.tuples(st.booleans(), st.integers(0, 10)), min_size=2, max_size=60).filter(
    lambda rows: any(truth for truth, _ in rows)
)


@given(CASES)
def test_average_precision_is_that_of_scikit_learn_ties_included(rows: list[tuple[bool, int]]) -> None:
    truth, scores = np.array([t for t, _ in rows]), np.array([s / 10 for _, s in rows])
    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))


def test_recall_at_a_precision_worked_out_by_hand() -> None:
    truth, scores = np.array([True, True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert recall_at_precision(truth, scores, 0.9) == pytest.approx(2 / 3)
    assert recall_at_precision(truth, scores, 0.75) == pytest.approx(1.0)


def test_perfectly_calibrated_probabilities_have_no_error() -> None:
    truth, probabilities = np.array([True, False, True, True]), np.array([0.5, 0.5, 1.0, 1.0])
    assert calibration_error(truth, probabilities) == pytest.approx(0.0)


def test_every_text_is_in_one_bin() -> None:
    probabilities = np.array([0.0, 0.05, 0.5, 1.0])
    assert sum(count for *_, count in calibration_bins(probabilities > 0.4, probabilities)) == 4


def test_nothing_relevant_gives_zero() -> None:
    assert average_precision(np.array([False]), np.array([0.3])) == 0.0


def test_a_calibration_error_worked_out_by_hand() -> None:
    truth, probabilities = np.array([True, False, True]), np.array([0.15, 0.15, 0.95])
    assert calibration_error(truth, probabilities) == pytest.approx((2 * 0.35 + 0.05) / 3)


def test_the_share_of_nothing_is_zero() -> None:
    assert share(np.array([False]), np.array([False])) == 0.0


def test_the_same_seed_draws_the_same_samples() -> None:
    first, again, other = resamples(50, 3, 1), resamples(50, 3, 1), resamples(50, 3, 2)
    assert [draw.tolist() for draw in first] == [draw.tolist() for draw in again]
    assert [draw.tolist() for draw in first] != [draw.tolist() for draw in other]


def test_a_bootstrap_interval_of_a_share_is_about_as_wide_as_theory_says() -> None:
    truth = np.arange(400) < 100
    low, high = interval([truth[draw].mean() for draw in resamples(400, 1000, 3)])
    assert (low, high) == pytest.approx((0.25 - 0.0424, 0.25 + 0.0424), abs=0.008)


def test_no_samples_give_an_empty_interval() -> None:
    assert resamples(0, 5, 1) == []
    assert interval([]) == (0.0, 0.0)
