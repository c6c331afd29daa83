"""Whose labels count: a good labeller keeps their say, a bad one is noticed, and nobody outweighs the corpus."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from monitor.classifier.labellers import rate_labellers, voices_of

BUDGET = 500.0
TEXTS = 60
Judged = list[tuple[str, str, bool]]


def judged(wrong: dict[str, float], *, seed: int = 3, shared: bool = True) -> tuple[Judged, dict[str, float]]:
    """Labels by people who are wrong so often, on texts that a model knows with 85 %; and what the model says."""
    dice = random.Random(seed)
    prior, labels = {}, []
    for at in range(TEXTS):
        for who in wrong:
            text = f"t{at}" if shared else f"t{at}-{who}"
            relevant = at % 3 == 0
            prior[text] = 0.85 if relevant != (at % 7 == 0) else 0.15
            labels.append((text, who, relevant != (dice.random() < wrong[who])))
    return labels, prior


def test_who_is_always_wrong_is_noticed_and_counts_nothing() -> None:
    rated = rate_labellers(*judged({"ann": 0.0, "bob": 0.05, "eve": 1.0}), budget=BUDGET)
    assert rated["eve"].doubtful
    assert rated["eve"].weight == 0.0
    assert rated["eve"].labels == TEXTS
    assert not rated["ann"].doubtful


def test_who_is_always_wrong_is_noticed_where_nobody_else_judged_the_same_texts() -> None:
    rated = rate_labellers(*judged({"eve": 1.0, "ann": 0.0}, shared=False), budget=BUDGET)
    assert rated["eve"].doubtful
    assert rated["eve"].weight == 0.0
    assert rated["ann"].weight > 0.5


def test_who_throws_dice_counts_little() -> None:
    rated = rate_labellers(*judged({"ann": 0.0, "bob": 0.0, "dice": 0.5}), budget=BUDGET)
    assert rated["dice"].weight < 0.3 < rated["ann"].weight


def test_now_and_then_a_slip_is_forgiven() -> None:
    rated = rate_labellers(*judged({"ann": 0.1, "bob": 0.1, "cho": 0.1}), budget=BUDGET)
    assert min(one.weight for one in rated.values()) > 0.6
    assert not any(one.doubtful for one in rated.values())


def test_a_first_label_counts_almost_whole_even_against_the_model() -> None:
    rated = rate_labellers([("t", "ann", True)], {"t": 0.02}, budget=BUDGET)
    assert rated["ann"].weight > 0.7


def test_the_labels_of_one_person_weigh_no_more_than_the_budget() -> None:
    labels = [(f"t{at}", "ann", True) for at in range(400)]
    rated = rate_labellers(labels, {text: 0.9 for text, _, _ in labels}, budget=50.0)
    assert rated["ann"].weight * 400 == pytest.approx(50.0)


def test_three_who_agree_are_believed_against_the_model_and_one_alone_is_not() -> None:
    prior = {f"t{at}": 0.95 for at in range(50)}
    three = rate_labellers([(text, who, False) for text in prior for who in "abc"], prior, budget=BUDGET)
    alone = rate_labellers([(text, "a", False) for text in prior], prior, budget=BUDGET)
    assert min(one.weight for one in three.values()) == 1.0
    assert alone["a"].weight < 0.1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.booleans()), unique=True, max_size=30))
def test_accuracy_and_weight_are_shares_and_the_order_of_labels_does_not_matter(labels: Judged) -> None:
    prior = {"a": 0.9, "b": 0.5, "c": 0.001}
    rated = rate_labellers(labels, prior, budget=BUDGET)
    again = rate_labellers(labels[::-1], prior, budget=BUDGET)
    assert rated.keys() == {who for _, who, _ in labels} == again.keys()
    for who, one in rated.items():
        assert 0 <= one.weight <= 1
        assert 0 < one.accuracy < 1
        assert one.accuracy == pytest.approx(again[who].accuracy, abs=1e-6)


def test_labels_of_like_texts_say_of_their_labeller_what_one_would() -> None:
    rows = sparse.csr_matrix(np.vstack([np.tile(np.eye(4)[0], (28, 1)), np.eye(4)[1:]]))
    voices = voices_of(["ann"] * 31, rows)
    assert voices[:28].sum() == pytest.approx(1.0)
    assert voices[28:].tolist() == [1.0, 1.0, 1.0]


def test_who_teaches_a_subject_that_the_model_does_not_know_is_heard() -> None:
    labels = [(f"t{at}", "ann", True) for at in range(28)]
    prior = {text: 0.05 for text, _, _ in labels}
    alike = voices_of(["ann"] * 28, sparse.csr_matrix(np.ones((28, 1))))
    assert rate_labellers(labels, prior, budget=BUDGET, voices=alike)["ann"].weight > 0.7
    assert rate_labellers(labels, prior, budget=BUDGET)["ann"].weight < 0.1


def test_what_others_judged_makes_no_text_less_of_mine() -> None:
    assert voices_of(["ann", "bob"], sparse.csr_matrix(np.ones((2, 1)))).tolist() == [1.0, 1.0]
