"""Fetch every feed that is due and store what is new."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor import log
from monitor.core.article import Sighting
from monitor.core.feed import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchOutcome,
    FetchRequest,
    Health,
    HealthChange,
    NotModified,
)
from monitor.core.normalize import to_sightings
from monitor.core.schedule import after_fetch, due, host_of, in_shard
from monitor.errors import MonitorError
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.articles import add_sightings
from monitor.store.feeds import add_health_changes, load_states, save_states

MANY_FEEDS, MANY_HOSTS = 10, 5  # when as many as these all fail, it is our network
STATES_AT_ONCE = 100  # of feeds that brought nothing


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

    Each feed that shows entries or whose health changes is one transaction of its own, and nothing is fetched inside
    one: a run that is killed loses nothing of them. Of the others only the memory of this poll is kept, many at once:
    a run that is killed may lose the last of it, and they are polled once more.
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
    quiet: list[FeedState] = []
    outcomes = Counter[str]()
    for outcome in fetch(requests):
        feed, state = feeds[outcome.feed_id], states.get(outcome.feed_id)
        sightings = _sightings(feed, outcome, now=now)
        after = after_fetch(feed, state, outcome, policy=settings.fetch, sightings=sightings, now=now)
        if sightings or _health_changed(state, after):
            new += _keep(store, state, after, sightings, now=now)
        else:
            quiet.append(after)
        if len(quiet) >= STATES_AT_ONCE:
            _keep_states(store, quiet)
            quiet = []
        outcomes[_class_of(outcome)] += 1
        failed += isinstance(outcome, FetchFailed)
        unchanged += isinstance(outcome, NotModified) or (isinstance(outcome, Fetched) and outcome.unchanged)
        entries += len(sightings)
    _keep_states(store, quiet)
    log.info("feeds_polled", shard=shard[0], feeds=len(feeds), new=new, **outcomes)
    report = IngestReport(feeds=len(feeds), failed=failed, unchanged=unchanged, entries=entries, new=new)
    if failed == len(feeds) >= MANY_FEEDS and len({host_of(feed) for feed in feeds.values()}) >= MANY_HOSTS:
        raise MonitorError(
            f"all {failed} feeds that were due failed: is this machine's network up? "
            "`monitor feeds list` shows the reason of each"
        )
    return report


def _sightings(feed: Feed, outcome: FetchOutcome, *, now: datetime) -> tuple[Sighting, ...]:
    if isinstance(outcome, Fetched):
        return to_sightings(outcome.entries, feed, now=now, language=outcome.language)
    return ()


def _health_changed(before: FeedState | None, after: FeedState) -> bool:
    return before is None or (before.health, before.notes) != (after.health, after.notes)


def _keep(
    store: Store, before: FeedState | None, after: FeedState, sightings: Sequence[Sighting], *, now: datetime
) -> int:
    """Store what one feed brought; returns the number of articles new to the store."""
    polled_at = before.last_fetch_at if before is not None and before.url == after.url else None
    with store.write() as connection:
        new = add_sightings(connection, after.feed_id, sightings, now=now, polled_at=polled_at) if sightings else ()
        save_states(connection, [after])
        if _health_changed(before, after):
            change = HealthChange(
                feed_id=after.feed_id, at=now, health=after.health, notes=after.notes, reason=after.reason
            )
            add_health_changes(connection, [change])
    if _health_changed(before, after) and (before is not None or after.health is not Health.HEALTHY):
        was = before.health if before is not None else Health.NEW
        health = {"before": was.value, "health": after.health.value, "notes": after.notes}
        log.info("feed_changed", feed=after.feed_id, **health, reason=after.reason)
    return len(new)


def _keep_states(store: Store, states: Sequence[FeedState]) -> None:
    if states:
        with store.write() as connection:
            save_states(connection, states)


def _class_of(outcome: FetchOutcome) -> str:
    """How a poll ended, in one word: fetched, unchanged, or the kind of failure."""
    if isinstance(outcome, FetchFailed):
        return outcome.kind.value
    return "fetched" if isinstance(outcome, Fetched) and not outcome.unchanged else "unchanged"
