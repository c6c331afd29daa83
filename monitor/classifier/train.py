"""Training: features, heads, calibration and thresholds from labelled texts. Deterministic for a seed."""

import hashlib
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from monitor.classifier.corpus import Example, digest_of
from monitor.classifier.features import BLOCKS, Reader
from monitor.classifier.gazetteer import gazetteer
from monitor.classifier.measure import average_precision, calibration_error, recall_at_precision
from monitor.classifier.model import Model, Weights, sigmoid, vectorize
from monitor.core.decision import ModelCard, Thresholds
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError

FOLDS = 5
SMALLEST = 20  # examples of each kind; below, cross-validation has nothing to say
MIN_TEXTS = 2  # a feature seen in one text teaches nothing general
LENGTHS = {"c": 0.0, "w": 3.0, "k": 3.0}
CONCEPT_SCALE = 0.3
STRENGTH = 0.25  # C of the relevance head
THEME_STRENGTH = 0.5
MISSED_DIGEST, MISSED_ALERT = 0.04, 0.30  # share of relevant held-out texts below the threshold that we accept

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model and the estimators it was made from."""

    model: Model
    estimators: dict[str, LogisticRegression]


def train(examples: Sequence[Example], *, seed: int, made_at: datetime, product_version: str) -> Trained:
    """Fit on ``examples`` (texts and labels of the project's own).

    The probability is Platt-scaled on cross-validated scores, and thresholds are quantiles of the same held-out
    probabilities. Raises ClassifierError when there are too few examples of either kind.
    """
    few = min(sum(e.relevant for e in examples), sum(not e.relevant for e in examples))
    if few < SMALLEST:
        raise ClassifierError(f"too few labelled texts to train on: {few} of one kind, {SMALLEST} are needed")
    found = gazetteer()
    reader = Reader(found)
    rows = _augmented(examples)
    texts = [reader.features(title, summary) for _, title, summary, _ in rows]
    owner = np.array([index for index, *_ in rows])
    weight = np.array([w for *_, w in rows])
    frame = _frame(texts)
    matrix = vectorize(frame, texts)
    relevant = np.array([e.relevant for e in examples])
    heldout = _held_out(matrix, owner, weight, relevant, examples, seed)
    slope, shift = _platt(heldout, relevant)
    head = _fit(matrix, relevant[owner], weight, STRENGTH, seed)
    probabilities = sigmoid(slope * heldout + shift)
    themes, theme_heads, theme_thresholds, theme_scores = _themes(matrix, owner, weight, examples, seed)
    weights = replace(
        frame,
        relevance=(slope * head.coef_[0]).astype(np.float32),
        bias=float(slope * head.intercept_[0] + shift),
        themes=themes[0].astype(np.float32),
        theme_bias=themes[1].astype(np.float32),
    )
    thresholds = Thresholds(
        digest=_quantile(probabilities[relevant], MISSED_DIGEST),
        alert=max(0.5, _quantile(probabilities[relevant], MISSED_ALERT)),
        themes=theme_thresholds,
    )
    corpus_digest = digest_of(examples)
    card = ModelCard(
        version=_version(made_at, corpus_digest, found.digest, seed, product_version),
        made_at=made_at,
        product_version=product_version,
        seed=seed,
        corpus_digest=corpus_digest,
        corpus_items=sum(e.kind != "label" for e in examples),
        labels=sum(e.kind == "label" for e in examples),
        gazetteer_digest=found.digest,
        thresholds=thresholds,
        figures=_figures(probabilities, relevant, thresholds, theme_scores, len(frame.scale)),
        notes=NOTES,
    )
    estimators = {"relevance": head, **{f"theme_{name}": made for name, made in theme_heads.items()}}
    return Trained(model=Model(card, weights, reader), estimators=estimators)


NOTES = (
    f"{FOLDS}-fold cross-validation on the project's own corpus; a text and its augmented copies share a fold",
    "augmentation: a copy with the title alone of every text that has a summary, at half weight",
    f"digest threshold: the {MISSED_DIGEST:.0%} quantile of held-out relevant probabilities; "
    f"alert: the {MISSED_ALERT:.0%} one, 0.5 at least",
    "the promise holds for texts like the corpus: titles and teasers of news feeds in its ten languages",
)


def _augmented(examples: Sequence[Example]) -> list[tuple[int, str, str, float]]:
    """(index of the example, title, summary, weight): each text, and its title alone at half weight."""
    rows = [(index, e.title, e.summary, e.weight) for index, e in enumerate(examples)]
    rows += [(index, e.title, "", 0.5 * e.weight) for index, e in enumerate(examples) if e.summary]
    return rows


def _frame(texts: Sequence[Sequence[str]]) -> Weights:
    """The vocabulary (features of at least MIN_TEXTS texts, sorted) and its scales, still without weights."""
    counts = Counter(feature for features in texts for feature in set(features))
    kept = sorted(feature for feature, count in counts.items() if count >= MIN_TEXTS)
    frequency = np.array([counts[feature] for feature in kept])
    block = np.array([BLOCKS.index(feature[0]) for feature in kept], dtype=np.int8)
    rarity = np.log((1 + len(texts)) / (1 + frequency)) + 1.0
    return Weights(
        vocabulary={feature: column for column, feature in enumerate(kept)},
        block=block,
        scale=np.where(block == 0, CONCEPT_SCALE, rarity).astype(np.float32),
        lengths=np.array([LENGTHS[name] for name in BLOCKS], dtype=np.float32),
        relevance=np.zeros(len(kept), dtype=np.float32),
        bias=0.0,
        theme_ids=THEME_IDS,
        themes=np.zeros((len(THEME_IDS), len(kept)), dtype=np.float32),
        theme_bias=np.zeros(len(THEME_IDS), dtype=np.float32),
    )


def _fit(
    matrix: sparse.csr_matrix, y: NDArray[np.bool_], weight: Floats, strength: float, seed: int
) -> LogisticRegression:
    head = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=2000, tol=1e-4, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return head.fit(matrix, y, sample_weight=weight)


def _folds(examples: Sequence[Example], marks: Sequence[str], seed: int) -> NDArray[np.int64]:
    """The fold of each example; ``marks`` are balanced over the folds, and equal titles share one."""
    titles = {title: number for number, title in enumerate(dict.fromkeys(e.title for e in examples))}
    groups = [titles[e.title] for e in examples]
    folds = np.zeros(len(examples), dtype=np.int64)
    splitter = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # small strata cannot fill every fold
        for number, (_, test) in enumerate(splitter.split(np.zeros(len(examples)), list(marks), groups)):
            folds[test] = number
    return folds


def _held_out(
    matrix: sparse.csr_matrix,
    owner: NDArray[np.int64],
    weight: Floats,
    relevant: NDArray[np.bool_],
    examples: Sequence[Example],
    seed: int,
) -> Floats:
    """The score of each example by a head that saw neither it nor its copies."""
    folds = _folds(examples, [str(e.relevant) for e in examples], seed)
    scores = np.zeros(len(examples))
    for number in range(FOLDS):
        seen = folds[owner] != number
        head = _fit(matrix[seen], relevant[owner[seen]], weight[seen], STRENGTH, seed)
        mine = np.flatnonzero(folds == number)
        scores[mine] = head.decision_function(matrix[mine])
    return scores


def _platt(scores: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that turn scores into log-odds (Platt 1999, with his smoothing by way of a mild penalty)."""
    scaler = LogisticRegression(C=100.0).fit(scores[:, None], truth)
    return float(max(scaler.coef_[0, 0], 1e-3)), float(scaler.intercept_[0])


def _quantile(values: Floats, share: float) -> float:
    """The largest threshold that leaves at most ``share`` of ``values`` below it (the conformal, lower quantile)."""
    ordered = np.sort(values)
    return float(ordered[max(0, int(np.floor(share * (len(ordered) + 1))) - 1)])


def _themes(
    matrix: sparse.csr_matrix, owner: NDArray[np.int64], weight: Floats, examples: Sequence[Example], seed: int
) -> tuple[tuple[Floats, Floats], dict[str, LogisticRegression], dict[str, float], dict[str, float]]:
    """One head a theme, trained on the relevant texts; thresholds that are best for F1 on held-out ones."""
    usable = np.array([e.relevant and e.themes_known for e in examples])
    folds = _folds(examples, ["+".join(e.themes[:1]) for e in examples], seed)
    rows = np.flatnonzero(usable[owner])
    truth = np.array([[name in e.themes for name in THEME_IDS] for e in examples])
    coefficients, biases = np.zeros((len(THEME_IDS), matrix.shape[1])), np.full(len(THEME_IDS), -6.0)
    heads, thresholds, f1 = {}, {}, {}
    for index, name in enumerate(THEME_IDS):
        y = truth[:, index]
        thresholds[name], f1[name] = 0.5, 0.0
        if min((y & usable).sum(), (~y & usable).sum()) < FOLDS:
            continue
        scores = np.zeros(len(examples))
        for number in range(FOLDS):
            seen = rows[folds[owner[rows]] != number]
            mine = np.flatnonzero((folds == number) & usable)
            if len(mine) and len(set(y[owner[seen]])) == 2:
                head = _fit(matrix[seen], y[owner[seen]], weight[seen], THEME_STRENGTH, seed)
                scores[mine] = head.decision_function(matrix[mine])
        slope, shift = _platt(scores[usable], y[usable])
        heads[name] = _fit(matrix[rows], y[owner[rows]], weight[rows], THEME_STRENGTH, seed)
        coefficients[index] = slope * heads[name].coef_[0]
        biases[index] = slope * heads[name].intercept_[0] + shift
        thresholds[name], f1[name] = _best_f1(sigmoid(slope * scores[usable] + shift), y[usable])
    return (coefficients, biases), heads, thresholds, f1


def _best_f1(probabilities: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    best = (0.5, 0.0)
    for threshold in np.arange(0.15, 0.75, 0.025):
        told = probabilities >= threshold
        hits = float((told & truth).sum())
        score = 2 * hits / max(1.0, float(told.sum() + truth.sum()))
        if score > best[1]:
            best = (float(round(threshold, 3)), score)
    return best


def _figures(
    probabilities: Floats, relevant: NDArray[np.bool_], thresholds: Thresholds, theme_f1: dict[str, float], columns: int
) -> dict[str, object]:
    told = probabilities >= thresholds.digest
    return {
        "average_precision": round(average_precision(relevant, probabilities), 4),
        "recall_at_precision_90": round(recall_at_precision(relevant, probabilities, 0.9), 4),
        "digest_recall": round(float((told & relevant).sum() / relevant.sum()), 4),
        "digest_precision": round(float((told & relevant).sum() / max(1, told.sum())), 4),
        "calibration_error": round(calibration_error(relevant, probabilities), 4),
        "theme_f1": {name: round(score, 4) for name, score in theme_f1.items()},
        "features": columns,
    }


def _version(made_at: datetime, *parts: object) -> str:
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:8]
    return f"{made_at:%Y%m%d-%H%M%S}-{digest}"
