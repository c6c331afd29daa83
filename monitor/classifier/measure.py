"""Measures of a ranking and of probabilities, on arrays."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


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
    error = 0.0
    for number in range(bins):
        mine = which == number
        if mine.any():
            error += mine.mean() * abs(truth[mine].mean() - probabilities[mine].mean())
    return float(error)


def calibration_bins(truth: Bools, probabilities: Floats, bins: int = 10) -> tuple[tuple[float, float, int], ...]:
    """(mean probability, share relevant, texts) of every bin that is not empty."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    return tuple(
        (float(probabilities[mine].mean()), float(truth[mine].mean()), int(mine.sum()))
        for mine in (which == number for number in range(bins))
        if mine.any()
    )
