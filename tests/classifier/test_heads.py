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
