"""The threshold keeps its promise."""

import numpy as np

from monitor.classifier.heads import promised_threshold


def test_the_promised_share_is_missed_as_rarely_as_promised() -> None:
    # Below a threshold t lies the share t of all values that are uniform between 0 and 1.
    random = np.random.default_rng(5)
    missed = np.array([promised_threshold(random.random(300), 0.05, 0.95) for _ in range(2000)])
    assert (missed <= 0.05).mean() >= 0.94
    assert missed.mean() > 0.02, "a threshold of nearly zero would keep every promise"


def test_too_few_values_promise_nothing_and_give_the_smallest() -> None:
    assert promised_threshold(np.array([0.7, 0.4, 0.9]), 0.05, 0.95) == 0.4


def test_texts_of_weight_one_promise_what_unweighted_texts_do() -> None:
    values = np.random.default_rng(3).random(500)
    assert promised_threshold(values, 0.05, 0.95, np.ones(500)) == promised_threshold(values, 0.05, 0.95)


def test_texts_that_weigh_little_hardly_lower_the_threshold() -> None:
    usual = np.linspace(0.5, 1.0, 400)
    values, weight = np.concatenate([np.zeros(100), usual]), np.concatenate([np.full(100, 0.01), np.ones(400)])
    assert promised_threshold(values, 0.05, 0.95) == 0.0
    assert promised_threshold(values, 0.05, 0.95, weight) > 0.5
