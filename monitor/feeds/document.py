"""What parsing one document gives, and how it travels from a worker process to its parent."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from monitor.core.feed import Entry


class DocumentState(StrEnum):
    """How a document is, in one word."""

    OK = "ok"
    DAMAGED = "damaged"
    """Not well-formed, but read to its end."""
    TRUNCATED = "truncated"
    """Cut short: entries may be missing."""
    EMPTY = "empty"
    """A feed without entries."""
    NOT_A_FEED = "not_a_feed"
    REFUSED = "refused"
    """Made to harm: entities that expand without end."""
    TIMEOUT = "timeout"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """One document: its ``entries`` as published, newest first as a rule, and how it is (``problem`` in words)."""

    state: DocumentState
    entries: tuple[Entry, ...] = ()
    title: str = ""
    language: str = ""
    problem: str = ""
    max_age_minutes: int = 0
    """How long the document asks to be kept (RSS ttl), 0 when it says nothing."""
    unfinished: bool = False
    """True when the document was cut inside its last entry: what that entry lacks nobody knows."""

    @property
    def complete(self) -> bool:
        """True when nothing seems to be missing."""
        return self.state in {DocumentState.OK, DocumentState.DAMAGED, DocumentState.EMPTY}


def pack_document(document: ParsedDocument) -> bytes:
    """JSON: a worker reads hostile input, so what it sends must not be able to run code in its parent."""
    return json.dumps(
        [
            document.state,
            [_entry_row(entry) for entry in document.entries],
            document.title,
            document.language,
            document.problem,
            document.max_age_minutes,
            document.unfinished,
        ]
    ).encode()


def unpack_document(data: bytes) -> ParsedDocument:
    """The document that ``pack_document`` packed."""
    state, rows, title, language, problem, max_age_minutes, unfinished = json.loads(data)
    return ParsedDocument(
        state=DocumentState(state),
        entries=tuple(_entry(row) for row in rows),
        title=title,
        language=language,
        problem=problem,
        max_age_minutes=max_age_minutes,
        unfinished=unfinished,
    )


def _entry_row(entry: Entry) -> list[Any]:
    seconds = entry.published_at.timestamp() if entry.published_at is not None else None
    return [
        entry.id,
        entry.url,
        entry.title,
        entry.summary,
        entry.content,
        entry.published,
        entry.updated,
        seconds,
        entry.language,
        entry.outlet,
    ]


def _entry(row: list[Any]) -> Entry:
    entry_id, url, title, summary, content, published, updated, seconds, language, outlet = row
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        published_at=datetime.fromtimestamp(seconds, UTC) if seconds is not None else None,
        language=language,
        outlet=outlet,
    )
