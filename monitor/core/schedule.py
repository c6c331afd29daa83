"""When to fetch which feed, and what a fetch says about how the feed is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from urllib.parse import urlsplit
from zlib import crc32

from monitor.core.article import Sighting
from monitor.core.feed import (
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchOutcome,
    FetchPolicy,
    FetchRequest,
    Habit,
    Health,
    NotModified,
)
from monitor.core.habit import is_silent, observe

PUNCTUAL = timedelta(minutes=1)  # a run that begins a moment early must not miss what is due a moment later
FULL_FETCH_EVERY = timedelta(days=1)  # without validators, so that a server that says 304 for ever is found out
DEAD_AT = 10.0  # weighted failures in a row
DEAD_WAIT = timedelta(days=1)
WEIGHTS = {FailureKind.HARD: 1.0, FailureKind.SOFT: 0.5, FailureKind.TEMPORARY: 0.25}
SHARD_SECONDS = 30.0  # what a shard should take: nothing of a poll goes on before its last shard is done
SECONDS_A_FEED = 0.05  # where no poll was measured yet
MANY_FEEDS = 50  # a poll of fewer says more about its slowest server than about our pace
MOST_SHARDS = 32
FASTER, SLOWER = 0.6, 1.3
SAFE_SHARE = 1 / 3  # of the time that a document covers: entries stand in three documents before they fall off
FROZEN_AFTER = timedelta(days=30)
GAP_SHOWN = timedelta(days=1)
LONGEST_BACK_OFF = timedelta(hours=6)
TEASER_LENGTH = 200  # characters: a median summary below this is a teaser

NOTE_WORDS = {
    "damaged": "not well-formed, but read to its end; tell the outlet",
    "empty": "a feed without entries; look whether it still lives",
    "frozen": "its newest entry is more than 30 days old; look for a successor",
    "gap": "entries came and went between two polls; shorten the feed's interval",
    "moved": "it has moved for good; put the new address into config/feeds.yaml",
    "silent": "nothing new for longer than is its habit; look at the site",
    "teaser_only": "its summaries are short; full_text: true would read the articles",
    "truncated": "the document was cut short, entries may be missing; if it stays so, tell the outlet",
    "undated": "most entries have no date that can be read; they count from when they were first seen",
}
_ABOUT_THE_DOCUMENT = ("damaged", "empty", "teaser_only", "undated")


def due(
    feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime, *, force: bool = False
) -> tuple[FetchRequest, ...]:
    """What to fetch now, longest overdue first; with ``force`` every enabled feed.

    Validators go along unless the last fetch failed (a 304 would prove nothing) or the last full answer is a day old.
    """
    waiting: list[tuple[datetime, FetchRequest]] = []
    for feed in feeds:
        state = states.get(feed.id)
        if state is None or state.url != feed.url:
            state = FeedState(feed_id=feed.id, url=feed.url)
        when = state.next_fetch_at or now
        if state.last_fetch_at is not None and state.last_fetch_at > now + PUNCTUAL:
            when = now  # a clock that was ahead said so
        if feed.enabled and (force or when <= now + PUNCTUAL):
            waiting.append((when, _request(feed, state, now)))
    return tuple(request for _, request in sorted(waiting, key=lambda pair: (pair[0], pair[1].feed.id)))


def _request(feed: Feed, state: FeedState, now: datetime) -> FetchRequest:
    full = state.last_full_fetch_at
    trusted = state.failures == 0 and full is not None and now - full < FULL_FETCH_EVERY
    return FetchRequest(
        feed=feed,
        etag=state.etag if trusted else "",
        last_modified=state.last_modified if trusted else "",
        body_hash=state.body_hash,
    )


def host_of(feed: Feed) -> str:
    """The host whose limits a feed is under."""
    return urlsplit(feed.url).hostname or feed.url


def in_shard(feed: Feed, shard: tuple[int, int]) -> bool:
    """Is a feed in this shard (number, of how many)? A host is in one: only there can its limits be kept."""
    number, of = shard
    return crc32(host_of(feed).encode()) % of == number


def shard_count(
    requests: Sequence[FetchRequest], polls: Iterable[tuple[int, timedelta]], *, wanted: int | None = None
) -> int:
    """Into how many shards to part a poll of ``requests``: ``wanted``, else as many as keep each near SHARD_SECONDS.

    ``polls`` are feeds and time of earlier shards. More shards than hosts would be empty.
    """
    paces = [took.total_seconds() / feeds for feeds, took in polls if feeds >= MANY_FEEDS]
    seconds = len(requests) * (median(paces) if paces else SECONDS_A_FEED)
    most = min(MOST_SHARDS, len({host_of(request.feed) for request in requests}))
    return max(1, min(wanted or ceil(seconds / SHARD_SECONDS), most))


def after_fetch(
    feed: Feed,
    state: FeedState | None,
    outcome: FetchOutcome,
    *,
    policy: FetchPolicy,
    sightings: Sequence[Sighting] = (),
    now: datetime,
) -> FeedState:
    """What to remember after one fetch: when to come again, and how the feed is.

    ``state`` is None before the first fetch; ``sightings`` are the articles of a fetched document, in its order.
    """
    if state is None or state.url != feed.url:
        state = FeedState(feed_id=feed.id, url=feed.url)
    state = replace(state, last_fetch_at=now)
    low, high = _bounds(feed, policy)
    match outcome:
        case FetchFailed():
            return _after_failure(state, outcome, low, high, now)
        case NotModified():
            state = replace(state, notes=_lasting(state, now))
            return _settle(state, _next_interval(state, low, high, max_age=outcome.max_age), now)
        case Fetched(unchanged=True):
            moved = ("moved",) if outcome.permanent_url else ()
            if "damaged" not in state.notes:
                state = replace(state, etag=outcome.etag, last_modified=outcome.last_modified)
            state = replace(state, last_full_fetch_at=now, notes=_lasting(state, now) + moved)
            return _settle(state, _next_interval(state, low, high, max_age=outcome.max_age), now)
        case Fetched():
            return _after_document(state, outcome, sightings, low, high, now)


def _bounds(feed: Feed, policy: FetchPolicy) -> tuple[timedelta, timedelta]:
    """Shortest and longest wait: what the operator says of a feed counts for more than the policy."""
    high = min(feed.interval, policy.max_interval)
    return min(policy.min_interval, high), high


def _after_failure(state: FeedState, outcome: FetchFailed, low: timedelta, high: timedelta, now: datetime) -> FeedState:
    failures = min(state.failures + WEIGHTS[outcome.kind], 1000.0)
    given_up = failures >= DEAD_AT or outcome.health is Health.DEAD
    wait = DEAD_WAIT if given_up else min(low * 2 ** min(int(failures), 10), max(high, LONGEST_BACK_OFF))
    return replace(
        state,
        failures=failures,
        health=Health.DEAD if given_up and outcome.health is Health.FAILING else outcome.health,
        notes=(),
        reason=outcome.reason,
        next_fetch_at=now + max(wait, outcome.retry_after or timedelta()),
    )


def _after_document(
    state: FeedState,
    outcome: Fetched,
    sightings: Sequence[Sighting],
    low: timedelta,
    high: timedelta,
    now: datetime,
) -> FeedState:
    known = set(state.entry_keys)
    fresh = [sighting.article for sighting in sightings if sighting.entry_key not in known]
    gap = bool(known and sightings) and len(fresh) == len(sightings)
    habit = observe(state.habit, (article.published_at for article in fresh), connected=not gap)
    if gap:
        habit = replace(habit, lost=_lost(state.habit, sightings), lost_at=now)
    newest = max((article.published_at for article in fresh), default=now)
    state = replace(
        state,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        body_hash=outcome.body_hash,
        last_full_fetch_at=now,
        # Of a first document we do not know when its entries came; what is newest in it came when it says.
        last_new_at=state.last_new_at if not fresh else now if known else newest,
        # An empty or cut document says nothing about what went before it.
        entry_keys=tuple(s.entry_key for s in sightings) if sightings and outcome.complete else state.entry_keys,
        habit=habit,
    )
    notes = (*outcome.warnings, *_document_notes(sightings), *(("moved",) if outcome.permanent_url else ()))
    if not outcome.complete:
        notes = (*notes, "truncated")
    state = replace(state, notes=notes)
    state = replace(state, notes=(*notes, *(note for note in _lasting(state, now) if note not in notes)))
    interval = _next_interval(state, low, high, max_age=outcome.max_age, fresh=bool(fresh), sightings=sightings)
    return _settle(state, interval if outcome.complete else low, now)


def _settle(state: FeedState, interval: timedelta, now: datetime) -> FeedState:
    """The state of a feed that answered well."""
    notes = tuple(sorted(set(state.notes)))
    return replace(
        state,
        failures=0.0,
        health=Health.HEALTHY,
        notes=notes,
        reason="; ".join(NOTE_WORDS[note] for note in notes),
        interval=interval,
        next_fetch_at=now + interval,
        last_success_at=now,
    )


def _next_interval(
    state: FeedState,
    low: timedelta,
    high: timedelta,
    *,
    max_age: timedelta | None,
    fresh: bool = False,
    sightings: Sequence[Sighting] = (),
) -> timedelta:
    """Sooner when there was something new, later when not, and never so late that entries fall off unseen."""
    before = state.interval or high
    wanted = before * (FASTER if fresh else SLOWER)
    wanted = max(wanted, max_age or timedelta())
    moments = sorted(s.article.published_at for s in sightings if s.article.dated)
    if len(moments) >= 4:
        wanted = min(wanted, (moments[-1] - moments[0]) * SAFE_SHARE)
    busiest = max((gaps for _, gaps, _ in state.habit.days), default=0)
    if busiest and state.entry_keys:
        wanted = min(wanted, timedelta(days=1) * len(state.entry_keys) / busiest * SAFE_SHARE)
    if "gap" in state.notes:
        wanted = min(wanted, before / 2)
    return min(max(wanted, low), high)


def _document_notes(sightings: Sequence[Sighting]) -> tuple[str, ...]:
    if not sightings:
        return ()
    notes = []
    if 2 * sum(not sighting.article.dated for sighting in sightings) > len(sightings):
        notes.append("undated")
    if median(len(sighting.article.summary) for sighting in sightings) < TEASER_LENGTH:
        notes.append("teaser_only")
    return tuple(notes)


def _lasting(state: FeedState, now: datetime) -> tuple[str, ...]:
    """Notes that hold on, and those that come with time alone."""
    notes = [note for note in state.notes if note in _ABOUT_THE_DOCUMENT]
    habit = state.habit
    if habit.lost_at is not None and now - habit.lost_at < GAP_SHOWN:
        notes.append("gap")
    if habit.newest_at is not None and now - habit.newest_at > FROZEN_AFTER:
        notes.append("frozen")
    elif is_silent(state, now):
        notes.append("silent")
    return tuple(notes)


def _lost(habit: Habit, sightings: Sequence[Sighting]) -> int:
    """About how many entries lie between two documents without overlap: the feed's pace times the time between."""
    moments = sorted(sighting.article.published_at for sighting in sightings if sighting.article.dated)
    if habit.newest_at is None or len(moments) < 2 or moments[-1] == moments[0]:
        return 1
    pace = (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()
    return max(round(pace * (moments[0] - habit.newest_at).total_seconds()) - 1, 1)
