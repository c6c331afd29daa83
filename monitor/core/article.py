"""Articles: entries made comparable."""

from dataclasses import dataclass
from datetime import datetime, timedelta

READ_WITHIN = timedelta(hours=6)  # a page that gave no full text for so long will not give one


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry made comparable: one per canonical URL, whichever feed brought it first. Times are UTC."""

    id: str
    """Stable: a hash of the canonical URL, or of feed and entry id where there is no link."""
    feed_id: str
    outlet: str
    url: str
    """As linked to, cleaned of tracking; empty when the entry has none."""
    title: str
    summary: str
    language: str
    """BCP 47 primary language, lower case; "und" when unknown."""
    published_at: datetime
    """When it was published, or first seen if ``dated`` is False."""
    seen_at: datetime
    dated: bool = True
    tier: str = "general"
    country: str = ""
    text: str = ""
    """Full text where the operator asked for it. Never leaves the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One article as one feed showed it. ``entry_key`` is the entry's own identity within the feed."""

    entry_key: str
    article: Article
