"""What comes first: every factor of a story's importance has a name, and importance is their product."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from math import prod

from monitor.core.article import Article
from monitor.core.changes import origins_of
from monitor.core.names import Concept, find_concepts
from monitor.core.story import Story
from monitor.core.theme import Theme

RECENT = timedelta(days=30)
"""What was told within this time is not new."""
HALF_LIFE = timedelta(hours=48)
TIER_WEIGHT = {"official": 1.1, "wire": 1.1, "specialist": 1.05, "general": 1.0, "state_media": 0.9}
NOTHING_NEW = 0.7  # what a story is worth whose like was told within RECENT, against one that is all new
GREETING = 0.3  # what greetings on a fixed date are worth: they come every year, whatever happens
FIXED_DATES = ((5, 9), (8, 15), (9, 9), (10, 10))
"""Month and day of Victory Day, Liberation Day, the founding of the state and of the party."""
NEAR = timedelta(days=1)  # greetings are sent and told a day before or after

_GREET = {"letter", "congratulate", "anniversary", "Liberation Day", "Victory Day", "party anniversary"}
_POLITE = _GREET | {
    "alliance", "ceremony", "cooperation", "funeral", "monument", "praise", "support", "thank", "together", "vow",
}  # fmt: skip
_CAPITALS = ("en", "es", "fr", "pl", "ru", "uk")  # in these languages only names begin with a capital
_NAME = re.compile(r"(?<=[\w,;:»”)] )(?=[^\W\d_])[\w’'-]{4,}")
_STEM = 6  # characters of a name that count: endings differ


@dataclass(frozen=True, slots=True)
class Memory:
    """What the titles of some time named: names, and which of them stood together."""

    names: frozenset[str] = frozenset()
    together: frozenset[tuple[str, str]] = frozenset()


def remember(titles: Iterable[str]) -> Memory:
    """What ``titles`` named."""
    names: set[str] = set()
    together: set[tuple[str, str]] = set()
    for title in titles:
        concepts = find_concepts(title)
        names |= _names(title, concepts)
        together |= _together(concepts)
    return Memory(names=frozenset(names), together=frozenset(together))


def rank(
    stories: Iterable[Story], themes: Sequence[Theme], now: datetime, *, recent: Iterable[str] = ()
) -> tuple[Story, ...]:
    """``stories``, the most important first; equals stay in a fixed order. ``recent``: titles told within RECENT."""
    weights = {theme.id: theme.weight for theme in themes}
    memory = remember(recent)
    return tuple(sorted(stories, key=lambda story: (-prod(factors(story, weights, now, memory).values()), story.id)))


def factors(
    story: Story, weights: Mapping[str, float], now: datetime, memory: Memory | None = None
) -> dict[str, float]:
    """Why a story stands where it does. ``weights``: of themes, by id; ``memory``: of RECENT."""
    known = memory or Memory()
    articles = [told.article for told in story.members]
    age = max(now - story.last_seen_at, timedelta(0))
    return {
        "probability": story.score,
        "theme": max((weights.get(t, 1.0) for told in story.members for t in told.decision.themes[:1]), default=1.0),
        "tier": max(TIER_WEIGHT.get(article.tier, 1.0) for article in articles),
        "origins": 1.0 + 0.1 * min(len(origins_of(story.members)) - 1, 3),
        "spread": 1.0 + 0.1 * min(len(story.outlets) - 1, 5) + 0.05 * min(len(story.languages) - 1, 3),
        "novelty": NOTHING_NEW + (1.0 - NOTHING_NEW) * max(_novelty(article.title, known) for article in articles),
        "new names": 1.0 + 0.1 * min(len(frozenset().union(*map(_names_of, articles)) - known.names), 2),
        "greeting": GREETING if all(map(_is_greeting, articles)) else 1.0,
        "freshness": 0.5 + 0.5 * 0.5 ** (age / HALF_LIFE),
    }


def _novelty(title: str, known: Memory) -> float:
    """How much of what a title brings together was not together before (0..1)."""
    together = _together(find_concepts(title))
    return len(together - known.together) / len(together) if together else 0.0


def _together(concepts: Iterable[Concept]) -> frozenset[tuple[str, str]]:
    return frozenset(combinations_with_replacement(sorted({concept.name for concept in concepts}), 2))


def _names_of(article: Article) -> frozenset[str]:
    title = article.title if article.language in _CAPITALS else ""
    return _names(title, find_concepts(article.title))


def _names(title: str, concepts: Iterable[Concept]) -> frozenset[str]:
    """People and bodies that we know, and whatever else begins with a capital where few words do."""
    known = {concept.name for concept in concepts if concept.kind in {"person", "body"}}
    words = _NAME.findall(title)
    capitals = [word for word in words if word[0].isupper() and not word.isupper()]
    headline_case = len(capitals) > 0.5 * len(words)
    return frozenset(known | {word[:_STEM].casefold() for word in capitals if not headline_case})


def _is_greeting(article: Article) -> bool:
    """Is it kind words around a fixed date, and nothing else?"""
    deeds = {concept.name for concept in find_concepts(article.title) if concept.kind in {"event", "arms"}}
    return bool(deeds & _GREET) and deeds <= _POLITE and _near_fixed_date(article.published_at)


def _near_fixed_date(moment: datetime) -> bool:
    days = {((moment + NEAR * step).month, (moment + NEAR * step).day) for step in (-1, 0, 1)}
    return any(date in days for date in FIXED_DATES)
