"""Measuring a model on labelled texts: how good, where, how sure, and what it gets wrong."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.classifier.corpus import Example, as_article
from monitor.classifier.measure import (
    average_precision,
    calibration_bins,
    calibration_error,
    interval,
    precision_recall,
    recall_at_precision,
    resamples,
    share,
)
from monitor.classifier.model import Model
from monitor.classifier.train import NAMES_BOTH
from monitor.core.decision import Prediction, Thresholds

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SMALLEST_SLICE = 5  # relevant texts; a slice with fewer says nothing, and its interval says how little a small one does
COMMON_THEME = 20  # texts; rarer themes stay out of the macro-average
WORST = 25
CURVE_POINTS = 200
COLUMNS = 20  # of the histogram of probabilities
ROUNDS = 400  # bootstrap samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Measures on one set of texts; ``intervals``: of each measure its 95 % bootstrap interval, if asked for.

    ``precision`` and ``recall`` are those at the digest threshold.
    """

    items: int
    relevant: int
    average_precision: float
    recall_at_precision_90: float
    precision: float
    recall: float
    alert_precision: float
    alert_recall: float
    calibration_error: float
    intervals: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeFigures:
    """One theme on the relevant texts: ``items`` that have it; ``interval``: 95 % bootstrap interval of ``f1``."""

    items: int
    threshold: float
    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One text on the wrong side of the digest threshold, and why."""

    id: str
    title: str
    language: str
    relevant: bool
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that ``monitor evaluate`` shows and stores. ``digest`` names the evaluation set."""

    model: str
    digest: str
    threshold: float
    alert_threshold: float
    figures: Figures
    slices: Mapping[str, Mapping[str, Figures]]
    """"language", "year", "text" (title only, with summary), "names" (both sides, for which the digest
    threshold has its promise, or not), "borderline" -> value -> figures."""
    themes: Mapping[str, ThemeFigures]
    theme_micro_f1: float
    theme_macro_f1: float
    """Over the themes of at least COMMON_THEME texts."""
    theme_intervals: Mapping[str, tuple[float, float]]
    """"micro_f1", "macro_f1" -> 95 % bootstrap interval."""
    curve: tuple[tuple[float, float, float], ...]
    """(recall, precision, threshold), from the highest threshold down."""
    calibration: tuple[tuple[float, float, int], ...]
    """(mean probability, share relevant, texts) a bin."""
    histogram: tuple[tuple[int, int], ...]
    """(relevant texts, others) in each of COLUMNS equal ranges of probability, from 0 to 1."""
    mistakes: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def evaluate(model: Model, items: Sequence[Example], *, seed: int = 0, rounds: int = ROUNDS) -> Report:
    """Measure ``model`` on ``items`` at its own thresholds, with ``rounds`` bootstrap samples for the intervals."""
    predictions = model.predict([as_article(item) for item in items], reasons=False)
    probability = np.array([p.probability for p in predictions], dtype=np.float64)
    truth = np.array([item.relevant for item in items], dtype=np.bool_)
    limits = model.card.thresholds
    draws = resamples(len(items), rounds, seed)
    themes, averages, spreads = _themes(model, items, predictions, rounds=rounds, seed=seed)
    return Report(
        model=model.version,
        digest=digest_of_set(items),
        threshold=limits.digest,
        alert_threshold=limits.alert,
        figures=_figures(truth, probability, limits, draws),
        slices=_slices(model, items, truth, probability, rounds=rounds, seed=seed),
        themes=themes,
        theme_micro_f1=averages["micro_f1"],
        theme_macro_f1=averages["macro_f1"],
        theme_intervals=spreads,
        curve=_curve(truth, probability),
        calibration=calibration_bins(truth, probability),
        histogram=_histogram(truth, probability),
        mistakes=_mistakes(model, items, truth, probability),
    )


def measures(truth: Bools, probability: Floats, limits: Thresholds) -> dict[str, float]:
    """Every measure of ``Figures`` by its name."""
    digest, alert = probability >= limits.digest, probability >= limits.alert
    return {
        "average_precision": average_precision(truth, probability),
        "recall_at_precision_90": recall_at_precision(truth, probability, 0.9),
        "precision": share(truth & digest, digest),
        "recall": share(truth & digest, truth),
        "alert_precision": share(truth & alert, alert),
        "alert_recall": share(truth & alert, truth),
        "calibration_error": calibration_error(truth, probability),
    }


def _figures(truth: Bools, probability: Floats, limits: Thresholds, draws: Sequence[NDArray[np.int64]]) -> Figures:
    sampled = [measures(truth[drawn], probability[drawn], limits) for drawn in draws]
    values = measures(truth, probability, limits)
    intervals = {name: interval([sample[name] for sample in sampled]) for name in values} if sampled else {}
    return Figures(items=len(truth), relevant=int(truth.sum()), intervals=intervals, **values)


def _slices(
    model: Model, items: Sequence[Example], truth: Bools, probability: Floats, *, rounds: int, seed: int
) -> dict[str, dict[str, Figures]]:
    def names(item: Example) -> str:
        return "both sides" if NAMES_BOTH in model.reader.features(item.title, item.summary) else "one side or none"

    keys: dict[str, Callable[[Example], str]] = {
        "language": lambda item: item.language,
        "year": lambda item: item.date[:4] or "unknown",
        "text": lambda item: "with summary" if item.summary else "title only",
        "names": names,
        "borderline": lambda item: "yes" if "borderline" in item.note else "no",
    }
    made: dict[str, dict[str, Figures]] = {}
    for name, key in keys.items():
        values = np.array([key(item) for item in items])
        made[name] = {}
        for value in sorted(set(values.tolist())):
            mine = values == value
            if truth[mine].sum() >= SMALLEST_SLICE:
                draws = resamples(int(mine.sum()), rounds, seed)
                made[name][value] = _figures(truth[mine], probability[mine], model.card.thresholds, draws)
    return made


def _themes(
    model: Model, items: Sequence[Example], predictions: Sequence[Prediction], *, rounds: int, seed: int
) -> tuple[dict[str, ThemeFigures], dict[str, float], dict[str, tuple[float, float]]]:
    """Figures of each theme on the relevant texts; micro- and macro-F1, and the intervals of these two."""
    names, limits = model.weights.theme_ids, model.card.thresholds
    pairs = zip(items, predictions, strict=True)
    rows = [(told_themes(p, limits), item.themes) for item, p in pairs if item.relevant and item.themes]
    told = np.array([[name in found for name in names] for found, _ in rows], dtype=np.int64).reshape(-1, len(names))
    true = np.array([[name in themes for name in names] for _, themes in rows], dtype=np.int64).reshape(told.shape)
    common = true.sum(axis=0) >= COMMON_THEME

    def f1(weight: NDArray[np.int64]) -> tuple[Floats, float, float]:
        hits, claims = weight @ (told & true), weight @ (told + true)
        each = 2 * hits / np.maximum(1, claims)
        return each, float(2 * hits.sum() / max(1, claims.sum())), float(each[common].mean()) if common.any() else 0.0

    each, micro, macro = f1(np.ones(len(rows), dtype=np.int64))
    drawn = [f1(np.bincount(draw, minlength=len(rows))) for draw in resamples(len(rows), rounds, seed)]
    table = {
        name: ThemeFigures(
            items=int(true[:, at].sum()),
            threshold=limits.themes.get(name, 0.5),
            precision=share(told[:, at] & true[:, at], told[:, at]),
            recall=share(told[:, at] & true[:, at], true[:, at]),
            f1=float(each[at]),
            interval=interval([sample[0][at] for sample in drawn]),
        )
        for at, name in enumerate(names)
    }
    spreads = {"micro_f1": interval([s[1] for s in drawn]), "macro_f1": interval([s[2] for s in drawn])}
    return table, {"micro_f1": micro, "macro_f1": macro}, spreads


def told_themes(prediction: Prediction, limits: Thresholds) -> set[str]:
    """Themes as ``core.decide`` gives them: at or above their threshold, the most probable one where none is."""
    row = prediction.themes
    return {name for name, p in row.items() if p >= limits.themes.get(name, 0.5)} or {max(row, key=lambda n: row[n])}


def _histogram(truth: Bools, probability: Floats) -> tuple[tuple[int, int], ...]:
    columns = np.minimum((probability * COLUMNS).astype(int), COLUMNS - 1)
    counted = (np.bincount(columns[mine], minlength=COLUMNS).tolist() for mine in (truth, ~truth))
    return tuple(zip(*counted, strict=True))


def _curve(truth: Bools, probability: Floats) -> tuple[tuple[float, float, float], ...]:
    if not len(truth):
        return ()
    precision, recall, thresholds = precision_recall(truth, probability)
    picked = np.unique(np.linspace(0, len(recall) - 1, min(CURVE_POINTS, len(recall))).astype(int))
    return tuple((float(recall[i]), float(precision[i]), float(thresholds[i])) for i in picked)


def _mistakes(model: Model, items: Sequence[Example], truth: Bools, probability: Floats) -> tuple[Mistake, ...]:
    wrong = np.flatnonzero((probability >= model.card.thresholds.digest) != truth)
    worst = sorted(wrong.tolist(), key=lambda i: -abs(float(truth[i]) - float(probability[i])))[:WORST]
    explained = model.predict([as_article(items[i]) for i in worst])
    return tuple(
        Mistake(
            id=items[i].id,
            title=items[i].title,
            language=items[i].language,
            relevant=items[i].relevant,
            probability=float(probability[i]),
            reasons=tuple(f"{r.text} ({r.weight:+.1f})" for r in prediction.reasons[:4]),
        )
        for i, prediction in zip(worst, explained, strict=True)
    )


def digest_of_set(items: Sequence[Example]) -> str:
    """A hash that names a set of labelled texts, whatever their order."""
    rows = sorted(json.dumps([i.id, i.title, i.summary, i.relevant, i.themes], ensure_ascii=False) for i in items)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
