"""Entries to articles: what feeds publish in their many ways, made comparable."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.core.article import Article, Sighting
from monitor.core.dates import read_date
from monitor.core.feed import Entry, Feed
from monitor.core.languages import detect_language
from monitor.core.links import canonical_url, link_key, unwrap
from monitor.core.markup import plain_text, shorten

__all__ = ["canonical_url", "detect_language", "plain_text", "to_article", "to_sightings"]

TITLE_LIMIT = 400
SUMMARY_LIMIT = 1500
MARKUP_LIMIT = 20_000  # characters of markup that are enough to find the beginning of a text in
TEASER = 40  # a summary shorter than this says less than the beginning of the content
FUTURE = timedelta(hours=3)  # a date further ahead than this is not believed
UNREADABLE = 20  # after so many dates of one document that nobody can read, its others are not puzzled over
_AGGREGATORS = ("news.google.com", "www.bing.com", "bing.com")
_APPEARED = re.compile(r"\s*The post .{1,300} (?:appeared first on|first appeared on) .{1,120}$")


def to_article(entry: Entry, feed: Feed, *, now: datetime, language: str = "") -> Sighting | None:
    """One entry as an article first seen ``now``; None when it holds nothing to read or to follow."""
    sightings = to_sightings((entry,), feed, now=now, language=language)
    return sightings[0] if sightings else None


def to_sightings(entries: Sequence[Entry], feed: Feed, *, now: datetime, language: str = "") -> tuple[Sighting, ...]:
    """The entries of one document as articles, in its order; ``language`` is what the document declares.

    Looks at the document as a whole: an id or a link that several different entries share identifies none of them.
    """
    links = [unwrap(entry.url or _link_in(entry.id)) for entry in entries]
    keys = [link_key(link) for link in links]
    shared_ids = _shared((entry.id, key or entry.title) for entry, key in zip(entries, keys, strict=True))
    shared_links = _shared((key, entry.id or entry.title) for entry, key in zip(entries, keys, strict=True))
    sightings: dict[str, Sighting] = {}
    unreadable = 0
    for entry, link, key in zip(entries, links, keys, strict=True):
        own_id = entry.id if entry.id not in shared_ids else f"{entry.id} {key or entry.title}"
        own_link = key if key not in shared_links else ""
        identity = own_id or own_link or f"{entry.title} {entry.published or entry.summary[:200]}"
        published = _published(entry, feed, now=now, puzzle=unreadable < UNREADABLE)
        unreadable += published is None and bool(entry.published)
        article = _article(
            entry,
            feed,
            article_id=_digest(f"link {own_link}" if own_link else f"entry {feed.id} {identity}"),
            url=canonical_url(link),
            published=published,
            declared=entry.language or feed.language or language,
            now=now,
        )
        if article is not None:
            entry_key = _digest(identity)
            sightings.setdefault(entry_key, Sighting(entry_key=entry_key, article=article))
    return tuple(sightings.values())


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """First members that stand with more than one second member."""
    distinct = {pair for pair in pairs if pair[0]}
    return {first for first, count in Counter(first for first, _ in distinct).items() if count > 1}


def _article(
    entry: Entry,
    feed: Feed,
    *,
    article_id: str,
    url: str,
    published: datetime | None,
    declared: str,
    now: datetime,
) -> Article | None:
    summary = plain_text(entry.summary[:MARKUP_LIMIT])
    if len(summary) < TEASER and entry.content:
        summary = max(summary, plain_text(entry.content[:MARKUP_LIMIT]), key=len)
    summary = _APPEARED.sub("", summary)
    title, outlet = _title(entry, feed)
    title = title or shorten(summary, 100) or url
    if not title:
        return None
    return Article(
        id=article_id,
        feed_id=feed.id,
        outlet=outlet,
        url=url,
        title=shorten(title, TITLE_LIMIT),
        summary="" if summary == title else shorten(summary, SUMMARY_LIMIT),
        language=detect_language(f"{title} {summary}", declared),
        published_at=min(published, now) if published is not None else now,
        seen_at=now,
        dated=published is not None,
        tier=feed.tier.value,
        country=feed.country,
    )


def _title(entry: Entry, feed: Feed) -> tuple[str, str]:
    """The title and who printed it: an aggregator names the outlet in the entry and again behind the title."""
    title = plain_text(entry.title)
    outlet = plain_text(entry.outlet) if any(f"//{host}/" in feed.url for host in _AGGREGATORS) else ""
    if outlet:
        title = title.removesuffix(f" - {outlet}")
    return title, outlet or feed.outlet


def _published(entry: Entry, feed: Feed, *, now: datetime, puzzle: bool) -> datetime | None:
    """When it was published, if that can be read and believed."""
    moment = entry.published_at
    if puzzle and entry.published:
        moment = read_date(
            entry.published, parsed=moment, now=now, language=feed.language or "en", country=feed.country
        )
    return moment if moment is not None and moment <= now + FUTURE else None


def _link_in(entry_id: str) -> str:
    return entry_id if entry_id.startswith(("http://", "https://")) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
