"""Measures against values worked out by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from monitor.classifier.measure import average_precision, calibration_bins, calibration_error, recall_at_precision

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
