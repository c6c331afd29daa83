"""Two models on the same texts: which is better, by how much, and how sure that is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.classifier.corpus import Example, as_article
from monitor.classifier.evaluate import ROUNDS, measures, told_themes
from monitor.classifier.measure import interval, resamples, share
from monitor.classifier.model import Model

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure of both models; ``low`` and ``high``: 95 % interval of new minus old, by a paired bootstrap."""

    name: str
    new: float
    old: float
    low: float
    high: float

    def __str__(self) -> str:
        change = f"{self.new - self.old:+.3f}, 95 % interval {self.low:+.3f} to {self.high:+.3f}"
        return f"{self.name.replace('_', ' ')} {self.new:.3f}, before {self.old:.3f} ({change})"


def compare(
    new: Model, old: Model, items: Sequence[Example], *, seed: int = 0, rounds: int = ROUNDS
) -> tuple[Difference, ...]:
    """Both models, each at its own thresholds, on ``items``: the measures of ``Figures``, and micro-F1 of the themes.

    Each bootstrap sample is drawn for both, so what is hard about a sample cancels out of the difference.
    """
    mine, theirs = _measured(new, items), _measured(old, items)
    everything = np.arange(len(items))
    now, before = mine(everything), theirs(everything)
    drawn = [(mine(draw), theirs(draw)) for draw in resamples(len(items), rounds, seed)]
    made = []
    for name, value in now.items():
        low, high = interval([ours[name] - others[name] for ours, others in drawn])
        made.append(Difference(name=name, new=value, old=before[name], low=low, high=high))
    return tuple(made)


def _measured(model: Model, items: Sequence[Example]) -> Callable[[Ints], dict[str, float]]:
    """All measures of one model as a function of the indices of a sample."""
    predictions = model.predict([as_article(item) for item in items], reasons=False)
    limits = model.card.thresholds
    probability = np.array([p.probability for p in predictions], dtype=np.float64)
    truth = np.array([item.relevant for item in items], dtype=np.bool_)
    hits, claims = np.zeros(len(items)), np.zeros(len(items))
    for at, (item, prediction) in enumerate(zip(items, predictions, strict=True)):
        if item.relevant and item.themes:
            told = told_themes(prediction, limits)
            hits[at], claims[at] = 2 * len(told & set(item.themes)), len(told) + len(item.themes)

    def on(sample: Ints) -> dict[str, float]:
        return measures(truth[sample], probability[sample], limits) | {
            "theme_micro_f1": share(hits[sample], claims[sample])
        }

    return on
