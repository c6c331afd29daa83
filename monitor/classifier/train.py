"""Training: a model from labelled texts. Deterministic for a seed."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from monitor.classifier import augment
from monitor.classifier.corpus import LABEL, LABEL_WEIGHT, Example, digest_of
from monitor.classifier.features import BLOCKS, Reader
from monitor.classifier.gazetteer import gazetteer
from monitor.classifier.heads import (
    FOLDS,
    Bools,
    Floats,
    Ints,
    fit,
    folds_of,
    held_out,
    lower_quantile,
    platt,
    promised_threshold,
    theme_heads,
)
from monitor.classifier.labellers import LARGEST_SHARE, Labeller, rate_labellers, voices_of
from monitor.classifier.measure import average_precision, calibration_error, recall_at_precision
from monitor.classifier.model import Model, Weights, sigmoid, vectorize
from monitor.classifier.vocabulary import Vocabulary
from monitor.core.decision import ModelCard, Thresholds
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

SMALLEST = 20  # examples of each kind; below, cross-validation has nothing to say
MIN_TEXTS = 2  # a feature seen in one text teaches nothing general
LENGTHS = {"c": 0.0, "w": 4.5, "k": 4.5}  # of the feature blocks of a text; 0: as it is
CONCEPT_SCALE = 0.35
STRENGTH = 0.5  # C of the relevance head
NAMES_BOTH = "cn:any NR"
MISSED, SURE = 0.05, 0.95  # the promise of the digest threshold: miss at most this share, this surely
MISSED_ALERT = 0.30  # share of relevant held-out texts that an alert may leave to the digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model and the estimators it was made from."""

    model: Model
    estimators: Mapping[str, "LogisticRegression"]
    labellers: tuple[Labeller, ...] = ()
    """Who gave labels, the least trusted first."""


def train(examples: Sequence[Example], *, seed: int, made_at: datetime, product_version: str) -> Trained:
    """Fit on ``examples`` (texts and labels of the project's own).

    Labels weigh as much as their labeller can be trusted. The probability is Platt-scaled on cross-validated scores of
    the corpus, and thresholds are quantiles of the same held-out probabilities: labels are of hard texts, chosen by
    hand, and one person's mistakes must not move the threshold. Raises ClassifierError when there are too few examples
    of either kind.
    """
    relevant = np.array([e.relevant for e in examples], dtype=np.bool_)
    corpus = np.array([e.kind != LABEL for e in examples], dtype=np.bool_)
    few = min(int((relevant & corpus).sum()), int((~relevant & corpus).sum()))
    if few < SMALLEST:
        raise ClassifierError(f"too few labelled texts to train on: {few} of one kind, {SMALLEST} are needed")
    reader = Reader(gazetteer())
    texts = augment.training_texts(examples, reader)
    owner, weight = np.array([text.owner for text in texts]), np.array([text.weight for text in texts])
    y, plain = np.array([text.relevant for text in texts]), np.array([not text.swapped for text in texts])
    empty = frame([text.features for text in texts if not text.swapped])
    matrix = vectorize(empty, [empty.vocabulary.columns(text.features) for text in texts])
    folds = folds_of(examples, [f"{e.relevant}" for e in examples], seed)
    labellers, trust = _rated(matrix, owner, y, weight, folds, examples, seed)
    weight *= trust[owner]
    scores = held_out(matrix, owner, y, weight, folds, STRENGTH, seed)
    likely = weight[: len(examples)]  # of the texts themselves: how much each stands for what feeds have
    slope, shift = platt(scores[corpus], relevant[corpus], likely[corpus])
    probabilities = sigmoid(slope * scores + shift)
    head = fit(matrix, y, weight, STRENGTH, seed)
    themes = theme_heads(matrix[plain], owner[plain], weight[plain], examples, seed)
    weights = replace(
        empty,
        relevance=(slope * head.coef_[0]).astype(np.float32),
        bias=float(slope * head.intercept_[0] + shift),
        themes=themes.weights.astype(np.float32),
        theme_bias=themes.biases.astype(np.float32),
    )
    both = np.array([NAMES_BOTH in text.features for text in texts[: len(examples)]], dtype=np.bool_)
    thresholds = Thresholds(
        digest=promised_threshold(probabilities[relevant & corpus], MISSED, SURE, likely[relevant & corpus]),
        alert=max(0.5, lower_quantile(probabilities[relevant & both & corpus], MISSED_ALERT)),
        themes=themes.thresholds,
    )
    figures = {
        **_figures(probabilities[corpus], relevant[corpus], both[corpus], thresholds),
        "theme_f1": {name: round(score, 4) for name, score in themes.f1.items()},
        "features": len(weights.scale),
    }
    card = _card(examples, thresholds, figures, seed, made_at, product_version)
    estimators = {"relevance": head, **{f"theme_{name}": made for name, made in themes.estimators.items()}}
    return Trained(model=Model(card, weights, reader), estimators=estimators, labellers=labellers)


def _rated(
    matrix: sparse.csr_matrix,
    owner: Ints,
    y: Bools,
    weight: Floats,
    folds: Ints,
    examples: Sequence[Example],
    seed: int,
) -> tuple[tuple[Labeller, ...], Floats]:
    """Labellers, judged by a model of the corpus alone and by each other, the least trusted first; trust an example."""
    labels = np.array([e.kind == LABEL for e in examples], dtype=np.bool_)
    if not labels.any():
        return (), np.ones(len(examples))
    of_corpus = ~labels[owner]
    # A label's own rows stay in the matrix without weight: they are scored, and teach nothing.
    scores = held_out(matrix, owner, y, weight * of_corpus, folds, STRENGTH, seed)
    truth = np.array([e.relevant for e in examples], dtype=np.bool_)
    slope, shift = platt(scores[~labels], truth[~labels])
    believed = sigmoid(slope * scores + shift)
    judged = [(f"{e.title}\n{e.summary}", e.who, e.relevant) for e in examples if e.kind == LABEL]
    prior = {text: float(p) for (text, _, _), p in zip(judged, believed[labels], strict=True)}
    voices = voices_of([who for _, who, _ in judged], matrix[: len(examples)][labels])
    budget = LARGEST_SHARE * int((~labels).sum()) / LABEL_WEIGHT
    rated = rate_labellers(judged, prior, budget=budget, voices=voices)
    trust = np.array([rated[e.who].weight if e.kind == LABEL else 1.0 for e in examples])
    return tuple(sorted(rated.values(), key=lambda one: (one.accuracy, one.who))), trust


def frame(texts: Sequence[Sequence[str]]) -> Weights:
    """The vocabulary (features of at least MIN_TEXTS texts, sorted) and its scales, still without weights."""
    counts = Counter(feature for features in texts for feature in set(features))
    kept = sorted(feature for feature, count in counts.items() if count >= MIN_TEXTS)
    frequency = np.array([counts[feature] for feature in kept])
    block = np.array([BLOCKS.index(feature[0]) for feature in kept], dtype=np.int8)
    rarity = np.log((1 + len(texts)) / (1 + frequency)) + 1.0
    return Weights(
        vocabulary=Vocabulary(kept),
        block=block,
        scale=np.where(block == 0, CONCEPT_SCALE, rarity).astype(np.float32),
        lengths=np.array([LENGTHS[name] for name in BLOCKS], dtype=np.float32),
        relevance=np.zeros(len(kept), dtype=np.float32),
        bias=0.0,
        theme_ids=THEME_IDS,
        themes=np.zeros((len(THEME_IDS), len(kept)), dtype=np.float32),
        theme_bias=np.zeros(len(THEME_IDS), dtype=np.float32),
    )


def _figures(probabilities: Floats, relevant: Bools, both: Bools, thresholds: Thresholds) -> dict[str, float]:
    told = probabilities >= thresholds.digest
    promised = relevant & both
    return {
        "average_precision": round(average_precision(relevant, probabilities), 4),
        "recall_at_precision_90": round(recall_at_precision(relevant, probabilities, 0.9), 4),
        "digest_recall": round(float((told & promised).sum() / max(1, promised.sum())), 4),
        "digest_recall_all": round(float((told & relevant).sum() / relevant.sum()), 4),
        "digest_precision": round(float((told & relevant).sum() / max(1, told.sum())), 4),
        "calibration_error": round(calibration_error(relevant, probabilities), 4),
    }


def _card(
    examples: Sequence[Example],
    thresholds: Thresholds,
    figures: Mapping[str, object],
    seed: int,
    made_at: datetime,
    product_version: str,
) -> ModelCard:
    corpus, names = digest_of(examples), gazetteer().digest
    mark = hashlib.sha256("|".join((corpus, names, str(seed), product_version)).encode()).hexdigest()[:8]
    return ModelCard(
        version=f"{made_at:%Y%m%d-%H%M%S}-{mark}",
        made_at=made_at,
        product_version=product_version,
        seed=seed,
        corpus_digest=corpus,
        corpus_items=sum(e.kind != LABEL for e in examples),
        labels=sum(e.kind == LABEL for e in examples),
        gazetteer_digest=names,
        thresholds=thresholds,
        figures=figures,
        notes=(
            f"figures: {FOLDS}-fold cross-validation on the project's own corpus; a text and its copies share a fold",
            f"digest threshold: misses at most {MISSED:.0%} of the relevant texts, with {SURE:.0%} confidence",
            f"alert threshold: misses at most {MISSED_ALERT:.0%} of those that name both sides, and is 0.5 at least",
            "the promise holds for titles and teasers like those of the corpus, weighted as in training",
            *augment.NOTES,
        ),
    )
