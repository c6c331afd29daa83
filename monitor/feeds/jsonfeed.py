"""JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any
from urllib.parse import urljoin

from monitor.core.feed import Entry
from monitor.feeds.document import DocumentState, ParsedDocument

CONTENT_LIMIT = 200_000


def parse_json_feed(body: bytes, *, url: str) -> ParsedDocument:
    """Read a JSON Feed of version 1 or 1.1. Never raises for what is in it."""
    try:
        # Control characters inside of texts are against the standard, and common.
        feed = json.loads(body.decode(json.detect_encoding(body), "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        state = DocumentState.TRUNCATED if b"jsonfeed.org" in body[:1000] else DocumentState.NOT_A_FEED
        return ParsedDocument(state=state, problem=f"not valid JSON: {error}")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return ParsedDocument(state=DocumentState.NOT_A_FEED, problem="JSON, but not a JSON Feed: it has no items")
    entries = tuple(_entry(item, url) for item in items if isinstance(item, dict))
    return ParsedDocument(
        state=DocumentState.OK if entries else DocumentState.EMPTY,
        entries=entries,
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        problem="" if entries else "a feed without entries",
    )


def _entry(item: dict[str, Any], base: str) -> Entry:
    content = _text(item, "content_html") or _text(item, "content_text")
    link = _text(item, "url") or _text(item, "external_url")
    try:
        link = urljoin(base, link) if link else ""
    except ValueError:
        link = ""
    return Entry(
        id=_text(item, "id"),
        url=link,
        title=_text(item, "title"),
        summary=(_text(item, "summary") or content)[:CONTENT_LIMIT],
        content=content[:CONTENT_LIMIT],
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        language=_text(item, "language"),
    )


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # ids are numbers in some feeds, against the standard
    return value if isinstance(value, str) else ""
