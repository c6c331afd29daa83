"""Digests: what one channel is told at one cut."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from monitor.core.story import Story
from monitor.core.trend import Trend

ALERTS = "alerts/"  # what the ids of ledgers of alerts begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSpec:
    """One digest of the config: where, when (cron in a time zone), and what it takes in."""

    id: str
    channel: str
    cron: str
    time_zone: str
    title: str = "North Korea–Russia cooperation"
    language: str = "en"
    themes: tuple[str, ...] = ()
    """Empty: all."""
    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    min_score: float = 0.0
    """On top of the threshold that flagged the story."""
    max_stories: int = 60
    translate: str = ""
    """Address of a translation service with ``{url}`` in it; empty: no such link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a channel's words are for."""

    language: str = "en"
    time_zone: str = "UTC"
    translate: str = ""
    """Address of a translation service with ``{url}`` in it; empty: no such link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSpec:
    """One channel for alerts: what it takes in, when it may be disturbed, and how many are too many."""

    id: str
    channel: str
    enabled: bool = True
    time_zone: str = "UTC"
    language: str = "en"
    themes: tuple[str, ...] = ()
    """Empty: all."""
    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    min_score: float = 0.0
    """On top of the threshold for alerts."""
    quiet: tuple[time, time] | None = None
    """From and to on the clocks of the time zone, past midnight where the second is the earlier one; what comes in
    between is told together when it ends."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Days on which alerts go out, Monday is 0; the others are quiet."""
    max_per_hour: int = 6
    """What exceeds it is told together."""
    cool_down: timedelta = timedelta(0)
    """After an alert, others of the same theme wait so long and are then told together."""
    translate: str = ""

    @property
    def ledger(self) -> str:
        """Under which id the store keeps what it told: no digest can have it."""
        return f"{ALERTS}{self.id}"

    @property
    def reader(self) -> Reader:
        """Whom it is written for."""
        return Reader(language=self.language, time_zone=self.time_zone, translate=self.translate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What one channel was told at once: a message, and in its thread what came later."""

    ledger: str
    cut: datetime
    """When it was frozen; no two of one ledger have the same, so that both name it."""
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the world the digest saw: feeds by state, and the words for what is wrong."""

    enabled: int
    seen: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Stories under one theme, best first; a story stands in the section of its first theme only."""

    theme: str
    title: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one channel is told at one cut. Frozen when composed, before anything is posted."""

    id: str
    channel: str
    title: str
    language: str
    since: datetime
    cut: datetime
    time_zone: str
    top: tuple[Story, ...]
    """The few best stories."""
    sections: tuple[Section, ...]
    older: tuple[Story, ...]
    """Older than 48 hours when first seen: shown apart."""
    left_out: int
    """Stories that did not fit; they are told as a number only."""
    baseline: float | None
    """Mean number of stories of the digests before this one, None for the first."""
    coverage: Coverage
    decided: int
    """Articles that were looked at in the time of this digest."""
    updates: tuple[Story, ...] = field(default=())
    """Stories told before that have something new: an origin, a figure, a denial."""
    trends: tuple[Trend, ...] = field(default=())
    """How much was reported on each theme of the digest in the weeks before the cut."""
    translate: str = ""
    notices: tuple[str, ...] = field(default=())
    """What the reader must know about the product itself (a config that is broken, a model that is missing)."""

    @property
    def reader(self) -> Reader:
        """Whom it is written for."""
        return Reader(language=self.language, time_zone=self.time_zone, translate=self.translate)

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story that is told, in the order in which it is told."""
        return (*(story for section in self.sections for story in section.stories), *self.updates, *self.older)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Proof that one part of a digest or alert was posted."""

    digest_id: str
    cut: datetime
    part: int
    channel: str
    ts: str
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One rendered part: Block Kit ``blocks`` and the ``text`` of notifications. Part 0 is the root of the thread."""

    part: int
    text: str
    blocks: tuple[Mapping[str, Any], ...]
    stories: tuple[str, ...] = ()
    """Ids of the stories that it tells, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A frozen message on its way: what the outbox holds. ``key`` goes into the message's metadata."""

    digest_id: str
    cut: datetime
    channel: str
    key: str
    message: Message
    attempts: int = 0
    claimed_at: datetime | None = None
    """The first attempt of which nobody knows how it ended: look it up before sending again."""
    dead: bool = False
    """Whoever claimed it before died over it, perhaps a moment ago."""
    ts: str = ""
    """Where it stands already: then it is an edit."""
    error: str = ""
    """What went wrong in the last attempt, so that people hear of it once."""
