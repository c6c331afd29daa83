"""Feeds: what the operator declares, what we remember, and what one fetch brought."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Tier(StrEnum):
    """How an outlet stands to its news."""

    OFFICIAL = "official"
    WIRE = "wire"
    SPECIALIST = "specialist"
    GENERAL = "general"
    STATE_MEDIA = "state_media"


class FeedKind(StrEnum):
    """What lies behind the URL: a feed document, or a page whose new links are the entries."""

    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the operator declares about one feed. ``interval`` is the longest wait between two polls."""

    id: str
    url: str
    outlet: str
    language: str
    country: str
    tier: Tier
    interval: timedelta = timedelta(minutes=30)
    enabled: bool = True
    reason: str = ""
    """Why the feed is disabled."""
    kind: FeedKind = FeedKind.FEED
    selector: str = ""
    """CSS selector of the links, for pages."""
    full_text: bool = False


class Health(StrEnum):
    """How a feed is. One value a feed."""

    NEW = "new"
    HEALTHY = "healthy"
    FAILING = "failing"
    DEAD = "dead"
    BLOCKED = "blocked"
    NOT_A_FEED = "not_a_feed"


class FailureKind(StrEnum):
    """Hard: the address is wrong or the feed is gone. Soft: it may mend itself. Temporary: come back later."""

    HARD = "hard"
    SOFT = "soft"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How often a feed brings something new, and what it lost; see ``core.habit``."""

    days: tuple[tuple[int, int, float], ...] = ()
    """Days with new entries, oldest first: ordinal of the day (UTC), gaps that ended on it, the longest in seconds."""
    newest_at: datetime | None = None
    """When the newest entry was published, or first seen."""
    lost: int = 0
    """About how many entries came and went unseen at the last gap between two documents."""
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember about one feed between polls."""

    feed_id: str
    url: str = ""
    """The URL that this state belongs to; another URL in the config starts afresh."""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: float = 0.0
    """Weighted count of failures since the last success."""
    interval: timedelta | None = None
    """The present, adapted interval; None before the first poll."""
    next_fetch_at: datetime | None = None
    last_fetch_at: datetime | None = None
    last_success_at: datetime | None = None
    last_full_fetch_at: datetime | None = None
    """When the feed was last fetched without validators."""
    last_new_at: datetime | None = None
    """When the feed last brought an entry that was new."""
    health: Health = Health.NEW
    notes: tuple[str, ...] = ()
    """silent, gap, frozen, undated, teaser_only, moved, truncated ..."""
    reason: str = ""
    """In words: why the feed has this health."""
    entry_keys: tuple[str, ...] = ()
    """Keys of the entries in the last document, to see a gap between two polls."""
    habit: Habit = field(default=Habit())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed as published: texts may hold HTML, dates are the feed's own words."""

    id: str
    url: str
    title: str
    summary: str
    content: str = ""
    published: str = ""
    updated: str = ""
    published_at: datetime | None = None
    """What the parser made of ``published`` (UTC), if anything."""
    language: str = ""
    outlet: str = ""
    """The outlet that the entry itself names (aggregators)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete document. ``entries`` is empty when the body is the one we already had (``unchanged``)."""

    feed_id: str
    entries: tuple[Entry, ...]
    url: str
    """Where the document came from after redirects."""
    permanent_url: str = ""
    """Set when every redirect on the way was permanent."""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    unchanged: bool = False
    complete: bool = True
    """False when the document was cut short: no validators are kept."""
    title: str = ""
    language: str = ""
    warnings: tuple[str, ...] = ()
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed."""

    feed_id: str
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """No document, and why. A failing feed is a value, never an exception."""

    feed_id: str
    kind: FailureKind
    reason: str
    """One line for people: what happened and what to do."""
    health: Health = Health.FAILING
    status: int = 0
    """HTTP status, 0 when there was no answer."""
    retry_after: timedelta | None = None


FetchOutcome = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One feed to fetch now: with which validators, if any."""

    feed: Feed
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How we behave towards other people's servers. Times in seconds, sizes in bytes."""

    user_agent: str
    concurrency: int = 100
    per_host: int = 2
    host_gap: float = 1.0
    connect_timeout: float = 10.0
    idle_timeout: float = 10.0
    total_timeout: float = 30.0
    parse_timeout: float = 20.0
    parse_workers: int = 2
    max_compressed: int = 8 * 1024 * 1024
    max_body: int = 16 * 1024 * 1024
    max_redirects: int = 5
    min_interval: timedelta = timedelta(minutes=10)
    max_interval: timedelta = timedelta(hours=6)
    shards: int | None = None
    """How many tasks share a poll; None: as many as it needs."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts or networks that may be private (tests, intranets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """One line of a feed's history."""

    feed_id: str
    at: datetime
    health: Health
    notes: tuple[str, ...] = field(default=())
    reason: str = ""
