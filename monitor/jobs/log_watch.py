"""The stored versions of the watch -> what changed when, and what each change did to the alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.replay import Count, replay
from monitor.core.trial import TermChange
from monitor.core.watch import Watch
from monitor.settings import Settings, compare_watches, present_thresholds, readable_watches
from monitor.store import Store, models, runs
from monitor.store.archive import decided_articles

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChange:
    """One change of the watch. Alerts and stories a week are those of one archive under the watch before and after."""

    at: datetime
    version: str
    readable: bool
    """False: another version of the product wrote it, and this one cannot read it."""
    terms: int
    changes: tuple[TermChange, ...]
    alerts_per_week: tuple[float | None, float | None]
    stories_per_week: tuple[float | None, float | None]


def log_watch(store: Store, settings: Settings, *, now: datetime, days: int, limit: int) -> list[WatchChange]:
    """The last ``limit`` changes, newest first, each tried on the articles decided in the last ``days``."""
    with store.read() as connection:
        versions = runs.known_versions(connection, "watch")
        steps = _steps(versions)[-limit - 1 :]
        known = readable_watches(versions)
        card = models.card_in_use(connection)
        counts: dict[str, tuple[float, float]] = {}
        if card is not None and known:
            thresholds = present_thresholds(settings, card)
            names = [version for version in dict.fromkeys(version for _, version in steps) if version in known]
            count = Count(len(names), thresholds)
            pasts = decided_articles(connection, since=now - timedelta(days=days))
            for one in replay(pasts, [known[name] for name in names], known, thresholds):
                count.add(one)
            if count.first is not None:
                counts = dict(zip(names, count.per_week(now), strict=True))
    previous = [None, *(version for _, version in steps)]
    changes = [
        _change(at, before, version, known, counts) for (at, version), before in zip(steps, previous, strict=False)
    ]
    return changes[-limit:][::-1]


def _steps(versions: list[runs.Version]) -> list[tuple[datetime, str]]:
    """When which version came into use. The one used last came back if another one began after it."""
    steps = [(version.first_used_at, version.version) for version in versions]
    if versions:
        used_last = max(versions, key=lambda version: version.last_used_at)
        if used_last is not versions[-1]:
            steps.append((versions[-1].last_used_at, used_last.version))
    return steps


def _change(
    at: datetime, before: str | None, version: str, known: dict[str, Watch], counts: dict[str, tuple[float, float]]
) -> WatchChange:
    old, new = known.get(before or ""), known.get(version)
    nothing = Watch(terms=(), version="")
    readable = new is not None and (before is None or old is not None)
    was, now = counts.get(before or ""), counts.get(version)
    return WatchChange(
        at=at,
        version=version,
        readable=readable,
        terms=len(new.terms) if new else 0,
        changes=compare_watches(old or nothing, new or nothing) if readable and before else (),
        alerts_per_week=(was[1] if was else None, now[1] if now else None),
        stories_per_week=(was[0] if was else None, now[0] if now else None),
    )
