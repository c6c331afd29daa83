"""Which texts a person should judge next, so that a few labels teach much; and how much there is left to ask.

Pool-based active learning: the texts that the model doubts most (Lewis and Gale 1994), each unlike those asked before
(maximal marginal relevance, Carbonell and Goldstein 1998), for ten reports of one event teach no more than one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from monitor.classifier.model import Model, sigmoid
from monitor.core.article import Article

CANDIDATES = 20  # times as many doubtful texts are looked at as are asked for
COVERED = 0.8  # share of all doubt after which further labels are of little use

Floats = NDArray[np.float64]


def inquire(model: Model, articles: Sequence[Article], *, threshold: float, wanted: int) -> list[Article]:
    """At most ``wanted`` of ``articles``, the most instructive first; ``threshold`` is that of digests."""
    if not articles:
        return []
    probability = np.array([p.probability for p in model.predict(articles, reasons=False)])
    matrix = model.matrix((a.title, a.summary) for a in articles)
    return [articles[at] for at in instructive(probability, matrix, threshold=threshold, wanted=wanted)]


def instructive(probability: Floats, matrix: sparse.csr_matrix, *, threshold: float, wanted: int) -> list[int]:
    """Row numbers of ``matrix`` (texts x features), the most instructive first.

    ``probability``: of each row. Equal texts and equal doubts keep their order, so that the same call gives the same.
    """
    unsure = doubt(probability, threshold)
    left = np.argsort(-unsure, kind="stable")[: wanted * CANDIDATES]
    rows = _unit_rows(matrix[left])
    worth = unsure[left] + 1e-9
    nearest, waiting = np.zeros(len(left)), np.ones(len(left), dtype=np.bool_)
    picked: list[int] = []
    for _ in range(min(wanted, len(left))):
        best = int(np.argmax(np.where(waiting, worth * (1.0 - nearest), -1.0)))
        picked.append(int(left[best]))
        nearest = np.maximum(nearest, np.minimum((rows @ rows[best].T).toarray().ravel(), 1.0))
        waiting[best] = False
    return picked


def doubt(probability: Floats, threshold: float) -> Floats:
    """1 at the threshold, falling to 0 on both sides: how near a text is to the other decision, in log-odds."""
    held = np.clip(probability, 1e-9, 1 - 1e-9)
    line = min(max(threshold, 1e-9), 1 - 1e-9)
    away = np.log(held / (1 - held)) - np.log(line / (1 - line))
    unsure: Floats = 2.0 * sigmoid(-np.abs(away))
    return unsure


def worth_asking(probability: Sequence[float], threshold: float) -> int:
    """About how many labels take away most of the doubt (COVERED of it): when to stop."""
    unsure = np.sort(doubt(np.asarray(probability, dtype=np.float64), threshold))[::-1]
    total = float(unsure.sum())
    return int(np.searchsorted(np.cumsum(unsure), COVERED * total) + 1) if total > 0 else 0


def likely_wrong(probability: Sequence[float], threshold: float) -> float:
    """How many of the texts are expected to stand on the wrong side of ``threshold``, by their own probabilities."""
    return sum(1.0 - p if p >= threshold else p for p in probability)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ matrix
