"""What the model says, what a person says, and what the product concluded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that decided. ``weight`` is in log-odds and additive; ``kind``: names, phrase, watch, rest, base."""

    kind: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The model's calibrated ``probability`` (0..1), themes with theirs, reasons, and the model's version."""

    article_id: str
    model: str
    probability: float
    themes: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Smallest probabilities that count: for a digest, for an alert, and for each theme."""

    digest: float
    alert: float
    themes: Mapping[str, float] = field(default_factory=dict)
    """Per theme; 0.5 where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which model, watch and settings made a decision."""

    model: str
    watch: str
    settings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Flagged or not, for digest and for alert. ``score`` is the final probability with the watch terms in it."""

    article_id: str
    versions: Versions
    score: float
    digest: bool
    alert: bool
    themes: tuple[str, ...]
    """Most probable first."""
    reasons: tuple[Reason, ...]
    terms: tuple[str, ...]
    """Names of the watch terms that matched."""
    decided_at: datetime
    late: bool = False
    """Older than 48 hours when first seen, or decided again: never alerted, shown apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A person's judgement. ``kind`` is relevance, theme or group; ``value`` is "1"/"0", theme ids, or a story id."""

    article_id: str
    kind: str
    value: str
    who: str
    at: datetime
    text: str
    """Title and summary as the person saw them."""
    model: str = ""
    """Whose prediction they saw."""
    language: str = "und"
    source: str = ""
    """How it came in: slack, terminal, import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What one must know before trusting a model; ``figures`` are measured on held-out items of the project's own."""

    version: str
    made_at: datetime
    product_version: str
    seed: int
    corpus_digest: str
    corpus_items: int
    labels: int
    gazetteer_digest: str
    thresholds: Thresholds
    figures: Mapping[str, Any]
    notes: tuple[str, ...] = ()
