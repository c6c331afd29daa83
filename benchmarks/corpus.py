"""Every file of a feed corpus through ``parse_files``: states, expectations, and entries that feedparser finds.

    python benchmarks/corpus.py FOLDER

FOLDER holds the files and a ``manifest.jsonl`` with path, kind and, where known, expect_entries (see feeds/README.md of
the evaluation data, which is no part of this project).
"""

import argparse
import io
import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
from feedparser import api

from monitor.feeds import FileState, parse_files
from monitor.feeds.parse import LeanParser

PLAIN = (LeanParser.__base__, [])  # feedparser's own parser and driver
RECORDED = {"news", "news-history", "fixture-real", "blog/other", "regenerated"}


def main() -> None:
    """Print the states, the expectations that fail, and the recorded feeds with fewer entries than feedparser finds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    manifest = {
        str(folder / row["path"]): row
        for row in map(json.loads, (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    }
    start = time.perf_counter()
    files = parse_files([Path(path) for path in manifest], now=datetime.now(UTC))
    found = {row.file: row for row in files if isinstance(row, FileState)}
    seconds = time.perf_counter() - start
    entries = sum(row.entries for row in found.values())
    print(f"{len(found)} of {len(manifest)} files, {entries} entries, {seconds:.1f} s")
    for state, count in Counter(row.state for row in found.values()).most_common():
        print(f"  {state:12} {count}")
    _compare_expectations(manifest, found)
    _compare_feedparser(manifest, found)


def _compare_expectations(manifest: dict[str, dict[str, Any]], found: dict[str, FileState]) -> None:
    stated = {path: row for path, row in manifest.items() if "expect_entries" in row}
    wrong = [path for path, row in stated.items() if found[path].entries != row["expect_entries"]]
    print(f"stated entry counts: {len(stated) - len(wrong)} of {len(stated)} agree")
    for path in wrong:
        row = found[path]
        print(f"  {stated[path]['path']}: stated {stated[path]['expect_entries']}, found {row.entries} ({row.state})")


def _compare_feedparser(manifest: dict[str, dict[str, Any]], found: dict[str, FileState]) -> None:
    recorded = [path for path, row in manifest.items() if row["kind"] in RECORDED]
    entries, fewer = Counter[str](), []
    api.StrictFeedParser, api.PREFERRED_XML_PARSERS = PLAIN
    for path in recorded:
        theirs = len(feedparser.parse(io.BytesIO(Path(path).read_bytes())).entries)
        entries["feedparser"] += theirs
        entries["ours"] += found[path].entries
        if found[path].entries < theirs:
            fewer.append((path, theirs))
    print(f"recorded feeds: {len(recorded)}, feedparser {entries['feedparser']} entries, ours {entries['ours']}")
    for path, theirs in fewer:
        print(f"  {manifest[path]['path']}: feedparser {theirs}, ours {found[path].entries} ({found[path].state})")


if __name__ == "__main__":
    main()
