"""What people are asked: what the model doubts, never the same thing twice in a row, and how much is left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from monitor.classifier import Trained
from monitor.classifier.inquire import doubt, inquire, instructive, likely_wrong, worth_asking
from tests.support.texts import article

PROBABILITIES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40)


def rows(*kinds: int) -> sparse.csr_matrix:
    """One feature a kind: texts of one kind are the same."""
    return sparse.csr_matrix(np.eye(10)[list(kinds)])


def test_the_nearest_to_the_threshold_is_asked_first() -> None:
    probability = np.array([0.99, 0.31, 0.01, 0.6])
    assert instructive(probability, rows(0, 1, 2, 3), threshold=0.3, wanted=2) == [1, 3]


def test_a_text_like_one_that_was_asked_waits() -> None:
    probability = np.array([0.30, 0.31, 0.05])
    assert instructive(probability, rows(0, 0, 1), threshold=0.3, wanted=2) == [0, 2]


def test_all_are_asked_where_there_are_fewer_than_wanted() -> None:
    assert sorted(instructive(np.array([0.1, 0.1, 0.1]), rows(0, 0, 0), threshold=0.3, wanted=9)) == [0, 1, 2]


@given(PROBABILITIES, st.integers(1, 50), st.floats(0.01, 0.99))
def test_nothing_is_asked_twice_and_no_more_than_wanted(values: list[float], wanted: int, threshold: float) -> None:
    matrix = rows(*(at % 10 for at in range(len(values))))
    picked = instructive(np.array(values), matrix, threshold=threshold, wanted=wanted)
    assert len(picked) == len(set(picked)) == min(wanted, len(values))


@given(PROBABILITIES, st.floats(0.01, 0.99))
def test_doubt_is_greatest_at_the_threshold(values: list[float], threshold: float) -> None:
    unsure = doubt(np.array([*values, threshold]), threshold)
    assert unsure[-1] == pytest.approx(1.0)
    assert ((unsure >= 0) & (unsure <= 1 + 1e-9)).all()


@given(PROBABILITIES, st.floats(0.01, 0.99))
def test_what_is_worth_asking_is_part_of_what_there_is(values: list[float], threshold: float) -> None:
    assert 0 < worth_asking(values, threshold) <= len(values)
    assert 0 <= likely_wrong(values, threshold) <= len(values)


def test_a_pool_of_sure_texts_needs_fewer_labels_than_one_of_doubtful_ones() -> None:
    sure, torn = [0.001] * 95 + [0.3] * 5, [0.3] * 100
    assert worth_asking(sure, 0.3) < 40 < worth_asking(torn, 0.3)
    assert likely_wrong([0.9, 0.2], 0.5) == pytest.approx(0.3)


def test_a_real_model_asks_about_what_is_near_its_line(trained: Trained) -> None:
    clear = article("a1", title="Kim Jong Un and Vladimir Putin sign a treaty of mutual military aid in Pyongyang")
    far = article("a2", title="A cricket club opens a new pavilion")
    torn = article("a3", title="Moscow comments on Korean Peninsula tensions")
    (first, *_) = inquire(trained.model, [clear, far, torn], threshold=trained.model.card.thresholds.digest, wanted=3)
    assert first == torn
    assert inquire(trained.model, [], threshold=0.3, wanted=3) == []
