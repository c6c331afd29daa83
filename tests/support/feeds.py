"""Feeds, policies and entries that many tests need."""

from datetime import UTC, datetime, timedelta

from monitor.core.feed import Entry, Feed, FetchPolicy, FetchRequest, Tier
from tests.support.feed_farm import FeedFarm

# The farm's clock: its newest entry is an hour old.
FARM_NOW = datetime.fromtimestamp(1_790_000_000, UTC) + timedelta(hours=1)


def make_feed(feed_id: str = "wire", url: str = "https://wire.example/feed", **more: object) -> Feed:
    """A feed as an operator would declare it."""
    given = {"outlet": "The Wire", "language": "en", "country": "US", "tier": Tier.WIRE} | more
    return Feed(id=feed_id, url=url, **given)  # type: ignore[arg-type]


def farm_feeds(farm: FeedFarm) -> tuple[Feed, ...]:
    """The feeds of a farm: feed 7 has the id "7"."""
    return tuple(make_feed(str(number), farm.url(number)) for number in range(farm.feeds))


def farm_requests(farm: FeedFarm) -> list[FetchRequest]:
    """A first request for every feed of a farm."""
    return [FetchRequest(feed=feed) for feed in farm_feeds(farm)]


def quick_policy(**more: object) -> FetchPolicy:
    """A policy for loopback: no gaps between requests, short patience."""
    given = {
        "user_agent": "tests (tests@example.org)",
        "host_gap": 0.0,
        "per_host": 50,
        "connect_timeout": 2.0,
        "idle_timeout": 1.5,
        "total_timeout": 2.0,
        "allow_hosts": ("127.0.0.0/8",),
        "max_body": 1024 * 1024,
    } | more
    return FetchPolicy(**given)  # type: ignore[arg-type]


def make_entry(number: int = 1, **more: object) -> Entry:
    """An entry as a parser gives it."""
    given = {
        "id": f"urn:entry:{number}",
        "url": f"https://wire.example/story/{number}",
        "title": f"Story {number}",
        "summary": f"<p>What happened in story {number}, told in enough words to be a summary.</p>",
        "published": "Mon, 23 Nov 2026 10:00:00 GMT",
    } | more
    return Entry(**given)  # type: ignore[arg-type]
