"""Measures of a ranking and of probabilities, on arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def precision_recall(truth: Bools, scores: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and threshold at every distinct score, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    hits = np.cumsum(truth[order])
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    return hits[last] / (last + 1), hits[last] / max(1, truth.sum()), ordered[last]


def average_precision(truth: Bools, scores: Floats) -> float:
    """The step-wise area under the precision-recall curve; 0 when nothing is relevant."""
    if not truth.any():
        return 0.0
    precision, recall, _ = precision_recall(truth, scores)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def recall_at_precision(truth: Bools, scores: Floats, floor: float) -> float:
    """The largest recall at which precision is at least ``floor``."""
    if not truth.any():
        return 0.0
    precision, recall, _ = precision_recall(truth, scores)
    fitting = recall[precision >= floor]
    return float(fitting.max()) if len(fitting) else 0.0


def calibration_error(truth: Bools, probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error over ``bins`` equal-width bins of probability (Naeini et al. 2015)."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    true, said = (np.bincount(which, weights=values, minlength=bins) for values in (truth, probabilities))
    return float(np.abs(true - said).sum() / max(1, len(which)))


def calibration_bins(truth: Bools, probabilities: Floats, bins: int = 10) -> tuple[tuple[float, float, int], ...]:
    """(mean probability, share relevant, texts) of every bin that is not empty."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    return tuple(
        (float(probabilities[mine].mean()), float(truth[mine].mean()), int(mine.sum()))
        for mine in (which == number for number in range(bins))
        if mine.any()
    )


def share(part: NDArray[np.generic], whole: NDArray[np.generic]) -> float:
    """How much of ``whole`` is ``part`` (arrays of truth values or counts); 0 of nothing."""
    return float(np.sum(part) / max(1, np.sum(whole)))


def resamples(size: int, rounds: int, seed: int) -> list[Ints]:
    """Indices of ``rounds`` bootstrap samples (Efron 1979) of ``size`` texts; the same seed draws the same ones."""
    random = np.random.default_rng(seed)
    return [random.integers(0, size, size) for _ in range(rounds if size else 0)]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of bootstrapped values; of none, (0, 0)."""
    return (float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))) if len(values) else (0.0, 0.0)
