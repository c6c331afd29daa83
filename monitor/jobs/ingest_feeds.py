"""Fetch every feed that is due and store what is new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor.core.article import Sighting
from monitor.core.feed import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchOutcome,
    FetchPolicy,
    FetchRequest,
    HealthChange,
    NotModified,
)
from monitor.core.normalize import to_sightings
from monitor.core.schedule import after_fetch, due, host_of, in_shard
from monitor.errors import MonitorError
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.articles import add_sightings
from monitor.store.feeds import add_health_changes, load_states, save_state

MANY_FEEDS, MANY_HOSTS = 10, 5  # when as many as these all fail, it is our network


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """Feeds that were due, that failed, that had not changed; entries in the documents, articles new to the store."""

    feeds: int = 0
    failed: int = 0
    unchanged: int = 0
    entries: int = 0
    new: int = 0

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def ingest_feeds(
    store: Store,
    settings: Settings,
    fetch: Callable[[Sequence[FetchRequest]], Iterable[FetchOutcome]],
    *,
    now: datetime,
    shard: tuple[int, int] = (0, 1),
    force: bool = False,
) -> IngestReport:
    """Fetch the due feeds of one ``shard`` (number, of how many), each stored as soon as it is there.

    Each feed is one transaction of its own, and nothing is fetched inside one: a run that is killed loses nothing.
    A shard that another run is polling for longer than half a minute is left to it: two would ask every server twice.
    Raises MonitorError, with everything stored, when all of at least 10 feeds on 5 hosts failed.
    """
    with store.alone(f"ingest-{shard[0]}-of-{shard[1]}") as alone:
        return _ingest(store, settings, fetch, now=now, shard=shard, force=force) if alone else IngestReport()


def _ingest(
    store: Store,
    settings: Settings,
    fetch: Callable[[Sequence[FetchRequest]], Iterable[FetchOutcome]],
    *,
    now: datetime,
    shard: tuple[int, int],
    force: bool,
) -> IngestReport:
    with store.read() as connection:
        states = load_states(connection)
    mine = [feed for feed in settings.feeds if in_shard(feed, shard)]
    requests = due(mine, states, now, force=force)
    feeds = {request.feed.id: request.feed for request in requests}
    failed = unchanged = entries = new = 0
    for outcome in fetch(requests):
        feed = feeds[outcome.feed_id]
        shown, fresh = _keep(store, feed, states.get(feed.id), outcome, settings.fetch, now=now)
        failed += isinstance(outcome, FetchFailed)
        unchanged += isinstance(outcome, NotModified) or (isinstance(outcome, Fetched) and outcome.unchanged)
        entries += shown
        new += fresh
    report = IngestReport(feeds=len(feeds), failed=failed, unchanged=unchanged, entries=entries, new=new)
    if failed == len(feeds) >= MANY_FEEDS and len({host_of(feed) for feed in feeds.values()}) >= MANY_HOSTS:
        raise MonitorError(
            f"all {failed} feeds that were due failed: is this machine's network up? "
            "`monitor feeds list` shows the reason of each"
        )
    return report


def _keep(
    store: Store, feed: Feed, state: FeedState | None, outcome: FetchOutcome, policy: FetchPolicy, *, now: datetime
) -> tuple[int, int]:
    """Store one outcome; returns the numbers of entries shown and of articles new to the store."""
    sightings: tuple[Sighting, ...] = ()
    if isinstance(outcome, Fetched):
        sightings = to_sightings(outcome.entries, feed, now=now, language=outcome.language)
    after = after_fetch(feed, state, outcome, policy=policy, sightings=sightings, now=now)
    with store.write() as connection:
        new = add_sightings(connection, feed.id, sightings, now=now) if sightings else ()
        save_state(connection, after)
        if state is None or (state.health, state.notes) != (after.health, after.notes):
            change = HealthChange(feed_id=feed.id, at=now, health=after.health, notes=after.notes, reason=after.reason)
            add_health_changes(connection, [change])
    return len(sightings), len(new)
