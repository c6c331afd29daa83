"""Compose the digest of a busy day in a store of a million articles; time and memory against the bars.

    python benchmarks/compose.py [--articles 1000000] [--store URL] [--keep FOLDER]

The store holds days of 10,000 articles, 300 of them flagged, in stories of one to six; every article has its decision.
Each step runs in a process of its own: what it takes after its imports, and the peak of its resident memory with them.
The first row is the floor: a process that only opens the store. ``--keep`` leaves the filled SQLite file for later.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from monitor.core.digest import DigestSpec
from monitor.settings import Settings, load_settings
from monitor.store import Store
from monitor.store import digests as digest_rows
from monitor.store.schema import articles, decisions, deliveries, digests, stories, story_members, told

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_DAY, FLAGGED = 10_000, 300
BATCH = 10_000
SECONDS, MEGABYTES = 3.0, 300.0
WORDS = {
    "en": "Pyongyang Moscow envoy shells convoy port treaty talks workers bridge oil fleet minister denies".split(),
    "ru": "Пхеньян Москва посол снаряды порт договор переговоры рабочие мост нефть флот министр".split(),
    "ko": "평양 모스크바 특사 포탄 항구 조약 회담 노동자 다리 석유 함대 장관".split(),
}
REASONS = [{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}]


def rows(count: int, themes: list[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """(article, decision, story id or nothing) of ``count`` articles, the oldest first; the last day ends at NOW."""
    draw = random.Random(7)
    story, left, words = "", 0, []
    for number in range(count):
        at = NOW - timedelta(days=(count - number) / A_DAY)
        language = draw.choice(list(WORDS))
        flagged = number % (A_DAY // FLAGGED) == 0
        if flagged and not left:
            story, left, words = f"st{number:08d}", draw.choice((1, 1, 1, 2, 3, 6)), draw.choices(WORDS["en"], k=9)
        title = " ".join(words if flagged and language == "en" else draw.choices(WORDS[language], k=9))
        left -= flagged
        key = f"a{number:08d}"
        article = {
            "id": key,
            "feed_id": f"feed{number % 100}",
            "outlet": f"Outlet {number % 100}",
            "url": f"https://outlet{number % 100}.example/{number}",
            "title": f"{title} {number % 977}",
            "summary": " ".join(draw.choices(WORDS[language], k=30)),
            "text": "",
            "language": language,
            "tier": "general",
            "country": "",
            "published_at": at - timedelta(minutes=20),
            "seen_at": at,
            "dated": True,
            "decision_id": number + 1,
        }
        decision = {
            "id": number + 1,
            "article_id": key,
            "model": "m",
            "watch": "w",
            "settings": "s",
            "score": 0.7 + draw.random() * 0.3 if flagged else draw.random() * 0.4,
            "digest": flagged,
            "alert": False,
            "themes": draw.sample(themes, 2) if flagged else [],
            "reasons": REASONS,
            "terms": [],
            "decided_at": at + timedelta(minutes=2),
            "late": False,
        }
        yield article, decision, story if flagged else ""


def fill(store: Store, count: int) -> None:
    """Put ``count`` articles with their decisions and stories into an empty store."""
    settings = load_settings(ROOT / "config")
    made = rows(count, [theme.id for theme in settings.themes])
    while batch := [row for row, _ in zip(made, range(BATCH), strict=False)]:
        with store.write() as connection:
            _put(connection, batch)
    with store.write() as connection:
        connection.execute(text("ANALYZE"))
        if store.dialect == "postgresql":
            connection.execute(text("SELECT setval('decisions_id_seq', (SELECT max(id) FROM decisions))"))


def _put(connection: Connection, batch: list[tuple[dict[str, Any], dict[str, Any], str]]) -> None:
    connection.execute(insert(articles), [article for article, _, _ in batch])
    connection.execute(insert(decisions), [decision for _, decision, _ in batch])
    members = [(article, story) for article, _, story in batch if story]
    grown: dict[str, dict[str, Any]] = {}
    for article, story in members:
        row = grown.setdefault(story, {"id": story, "title": article["title"], "first_seen_at": article["seen_at"]})
        row |= {"last_seen_at": article["seen_at"], "merged_into": None}
    known = {row.id for row in connection.execute(stories.select().where(stories.c.id.in_(grown)))}
    if fresh := [row for key, row in grown.items() if key not in known]:
        connection.execute(insert(stories), fresh)
    connection.execute(
        insert(story_members),
        [{"article_id": a["id"], "story_id": story, "joined_at": a["seen_at"]} for a, story in members],
    )


def busy_settings() -> Settings:
    """Our own config with one digest that takes in everything."""
    spec = DigestSpec(id="busy", channel="#busy", cron="0 8 * * *", time_zone="Asia/Seoul", max_stories=300)
    return replace(load_settings(ROOT / "config"), digests=(spec,))


def step_open(store: Store, _settings: Settings, _home: Path) -> str:
    store.check()
    return "the floor"


def step_compose(store: Store, settings: Settings, _home: Path) -> str:
    from monitor.jobs.send_digests import preview_digest

    digest = preview_digest(store, settings, "busy", now=NOW)
    articles = sum(len(story.members) for story in digest.stories)
    return f"{len(digest.stories)} stories, {articles} articles of {digest.decided:,}"


def step_slack(store: Store, settings: Settings, _home: Path) -> str:
    from monitor.jobs.send_digests import preview_digest
    from monitor.slack import render_digest

    digest = preview_digest(store, settings, "busy", now=NOW)
    messages = render_digest(digest, themes=settings.themes)
    with store.write() as connection:
        digest_rows.freeze(connection, digest, messages, told_stories=digest.stories, now=NOW)
    return f"{len(messages)} messages"


def step_page(store: Store, settings: Settings, home: Path) -> str:
    from monitor.jobs.send_digests import preview_digest
    from monitor.pages import digest_page

    page = digest_page(preview_digest(store, settings, "busy", now=NOW), themes=settings.themes)
    (home / "page.html").write_text(page, encoding="utf-8")
    return f"{len(page) / 1000:.0f} kB"


def step_report(store: Store, settings: Settings, home: Path) -> str:
    from monitor.jobs.report_week import report_week
    from monitor.pages import report_page

    made = report_week(store, settings, settings.digests[0], since=NOW - timedelta(days=7), until=NOW)
    (home / "report.html").write_text(report_page(made, themes=settings.themes), encoding="utf-8")
    return f"{made.articles:,} flagged articles of {made.digest.decided:,}"


STEPS: dict[str, Callable[[Store, Settings, Path], str]] = {
    "open": step_open,
    "digest: compose": step_compose,
    "digest: compose, page with pictures (loads matplotlib)": step_page,
    "digest: compose, render for Slack, freeze": step_slack,
    "report of a week (loads matplotlib)": step_report,
}


def measure(url: str, name: str) -> None:
    """Do one step in this process and print what it took."""
    import monitor.jobs.send_digests  # noqa: F401  (imports are paid once a process, not once a digest)

    settings, store = busy_settings(), Store(url)
    with tempfile.TemporaryDirectory() as home:
        began, cpu = time.perf_counter(), time.process_time()
        found = STEPS[name](store, settings, Path(home))
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
    store.close()
    print(json.dumps({"s": took, "cpu": cpu, "mb": peak_memory(), "found": found}))


def peak_memory() -> float:
    """Megabytes that this process had in memory at most; getrusage would count what its parent had when it forked."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--store", default="", help="an empty PostgreSQL database; without it, SQLite in --keep")
    parser.add_argument("--keep", type=Path, default=None, help="folder of the SQLite file")
    parser.add_argument("--step", nargs=2, metavar=("URL", "NAME"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        measure(*given.step)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        url = given.store or f"sqlite:///{folder / f'{given.articles}.db'}"
        store = Store(url)
        store.migrate()
        with store.write() as connection:
            for table in (deliveries, told, digests):  # what an earlier run composed
                connection.execute(table.delete())
            empty = connection.execute(articles.select().limit(1)).first() is None
        if empty:
            began = time.perf_counter()
            fill(store, given.articles)
            print(f"{given.articles:,} articles filled in {time.perf_counter() - began:.0f} s\n")
        store.close()
        print("| step | s | of 3 s | CPU s | peak MB | of 300 MB | |\n|---|---|---|---|---|---|---|")
        for name in STEPS:
            done = subprocess.run(
                [sys.executable, __file__, "--step", url, name], check=True, capture_output=True, text=True
            )
            row = json.loads(done.stdout.splitlines()[-1])
            times = f"{row['s']:.2f} | {row['s'] / SECONDS:.2f} | {row['cpu']:.2f}"
            print(f"| {name} | {times} | {row['mb']:.0f} | {row['mb'] / MEGABYTES:.2f} | {row['found']} |")


if __name__ == "__main__":
    main()
