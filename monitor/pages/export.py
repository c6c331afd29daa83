"""Flagged stories for other programs: Atom, RSS, JSON Feed, CSV.

A feed carries what a link needs: title, link, and of the text at most EXCERPT_LENGTH characters; the words belong to
the outlet. Each story keeps its id in all four, so that a reader of feeds shows it once, however it grows.
Atom is RFC 4287, RSS is version 2.0 (https://www.rssboard.org/rss-specification), JSON Feed is version 1.1
(https://www.jsonfeed.org/version/1.1/).
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import UUID, uuid5

from lxml import etree

from monitor.core.story import Story
from monitor.core.tell import clean, lead_of, safe_url

EXCERPT_LENGTH = 200
TITLE_LENGTH = 250
_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_STORIES = UUID("6a1c4f4e-52f1-4b39-9f0a-3a1b7f2f5a10")  # drawn once; ids of stories are named within it
_FORMULA = "=+-@\t\r＝＋－＠"  # what makes a spreadsheet compute a cell: OWASP, CSV injection
COLUMNS = (
    "story",
    "first_seen",
    "updated",
    "title",
    "link",
    "excerpt",
    "outlet",
    "language",
    "published",
    "score",
    "themes",
    "articles",
    "outlets",
    "languages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story as other programs get it; texts are clean, times in UTC."""

    id: str
    urn: str
    title: str
    link: str
    excerpt: str
    outlet: str
    language: str
    published_at: datetime
    first_seen_at: datetime
    updated_at: datetime
    score: float
    themes: tuple[str, ...]
    articles: int
    outlets: tuple[str, ...]
    languages: tuple[str, ...]


def items_of(stories: Iterable[Story], language: str) -> tuple[Item, ...]:
    """``stories`` for readers of ``language``, the one that grew last first."""
    ranked = sorted(stories, key=lambda story: (story.last_seen_at, story.id), reverse=True)
    return tuple(_item(story, language) for story in ranked)


def _item(story: Story, language: str) -> Item:
    lead = lead_of(story, language).article
    best = max(story.members, key=lambda told: told.decision.score).decision
    return Item(
        id=story.id,
        urn=uuid5(_STORIES, story.id).urn,
        title=clean(lead.title, TITLE_LENGTH) or "—",
        link=safe_url(lead.url),
        excerpt=clean(lead.summary, EXCERPT_LENGTH),
        outlet=clean(lead.outlet, 60),
        language=clean(lead.language, 20),
        published_at=lead.published_at,
        first_seen_at=story.first_seen_at,
        updated_at=story.last_seen_at,
        score=round(story.score, 4),
        themes=best.themes,
        articles=len(story.members),
        outlets=tuple(clean(outlet, 60) for outlet in story.outlets),
        languages=tuple(clean(code, 20) for code in story.languages),
    )


def atom_feed(items: Sequence[Item], *, title: str, now: datetime) -> str:
    """An Atom document; ``now`` is when it was last changed if it is empty."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _put(feed, "id", uuid5(_STORIES, f"feed {title}").urn)
    _put(feed, "title", title)
    _put(feed, "updated", _iso(max((item.updated_at for item in items), default=now)))
    for item in items:
        entry = _put(feed, "entry")
        _put(entry, "id", item.urn)
        _put(entry, "title", item.title)
        _put(entry, "published", _iso(item.published_at))
        _put(entry, "updated", _iso(item.updated_at))
        _put(_put(entry, "author"), "name", item.outlet or "—")
        # An entry without content needs a link that shows it; a story without one stands for itself.
        _put(entry, "link", rel="alternate", href=item.link) if item.link else _put(entry, "content", item.title)
        if item.excerpt:
            _put(entry, "summary", item.excerpt)
        for theme in item.themes:
            _put(entry, "category", term=theme)
    return _document(feed)


def rss_feed(items: Sequence[Item], *, title: str, now: datetime) -> str:
    """An RSS 2.0 document."""
    rss = etree.Element("rss", version="2.0", nsmap={"dc": _DUBLIN_CORE})
    channel = _put(rss, "channel")
    _put(channel, "title", title)
    _put(channel, "link", "about:blank")  # required, but there is no site behind it
    _put(channel, "description", title)
    _put(channel, "lastBuildDate", format_datetime(max((item.updated_at for item in items), default=now), usegmt=True))
    for item in items:
        entry = _put(channel, "item")
        _put(entry, "title", item.title)
        if item.link:
            _put(entry, "link", item.link)
        if item.excerpt:
            _put(entry, "description", item.excerpt)
        _put(entry, f"{{{_DUBLIN_CORE}}}creator", item.outlet)  # RSS's own author is an address of mail
        for theme in item.themes:
            _put(entry, "category", theme)
        _put(entry, "guid", item.urn, isPermaLink="false")
        _put(entry, "pubDate", format_datetime(item.published_at.astimezone(UTC), usegmt=True))
    return _document(rss)


def json_feed(items: Sequence[Item], *, title: str, now: datetime) -> str:  # noqa: ARG001  (one form for all)
    """A JSON Feed document; what the format has no word for stands under ``_monitor``."""
    entries = [
        {
            "id": item.urn,
            **({"url": item.link} if item.link else {}),
            "title": item.title,
            "content_text": item.excerpt or item.title[:EXCERPT_LENGTH],
            "date_published": _iso(item.published_at),
            "date_modified": _iso(item.updated_at),
            "authors": [{"name": item.outlet}],
            "tags": list(item.themes),
            "language": item.language,
            "_monitor": {"story": item.id, "score": item.score, "outlets": item.outlets, "languages": item.languages},
        }
        for item in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": entries}
    return json.dumps(feed, ensure_ascii=False, indent=2) + "\n"


def csv_table(items: Sequence[Item], *, title: str, now: datetime) -> str:  # noqa: ARG001  (one form for all)
    """A table (RFC 4180) that begins with a byte order mark, without which Excel reads UTF-8 as something else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for item in items:
        row = (
            item.id,
            _iso(item.first_seen_at),
            _iso(item.updated_at),
            item.title,
            item.link,
            item.excerpt,
            item.outlet,
            item.language,
            _iso(item.published_at),
            item.score,
            "; ".join(item.themes),
            item.articles,
            "; ".join(item.outlets),
            "; ".join(item.languages),
        )
        writer.writerow([_inert(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + out.getvalue()


FORMATS = {"atom": atom_feed, "rss": rss_feed, "json": json_feed, "csv": csv_table}


def _inert(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula: with an apostrophe before it, which is not shown."""
    return f"'{cell}" if cell.lstrip(" ").startswith(tuple(_FORMULA)) else cell


def _put(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    space = f"{{{_ATOM}}}" if parent.tag.startswith(f"{{{_ATOM}}}") else ""
    child = etree.SubElement(parent, f"{space}{tag}", attributes)
    child.text = text
    return child


def _document(root: etree._Element) -> str:
    etree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + str(etree.tostring(root, encoding="unicode")) + "\n"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
