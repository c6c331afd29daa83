"""Linear heads: fitting, cross-validated scores, calibration, and thresholds from them.

scikit-learn is imported where a model is made: it takes seconds of CPU time, and every task that only uses a model
would pay for it.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from monitor.classifier.corpus import Example
from monitor.classifier.model import sigmoid
from monitor.core.theme import THEME_IDS

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

FOLDS = 5
THEME_STRENGTH = 0.5
# How often a theme is in news about the two: a judgement in steps of 0.05, not a measurement. The corpus has every
# theme often, so that each can be learnt; probabilities and thresholds are brought back to these shares.
THEME_SHARES = {
    "summit_diplomacy": 0.35,
    "treaty_alliance": 0.05,
    "military_support_to_russia": 0.35,
    "technology_transfer": 0.05,
    "economic_lifeline": 0.15,
    "sanctions": 0.10,
    "diplomatic_backing": 0.15,
    "third_country_response": 0.10,
    "durability": 0.05,
}

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ThemeHeads:
    """Calibrated weights (themes x columns), biases, the estimators, and per theme threshold and held-out F1."""

    weights: Floats
    biases: Floats
    estimators: Mapping[str, "LogisticRegression"]
    thresholds: Mapping[str, float]
    f1: Mapping[str, float]


def fit(matrix: sparse.csr_matrix, y: Bools, weight: Floats, strength: float, seed: int) -> "LogisticRegression":
    """One logistic regression. ``strength`` is C: the inverse of regularisation."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=2000, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return head.fit(matrix, y, sample_weight=weight)


def folds_of(examples: Sequence[Example], marks: Sequence[str], seed: int) -> Ints:
    """The fold of each example; ``marks`` are balanced over the folds, and equal titles share one."""
    from sklearn.model_selection import StratifiedGroupKFold

    titles = {title: number for number, title in enumerate(dict.fromkeys(e.title for e in examples))}
    groups = [titles[e.title] for e in examples]
    folds = np.zeros(len(examples), dtype=np.int64)
    splitter = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # small strata cannot fill every fold
        for number, (_, test) in enumerate(splitter.split(np.zeros(len(examples)), list(marks), groups)):
            folds[test] = number
    return folds


def held_out(
    matrix: sparse.csr_matrix, owner: Ints, y: Bools, weight: Floats, folds: Ints, strength: float, seed: int
) -> Floats:
    """The score of each example by a head that saw neither it nor its copies; its own text is the first of its rows."""
    _, own = np.unique(owner, return_index=True)
    scores = np.zeros(len(folds))
    for number in range(FOLDS):
        seen = folds[owner] != number
        mine = own[folds[owner[own]] == number]
        if len(mine) and len(np.unique(y[seen])) == 2:
            made = fit(matrix[seen], y[seen], weight[seen], strength, seed)
            scores[owner[mine]] = made.decision_function(matrix[mine])
    return scores


def platt(scores: Floats, truth: Bools, weight: Floats | None = None) -> tuple[float, float]:
    """Slope and shift that turn scores into log-odds (Platt 1999; a mild penalty in place of his smoothing)."""
    from sklearn.linear_model import LogisticRegression

    scaler = LogisticRegression(C=100.0).fit(scores[:, None], truth, sample_weight=weight)
    return float(max(scaler.coef_[0, 0], 1e-3)), float(scaler.intercept_[0])


def lower_quantile(values: Floats, share: float) -> float:
    """The largest threshold that leaves at most ``share`` of ``values`` below it (the conformal, lower quantile)."""
    ordered = np.sort(values)
    return float(ordered[max(0, int(np.floor(share * (len(ordered) + 1))) - 1)])


def promised_threshold(values: Floats, missed: float, sure: float, weight: Floats | None = None) -> float:
    """The largest threshold below which at most ``missed`` of all such values fall, with confidence ``sure``.

    A one-sided tolerance limit that assumes no distribution (Wilks 1941): an order statistic of the held-out
    ``values``. With ``weight``, their number is the effective one (Kish 1965: squared sum over sum of squares). Fewer
    values than can promise anything give the smallest of them.
    """
    from scipy.stats import binom

    weight = np.ones(len(values)) if weight is None else weight
    effective = round(float(weight.sum() ** 2 / (weight**2).sum()))
    rank = max(int(binom.ppf(1.0 - sure, effective, missed)), 1)
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(share, rank / effective - 1e-9)])


def theme_heads(
    matrix: sparse.csr_matrix, owner: Ints, weight: Floats, examples: Sequence[Example], seed: int
) -> ThemeHeads:
    """One head a theme against the rest, trained on the relevant texts whose themes are known.

    ``THEME_SHARES`` weigh the calibration and the thresholds, not the fit: rare themes need their texts to be learnt.
    """
    trusted = np.bincount(owner, weights=weight, minlength=len(examples)) > 0
    usable = np.array([e.relevant and e.themes_known for e in examples]) & trusted
    truth = np.array([[name in e.themes for name in THEME_IDS] for e in examples])
    folds = folds_of(examples, ["+".join(e.themes[:1]) for e in examples], seed)
    natural = _natural_weights(truth, usable)
    rows = np.flatnonzero(usable[owner])
    matrix, owner, weight = matrix[rows], owner[rows], weight[rows]
    weights, biases = np.zeros((len(THEME_IDS), matrix.shape[1])), np.full(len(THEME_IDS), -6.0)
    estimators, thresholds, f1 = {}, dict.fromkeys(THEME_IDS, 0.5), dict.fromkeys(THEME_IDS, 0.0)
    for index, name in enumerate(THEME_IDS):
        y = truth[:, index]
        if min((y & usable).sum(), (~y & usable).sum()) < FOLDS:
            continue
        scores = held_out(matrix, owner, y[owner], weight, folds, THEME_STRENGTH, seed)[usable]
        slope, shift = platt(scores, y[usable], natural[usable])
        estimators[name] = fit(matrix, y[owner], weight, THEME_STRENGTH, seed)
        weights[index] = slope * estimators[name].coef_[0]
        biases[index] = slope * estimators[name].intercept_[0] + shift
        f1[name] = _best_f1(sigmoid(slope * scores + shift), y[usable], natural[usable])
        # Half the best F1 is the threshold that reaches it when probabilities are calibrated (Lipton et al. 2014).
        thresholds[name] = round(f1[name] / 2, 3)
    return ThemeHeads(weights, biases, estimators, thresholds, f1)


def _natural_weights(truth: Bools, usable: Bools) -> Floats:
    """Weights under which the themes of the usable examples are about as frequent as in THEME_SHARES; mean 1."""
    wanted = np.array([THEME_SHARES[name] for name in THEME_IDS])
    weight = usable.astype(np.float64)
    themed = truth & usable[:, None]
    for _ in range(30):  # iterative proportional fitting, over themes that overlap
        shares = (weight[:, None] * themed).sum(axis=0) / max(weight.sum(), 1e-9)
        factor = np.where(shares > 0, wanted / np.maximum(shares, 1e-9), 1.0)
        step = np.array([factor[row].prod() ** (0.5 / row.sum()) if row.any() else 1.0 for row in themed])
        weight = np.clip(weight * step, 0.0, 10.0)
    scaled: Floats = weight * (usable.sum() / max(weight.sum(), 1e-9))
    return scaled


def _best_f1(probabilities: Floats, truth: Bools, weight: Floats) -> float:
    """The largest F1 that a threshold on ``probabilities`` reaches."""
    order = np.argsort(-probabilities, kind="stable")
    hits, told = np.cumsum((weight * truth)[order]), np.cumsum(weight[order])
    return float(np.max(2 * hits / (told + weight[truth].sum())))
