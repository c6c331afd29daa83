"""What comes first."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.core.story import Story
from monitor.core.theme import Theme

TIER_WEIGHT = {"official": 1.1, "wire": 1.1, "specialist": 1.05, "general": 1.0, "state_media": 0.9}
HALF_LIFE = timedelta(hours=48)


def rank(stories: Iterable[Story], themes: Sequence[Theme], now: datetime) -> tuple[Story, ...]:
    """``stories``, the most important first; equals stay in a fixed order."""
    weights = {theme.id: theme.weight for theme in themes}
    return tuple(sorted(stories, key=lambda story: (-_importance(story, weights, now), story.id)))


def _importance(story: Story, weights: dict[str, float], now: datetime) -> float:
    theme = max((weights.get(theme, 1.0) for told in story.members for theme in told.decision.themes[:1]), default=1.0)
    tier = max(TIER_WEIGHT.get(told.article.tier, 1.0) for told in story.members)
    spread = 1.0 + 0.1 * min(len(story.outlets) - 1, 5) + 0.05 * min(len(story.languages) - 1, 3)
    age = max(now - story.last_seen_at, timedelta(0))
    fresh: float = 0.5 ** (age / HALF_LIFE)
    return story.score * theme * tier * spread * (0.5 + 0.5 * fresh)
