"""Is the news fresh? 95 % of the entries are flagged, or not, within one poll interval of their feed and a minute.

The clock of an entry starts when it could first be seen: when it was published, or when its feed was polled last before
and did not show it yet, whichever was later. It stops when the run ended that decided on it. A message's starts when
it was frozen, and stops when Slack took it; it has a minute.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.feed import FeedState

OBJECTIVE = 0.95
GRACE = 60.0  # seconds
OLD = timedelta(hours=48).total_seconds()  # an entry that was older when first seen is no news: core.decide
OVERDUE = timedelta(minutes=21)  # by then two runs of ingest_feeds have passed a feed by
STEPS = ("poll", "classification", "slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWait:
    """How long one entry waited, in seconds. ``since_seen`` is its age in the store."""

    feed_id: str
    since_seen: float
    dated: bool
    published: float
    """From publication to the end of the poll that brought it."""
    poll: float | None
    """From when it could first be seen to the end of that poll; None at the first poll of a feed."""
    decision: float | None
    """From there to the end of the run that decided on it; None while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWait:
    """How long one part of a digest or alert waited for Slack, in seconds; ``waits`` still."""

    since_frozen: float
    slack: float
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What was measured in one window. ``slow`` counts what was late by the step that took longest over its time."""

    entries: int = 0
    messages: int = 0
    slow: Mapping[str, int] = field(default_factory=dict)
    undated: int = 0
    old: int = 0
    first_polls: int = 0
    feeds: int = 0
    overdue: int = 0
    """Feeds whose poll is long due: what they show now is measured by nobody."""

    @property
    def share(self) -> float | None:
        """Of the entries, how many were fresh; None when there was none."""
        return _share(self.entries, self.slow.get("poll", 0) + self.slow.get("classification", 0))

    @property
    def slack_share(self) -> float | None:
        """Of the messages, how many Slack took in time; None when there was none."""
        return _share(self.messages, self.slow.get("slack", 0))

    @property
    def late(self) -> int:
        """Entries, messages and feeds that waited too long."""
        return sum(self.slow.values()) + self.overdue

    @property
    def met(self) -> bool:
        """Do entries, messages and polls reach the objective? What nothing speaks against does."""
        shares = (self.share, self.slack_share, _share(self.feeds, self.overdue))
        return all(share is None or share >= OBJECTIVE for share in shares)

    @property
    def slowest(self) -> str:
        """The step to look at, one of STEPS; empty when the objective is met."""
        if self.met:
            return ""
        if self.share is not None and self.share < OBJECTIVE:
            return max(STEPS[:2], key=lambda step: self.slow.get(step, 0))
        return "slack" if self.slack_share is not None and self.slack_share < OBJECTIVE else "poll"


def assess(
    entries: Iterable[EntryWait],
    messages: Iterable[MessageWait],
    intervals: Mapping[str, timedelta],
    *,
    window: timedelta,
    overdue: int = 0,
) -> Freshness:
    """Judge what was first seen, or frozen, within the ``window`` before now. ``intervals``: of the feeds, by id.

    Left out and counted: entries without a date, old ones, and those of a feed's first poll, which may have stood there
    for long. What still waits counts as soon as it is too late. A feed that is no longer in the config has no interval.
    """
    seconds = window.total_seconds()
    count, slow = Counter[str](), Counter[str]()
    for wait in entries:
        interval = intervals.get(wait.feed_id)
        if wait.since_seen > seconds or interval is None:
            continue
        count[(kind := _kind(wait, interval.total_seconds()))] += 1
        if kind == "entries" and (step := _late_step(wait, interval.total_seconds())):
            slow[step] += 1
    for message in messages:
        late = message.slack > GRACE
        if message.since_frozen <= seconds and (late or not message.waits):
            count["messages"] += 1
            slow["slack"] += late
    del count["waiting"]
    return Freshness(slow=dict(slow), feeds=len(intervals), overdue=overdue, **count)


def overdue_feeds(intervals: Iterable[str], states: Mapping[str, FeedState], now: datetime) -> int:
    """How many of these feeds should have been polled OVERDUE ago and were not."""
    due = (states[feed_id].next_fetch_at for feed_id in intervals if feed_id in states)
    return sum(moment is not None and now - moment > OVERDUE for moment in due)


def _kind(wait: EntryWait, interval: float) -> str:
    if not wait.dated:
        return "undated"
    if wait.published > OLD:
        return "old"
    if wait.poll is None:
        return "first_polls"
    return "waiting" if wait.decision is None and not _late_step(wait, interval) else "entries"


def _late_step(wait: EntryWait, interval: float) -> str:
    """The step that made the entry late; empty when it is not."""
    poll, decision = wait.poll or 0.0, wait.since_seen if wait.decision is None else wait.decision
    if poll + decision <= interval + GRACE:
        return ""
    return "poll" if poll - interval >= decision - GRACE else "classification"


def measured(waits: Iterable[EntryWait]) -> list[EntryWait]:
    """Those whose lags say something about us: dated, news, and not of a feed's first poll."""
    return [wait for wait in waits if wait.dated and wait.published <= OLD and wait.poll is not None]


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of all ``values`` do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def _share(count: int, late: int) -> float | None:
    return 1 - late / count if count else None
