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
    precision_recall,
    recall_at_precision,
)
from monitor.classifier.model import Model

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SMALLEST_SLICE = 10  # relevant texts; a slice with fewer says nothing
WORST = 25
CURVE_POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Measures on one set of texts; ``intervals`` are 95 % bootstrap intervals, where they were asked for."""

    items: int
    relevant: int
    average_precision: float
    recall_at_precision_90: float
    precision: float
    recall: float
    calibration_error: float
    intervals: Mapping[str, tuple[float, float]]


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
    figures: Figures
    slices: Mapping[str, Mapping[str, Figures]]
    """"language", "year", "text" (title only, with summary), "kind" -> value -> figures."""
    themes: Mapping[str, Mapping[str, float]]
    """Theme -> precision, recall, f1, items; on relevant texts."""
    theme_micro_f1: float
    theme_macro_f1: float
    curve: tuple[tuple[float, float, float], ...]
    """(recall, precision, threshold), from the highest threshold down."""
    calibration: tuple[tuple[float, float, int], ...]
    """(mean probability, share relevant, texts) a bin."""
    mistakes: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def evaluate(model: Model, items: Sequence[Example], *, seed: int = 0, rounds: int = 200) -> Report:
    """Measure ``model`` on ``items`` at its own thresholds, with ``rounds`` bootstrap samples for the intervals."""
    predictions = model.predict([as_article(item) for item in items], reasons=False)
    probability = np.array([p.probability for p in predictions], dtype=np.float64)
    truth = np.array([item.relevant for item in items], dtype=np.bool_)
    threshold = model.card.thresholds.digest
    rows = [dict(p.themes) for p in predictions]
    themes, micro, macro = _themes(model, items, rows)
    return Report(
        model=model.version,
        digest=_digest(items),
        threshold=threshold,
        figures=_figures(truth, probability, threshold, seed=seed, rounds=rounds),
        slices=_slices(items, truth, probability, threshold),
        themes=themes,
        theme_micro_f1=micro,
        theme_macro_f1=macro,
        curve=_curve(truth, probability),
        calibration=calibration_bins(truth, probability),
        mistakes=_mistakes(model, items, truth, probability),
    )


def _figures(truth: Bools, probability: Floats, threshold: float, *, seed: int = 0, rounds: int = 0) -> Figures:
    measures: dict[str, Callable[[Bools, Floats], float]] = {
        "average_precision": average_precision,
        "recall_at_precision_90": lambda t, p: recall_at_precision(t, p, 0.9),
        "precision": lambda t, p: float((t & (p >= threshold)).sum() / max(1, (p >= threshold).sum())),
        "recall": lambda t, p: float((t & (p >= threshold)).sum() / max(1, t.sum())),
        "calibration_error": calibration_error,
    }
    random = np.random.default_rng(seed)
    samples: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        drawn = random.integers(0, len(truth), len(truth))
        for name, measure in measures.items():
            samples[name].append(measure(truth[drawn], probability[drawn]))
    intervals = {
        name: (float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975)))
        for name, values in samples.items()
        if values
    }
    values = {name: measure(truth, probability) for name, measure in measures.items()}
    return Figures(items=len(truth), relevant=int(truth.sum()), intervals=intervals, **values)


def _slices(
    items: Sequence[Example], truth: Bools, probability: Floats, threshold: float
) -> dict[str, dict[str, Figures]]:
    keys: dict[str, Callable[[Example], str]] = {
        "language": lambda item: item.language,
        "year": lambda item: item.date[:4] or "unknown",
        "text": lambda item: "with summary" if item.summary else "title only",
        "borderline": lambda item: "yes" if "borderline" in item.note else "no",
    }
    made: dict[str, dict[str, Figures]] = {}
    for name, key in keys.items():
        values = np.array([key(item) for item in items])
        made[name] = {
            str(value): _figures(truth[values == value], probability[values == value], threshold)
            for value in sorted(set(values))
            if truth[values == value].sum() >= SMALLEST_SLICE
        }
    return made


def _themes(
    model: Model, items: Sequence[Example], rows: Sequence[Mapping[str, float]]
) -> tuple[dict[str, dict[str, float]], float, float]:
    """Themes as ``core.decide`` gives them: at or above their threshold, the most probable one where none is."""
    limits = model.card.thresholds.themes
    counts = {name: [0, 0, 0] for name in model.weights.theme_ids}  # hits, told, true
    for item, row in zip(items, rows, strict=True):
        if not item.relevant or not item.themes:
            continue
        told = {name for name, p in row.items() if p >= limits.get(name, 0.5)} or {max(row, key=lambda name: row[name])}
        for name, count in counts.items():
            count[0] += name in told and name in item.themes
            count[1] += name in told
            count[2] += name in item.themes
    table = {
        name: {
            "items": float(true),
            "precision": hits / max(1, told),
            "recall": hits / max(1, true),
            "f1": 2 * hits / max(1, told + true),
        }
        for name, (hits, told, true) in counts.items()
    }
    total = [sum(count[i] for count in counts.values()) for i in range(3)]
    common = [row["f1"] for row in table.values() if row["items"] >= 20]
    micro = 2 * total[0] / max(1, total[1] + total[2])
    return table, micro, sum(common) / max(1, len(common))


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


def _digest(items: Sequence[Example]) -> str:
    rows = sorted(json.dumps([i.id, i.title, i.summary, i.relevant, i.themes], ensure_ascii=False) for i in items)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
