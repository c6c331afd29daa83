"""How each feed is: from the store, or by asking it now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.core.feed import Feed, FeedState, Fetched, FetchOutcome, FetchRequest, Tier
from monitor.core.normalize import to_sightings
from monitor.core.schedule import after_fetch
from monitor.errors import SettingsError
from monitor.settings import Settings

NEWEST = 3  # titles that a check shows


def describe_feeds(settings: Settings, states: dict[str, FeedState]) -> list[dict[str, Any]]:
    """Every feed of the config: what is declared, its health, and in ``reason`` what is wrong and what to do."""
    return [_described(feed, states.get(feed.id)) for feed in settings.feeds]


def _described(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    state = state if state is not None and state.url == feed.url else FeedState(feed_id=feed.id)
    return {
        "id": feed.id,
        "outlet": feed.outlet,
        "url": feed.url,
        "language": feed.language,
        "tier": feed.tier.value,
        "health": state.health.value if feed.enabled else "disabled",
        "notes": list(state.notes),
        "reason": state.reason if feed.enabled else feed.reason,
        "last_success_at": _iso(state.last_success_at),
        "last_new_at": _iso(state.last_new_at),
        "next_fetch_at": _iso(state.next_fetch_at) if feed.enabled else None,
    }


def check_feeds(
    settings: Settings,
    states: Mapping[str, FeedState],
    fetch: Callable[[Sequence[FetchRequest]], Iterable[FetchOutcome]],
    names: Sequence[str],
    *,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """Ask feeds now and store nothing: ids of the config, addresses, or none for every enabled feed.

    Yields {id, url, health, notes, reason, entries, newest} as each is finished: what a poll would make of the answer,
    on top of what the store remembers of the feed. ``reason`` says what is wrong and what to do.
    """
    wanted = {feed.id: feed for feed in _chosen(settings, names)}
    for outcome in fetch([FetchRequest(feed=feed) for feed in wanted.values()]):
        feed = wanted[outcome.feed_id]
        found = (
            to_sightings(outcome.entries, feed, now=now, language=outcome.language)
            if isinstance(outcome, Fetched)
            else ()
        )
        after = after_fetch(feed, states.get(feed.id), outcome, policy=settings.fetch, sightings=found, now=now)
        newest = sorted((s.article for s in found), key=lambda article: article.published_at, reverse=True)[:NEWEST]
        yield {
            "id": feed.id,
            "url": feed.url,
            "health": after.health.value,
            "notes": list(after.notes),
            "reason": after.reason,
            "entries": len(found),
            "newest": [{"title": a.title, "published": _iso(a.published_at) if a.dated else None} for a in newest],
        }


def _chosen(settings: Settings, names: Sequence[str]) -> list[Feed]:
    if not names:
        return [feed for feed in settings.feeds if feed.enabled]
    known = {feed.id: feed for feed in settings.feeds} | {feed.url: feed for feed in settings.feeds}
    unknown = [name for name in names if name not in known and not name.startswith(("http://", "https://"))]
    if unknown:
        raise SettingsError(
            [f"feeds.yaml: feeds: there is no feed {name!r}; give its id or an address" for name in unknown]
        )
    return [
        known.get(name, Feed(id=name, url=name, outlet=name, language="", country="", tier=Tier.GENERAL))
        for name in dict.fromkeys(names)
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
