"""Feed files from a disk: each parsed in a worker with a limit of its own, in the order in which they were given."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.core.article import Sighting
from monitor.core.feed import Entry, Feed, Tier
from monitor.core.normalize import to_article
from monitor.feeds.document import ParsedDocument
from monitor.feeds.workers import ParseWorkers

MAX_FILE = 64 * 1024 * 1024
BATCH = 64  # files that are in flight at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One entry of a file, normalised. ``published`` is ISO 8601 UTC, None when it cannot be read."""

    file: str
    id: str
    url: str
    title: str
    summary: str
    published: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """One file: its ``state`` in one word (DocumentState, or "unreadable"), its entries, what is wrong in words."""

    file: str
    state: str
    entries: int
    problem: str = ""


def parse_files(
    paths: Sequence[Path], *, now: datetime, timeout: float = 9.0, workers: int = 2
) -> Iterator[FileEntry | FileState]:
    """For each file its entries and then its state. Never raises for what is in a file; at most ``timeout`` s each."""
    with asyncio.Runner() as runner:
        pool = ParseWorkers(workers, timeout)
        try:
            for start in range(0, len(paths), BATCH):
                batch = paths[start : start + BATCH]
                for path, result in zip(batch, runner.run(_parse_batch(pool, batch)), strict=True):
                    yield from _rows(str(path), result, now=now)
        finally:
            runner.run(pool.__aexit__())


async def _parse_batch(pool: ParseWorkers, paths: Sequence[Path]) -> list[ParsedDocument | OSError]:
    return await asyncio.gather(*(_parse_file(pool, path) for path in paths))


async def _parse_file(pool: ParseWorkers, path: Path) -> ParsedDocument | OSError:
    try:
        body = await asyncio.to_thread(_read, path)
    except OSError as error:
        return error
    return await pool.parse(body, url="", content_type="")


def _read(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE:
        raise OSError("larger than 64 MB")
    return path.read_bytes()


def _rows(file: str, result: ParsedDocument | OSError, *, now: datetime) -> Iterator[FileEntry | FileState]:
    if isinstance(result, OSError):
        yield FileState(file=file, state="unreadable", entries=0, problem=str(result))
        return
    feed = Feed(id=file, url="", outlet="", language="", country="", tier=Tier.GENERAL)
    for entry in result.entries:
        yield _row(file, entry, to_article(entry, feed, now=now, language=result.language))
    yield FileState(file=file, state=result.state.value, entries=len(result.entries), problem=result.problem)


def _row(file: str, entry: Entry, sighting: Sighting | None) -> FileEntry:
    if sighting is None:  # nothing to read and nothing to follow: an entry all the same
        return FileEntry(file=file, id=entry.id, url="", title="", summary="", published=None, language="und")
    article = sighting.article
    return FileEntry(
        file=file,
        id=entry.id or article.id,
        url=article.url,
        title=article.title,
        summary=article.summary,
        published=article.published_at.isoformat() if article.dated else None,
        language=article.language,
    )
