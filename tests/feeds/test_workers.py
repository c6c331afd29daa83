"""Parse workers: each document has its own time, and a death takes one document with it."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from monitor.feeds import DocumentState, FileEntry, FileState, ParsedDocument, parse_files
from monitor.feeds.workers import ParseWorkers
from tests.support.feed_farm import FeedFarm
from tests.support.feeds import FARM_NOW

FARM = FeedFarm(feeds=3)


def parse(
    bodies: list[bytes], *, timeout: float = 20.0, workers: int = 2, kill_first: bool = False
) -> list[ParsedDocument]:
    async def work() -> list[ParsedDocument]:
        async with ParseWorkers(workers, timeout) as pool:
            if kill_first:
                await pool.parse(FARM.body(0), url="", content_type="")
                for process in pool._running:
                    os.kill(process.pid, signal.SIGKILL)
            return await asyncio.gather(*(pool.parse(body, url="", content_type="") for body in bodies))

    return asyncio.run(work())


def test_documents_are_parsed_side_by_side() -> None:
    documents = parse([FARM.body(number % 3) for number in range(8)])
    assert [len(document.entries) for document in documents] == [FARM.items] * 8


def test_a_document_that_takes_too_long_is_given_up_and_the_others_are_not() -> None:
    slow = b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 60_000
    documents = parse([slow, FARM.body(0)], timeout=0.8, workers=1)
    assert [document.state for document in documents] == [DocumentState.TIMEOUT, DocumentState.OK]


def test_a_worker_that_was_killed_costs_one_document_and_is_replaced() -> None:
    documents = parse([FARM.body(0), FARM.body(1)], workers=1, kill_first=True)
    assert [document.state for document in documents] == [DocumentState.CRASHED, DocumentState.OK]


def test_no_worker_outlives_its_pool() -> None:
    async def work() -> list[int]:
        async with ParseWorkers(2, 20.0) as pool:
            await asyncio.gather(*(pool.parse(FARM.body(0), url="", content_type="") for _ in range(2)))
            return [process.pid for process in pool._running]

    for pid in asyncio.run(work()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_files_are_parsed_in_order_each_with_its_state(tmp_path: Path) -> None:
    files = {"a.xml": FARM.body(0), "b.xml": b"", "c.html": b"<html></html>"}
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    paths = [*(tmp_path / name for name in files), tmp_path / "absent.xml"]
    results = list(parse_files(paths, now=FARM_NOW))
    states = [(Path(row.file).name, row.state, row.entries) for row in results if isinstance(row, FileState)]
    assert states == [
        ("a.xml", "ok", FARM.items),
        ("b.xml", "empty", 0),
        ("c.html", "not_a_feed", 0),
        ("absent.xml", "unreadable", 0),
    ]
    assert sum(isinstance(row, FileEntry) for row in results) == FARM.items
