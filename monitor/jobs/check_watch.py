"""The stored archive -> what each term of the watch matched, for the checks that a file alone cannot do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.decision import Thresholds
from monitor.core.replay import replay
from monitor.core.watch import Watch
from monitor.settings import readable_watches
from monitor.store import Store, runs
from monitor.store.archive import decided_articles

_NEVER_FLAGGED = Thresholds(digest=1.1, alert=1.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchUse:
    """By name of term the numbers of the articles that it matched; how many there are, and of how many days."""

    matched: Mapping[str, Sequence[int]]
    articles: int
    days: int


def check_watch(store: Store, watch: Watch, *, now: datetime, days: int) -> WatchUse:
    """What the terms match among the articles decided in the last ``days``."""
    matched: dict[str, list[int]] = {}
    count, first = 0, now
    with store.read() as connection:
        known = readable_watches(runs.known_versions(connection, "watch"))
        pasts = decided_articles(connection, since=now - timedelta(days=days))
        for one in replay(pasts, (watch,), known, _NEVER_FLAGGED):
            first = min(first, one.past.article.seen_at)
            for term in one.terms[0]:
                matched.setdefault(term.name, []).append(count)
            count += 1
    return WatchUse(matched=matched, articles=count, days=min(days, -(-(now - first) // timedelta(days=1))))
