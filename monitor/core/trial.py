"""What a change of the watch would have done: past articles, and the two watches compared on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.core.article import Article
from monitor.core.decision import Decision, Prediction

RULES = ("never", "always")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One stored article with the decision in force and the prediction behind it; both without
    reasons, the decision without themes too: a replay makes its own."""

    article: Article
    prediction: Prediction
    decision: Decision
    story_id: str
    """Empty: never flagged, so in no story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChange:
    """One term that two watches do not share: added, removed or changed. ``lines`` are those of its YAML, each with
    ``+``, ``-`` or a blank before it."""

    name: str
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one watch makes of the archive."""

    articles: int
    """Flagged."""
    stories: int
    """With a flagged article."""
    alerts_per_week: float
    """Stories with an alert decision, a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well the flagged agree with a list of judgements; None where nothing can be said."""

    judged: int
    relevant: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A term that decides otherwise in the new watch. ``found``: its words in the article, none when it does not
    match; ``weight`` is log-odds, ``rule`` always, never or alert."""

    term: str
    change: str
    """new, gone, changed."""
    weight: float
    rule: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One story that is gained or lost, by its article with the best score."""

    article: Article
    theme: str
    score_before: float
    score_after: float
    causes: tuple[Cause, ...]

    @property
    def scores(self) -> str:
        """The scores before and after, or the rule that overrules them."""
        rule = next((c.rule for c in self.causes if c.change in {"new", "changed to"} and c.rule in RULES), "")
        return f"{self.score_before:.2f} → {rule or format(self.score_after, '.2f')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """A new or changed term and another one that match the same articles."""

    term: str
    other: str
    both: int
    term_articles: int
    other_articles: int
    relation: str
    """same: always together; inside: the other nearly always matches too; against: they pull in opposite directions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The whole comparison of an old and a new watch on the stored archive."""

    since: datetime
    until: datetime
    articles: int
    threshold: float
    changes: tuple[TermChange, ...]
    before: Side
    after: Side
    gained: int
    """Stories."""
    lost: int
    by_day: Mapping[date, tuple[int, int]]
    """Stories gained and lost; days in UTC, languages and themes of the best article."""
    by_language: Mapping[str, tuple[int, int]]
    by_theme: Mapping[str, tuple[int, int]]
    examples_gained: tuple[Example, ...]
    examples_lost: tuple[Example, ...]
    collisions: tuple[Collision, ...]
    matched: Mapping[str, int]
    """Articles that each new or changed term matches."""
    labels: tuple[Quality, Quality] | None
    """On people's labels, before and after; None when no replayed article has one."""
    gold: tuple[Quality, Quality] | None
    notices: tuple[str, ...]
