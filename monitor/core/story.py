"""Stories: articles that report the same event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.article import Article
from monitor.core.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One flagged article with what was concluded about it."""

    article: Article
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A stored row with a lasting id. ``members`` are its flagged articles, oldest first, one at least."""

    id: str
    first_seen_at: datetime
    last_seen_at: datetime
    title: str
    members: tuple[Told, ...] = ()
    told: frozenset[str] = frozenset()
    """Ids of the members that this digest told before; empty for a story that is new to it."""
    alerted_at: datetime | None = None
    """When an alert told of it, if one did."""

    @property
    def score(self) -> float:
        """The best score among its articles."""
        return max(told.decision.score for told in self.members)

    @property
    def outlets(self) -> tuple[str, ...]:
        """Outlets in the order in which they came."""
        return tuple(dict.fromkeys(told.article.outlet for told in self.members))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in the order in which they came."""
        return tuple(dict.fromkeys(told.article.language for told in self.members))

    @property
    def late(self) -> bool:
        """True when every article was already old when first seen."""
        return all(told.decision.late for told in self.members)

    def theme(self, wanted: Sequence[str] = ()) -> str:
        """The theme that it stands under: that of its best article, of ``wanted`` where some are given."""
        for told in sorted(self.members, key=lambda told: -told.decision.score):
            for theme in told.decision.themes:
                if not wanted or theme in wanted:
                    return theme
        return ""
