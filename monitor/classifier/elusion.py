"""How much the threshold hides, from a sample that people judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from monitor.core.review import Answered

DRAWS = 20_000
STRENGTH = 10.0  # judged articles that the model's own scores count for, in each stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What was found of all that is relevant. ``low`` and ``high``: 95 % interval, as of the others.

    ``missed``: relevant articles below the line, about.
    """

    value: float
    low: float
    high: float
    missed: float
    precision: float
    judged: int
    hidden: int
    """Judged below the line, and relevant."""


def estimate_recall(strata: Sequence[Answered], *, seed: int = 0) -> Recall | None:
    """Recall and precision of the decisions that were sampled; None as long as nothing below the line was judged.

    The share of relevant articles in each stratum has a beta distribution: what was judged, and the model's own scores
    as if STRENGTH more had been judged. Without these a far stratum of thousands, of which a handful was judged, would
    leave everything possible. The interval is that of the sums over the strata, drawn from the distributions.
    """
    below = sum(stratum.judged for stratum in strata[1:])
    if not below:
        return None
    random = np.random.default_rng(seed)
    drawn = np.array([_drawn(stratum, random) for stratum in strata])
    means = [_mean(stratum) for stratum in strata]
    recall = drawn[0] / np.maximum(drawn.sum(axis=0), 1e-9)
    low, high = np.quantile(recall, (0.025, 0.975))
    return Recall(
        value=means[0] / max(sum(means), 1e-9),
        low=float(low),
        high=float(high),
        missed=sum(means[1:]),
        precision=means[0] / max(1, strata[0].held),
        judged=sum(stratum.judged for stratum in strata),
        hidden=sum(stratum.relevant for stratum in strata[1:]),
    )


def most_hidden(judged: int, relevant: int) -> float:
    """The largest share of relevant articles that a sample of so many leaves possible: one-sided 95 % limit.

    Clopper and Pearson (1934); 1 of no sample.
    """
    return float(beta.ppf(0.95, relevant + 1, judged - relevant)) if judged > relevant else 1.0


def _parameters(stratum: Answered) -> tuple[float, float]:
    share = stratum.expected / max(1, stratum.held)
    return (
        stratum.relevant + max(STRENGTH * share, 1e-6),
        stratum.judged - stratum.relevant + max(STRENGTH * (1 - share), 1e-6),
    )


def _drawn(stratum: Answered, random: np.random.Generator) -> np.ndarray:
    return stratum.held * random.beta(*_parameters(stratum), size=DRAWS)


def _mean(stratum: Answered) -> float:
    hits, others = _parameters(stratum)
    return stratum.held * hits / (hits + others)
