"""What one scrape of the metrics costs, in small stores and in large ones.

    python -m benchmarks.scrape [ARTICLES ...] [--day 30000] [--feeds 1000] [--database sqlite|postgresql]

Stores with so many articles, each with its decision: ``--day`` of them came in the last 24 hours, the others in the
year before. A scrape is jobs.report_status and the rendering of it; the best and the median of five, and CPU seconds of
this process (PostgreSQL has its own). `monitor status` and `/watch status` count all articles besides.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from monitor.core.digest import AlertSpec
from monitor.core.feed import Feed, FeedState, Tier
from monitor.jobs.report_status import report_status
from monitor.metrics import expose
from monitor.store import Store, alerts, feeds, runs
from tests.support import postgres
from tests.support.news import make_settings

NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) SELECT i FROM n)",
    "postgresql": "(SELECT generate_series(0, :count - 1) AS i)",
}
AT = {  # seconds before now, as each database has it
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :now, '-' || ({seconds}) || ' seconds')",
    "postgresql": "(CAST(:now AS timestamptz) - make_interval(secs => {seconds}))",
}
ARTICLES = """
INSERT INTO articles (id, feed_id, outlet, url, title, summary, text, language, tier, country, dated, published_at,
                      seen_at, unseen_at, decision_id)
SELECT 'a' || (i + :first), 'feed-' || (i % :feeds), 'Outlet', 'https://x.example/' || (i + :first), 'Title ' || i,
       :summary, '', 'en', 'general', 'US', {true}, {published}, {seen}, {unseen}, i + :first + 1
FROM {numbers} AS n"""
DECISIONS = """
INSERT INTO decisions (id, article_id, model, watch, settings, score, digest, alert, themes, reasons, terms, decided_at,
                       late)
SELECT i + :first + 1, 'a' || (i + :first), 'm1', 'w1', 's1', 0.5, {flagged}, {false}, '[]', :reasons, '[]', {decided},
       {false}
FROM {numbers} AS n"""


def fill(store: Store, count: int, first: int, span: timedelta, before: timedelta, feed_count: int) -> None:
    """``count`` articles evenly over ``span``, which ended ``before`` now, polled every ten minutes."""
    kind, step = store.dialect, span.total_seconds() / max(count, 1)
    since = f"({before.total_seconds()} + CAST(i * {step} / 600 AS integer) * 600)"
    at = {
        name: AT[kind].format(seconds=f"{since} + {more}")
        for name, more in (("seen", 0), ("published", 200), ("unseen", 600))
    }
    at["decided"] = AT[kind].format(seconds=f"{since} - 30")
    words = {"true": "1", "false": "0"} if kind == "sqlite" else {"true": "TRUE", "false": "FALSE"}
    flagged = f"CASE WHEN i % 20 = 0 THEN {words['true']} ELSE {words['false']} END"
    given = {
        "count": count,
        "first": first,
        "feeds": feed_count,
        "summary": "news " * 60,
        "reasons": "[" + "1," * 100 + "1]",
    }
    now = datetime.now(UTC)
    given["now"] = now.strftime("%Y-%m-%d %H:%M:%S") if kind == "sqlite" else now
    with store.write() as connection:
        for statement in (ARTICLES, DECISIONS):
            made = text(statement.format(numbers=NUMBERS[kind], flagged=flagged, **words, **at))
            used = {name: value for name, value in given.items() if f":{name}" in made.text}
            connection.execute(made, used)


@contextmanager
def filled(kind: str, articles: int, day: int, feed_count: int) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        server = postgres.server() if kind == "postgresql" else None
        store = Store(server.__enter__() if server else f"sqlite:///{folder}/monitor.db")
        try:
            store.migrate()
            day = min(day, articles)
            fill(store, day, 0, timedelta(hours=23), timedelta(minutes=5), feed_count)
            fill(store, articles - day, day, timedelta(days=364), timedelta(days=1), feed_count)
            now = datetime.now(UTC)
            with store.write() as connection:
                alerts.began(connection, "alerts/urgent", "C2", now=now, since=now - timedelta(days=9))
                for number in range(feed_count):
                    keys = tuple(f"https://feed.example/entry/{n}" for n in range(50))
                    state = FeedState(feed_id=f"feed-{number}", url="x", last_success_at=now, entry_keys=keys)
                    feeds.save_states(connection, [state])
                for number in range(2000):
                    run_id = runs.start_run(connection, "ingest_feeds", now=now - timedelta(minutes=10 * number))
                    runs.finish_run(connection, run_id, now=now, counts={})
            if server:
                with store.write() as connection:
                    connection.execute(text("ANALYZE"))
            yield store
        finally:
            store.close()
            if server:
                server.__exit__(None, None, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--day", type=int, default=30_000)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--database", choices=sorted(NUMBERS), default="sqlite")
    given = parser.parse_args()
    some = [
        Feed(id=f"feed-{n}", url="x", outlet="O", language="en", country="US", tier=Tier.GENERAL)
        for n in range(given.feeds)
    ]
    settings = make_settings(feeds=tuple(some), alerts=(AlertSpec(id="urgent", channel="C2"),))
    print(f"{given.database}, {given.feeds:,} feeds, {given.day:,} articles in the last 24 h")
    print("  articles   best s   median s   CPU s   ratio")
    first = 0.0
    for count in given.articles:
        with filled(given.database, count, given.day, given.feeds) as store:
            seconds, cpu = [], time.process_time()
            for _ in range(5):
                began = time.perf_counter()
                expose(lambda store=store: report_status(store, settings, now=datetime.now(UTC), whole=False))
                seconds.append(time.perf_counter() - began)
            cpu = (time.process_time() - cpu) / 5
        first = first or min(seconds)
        best, median = min(seconds), statistics.median(seconds)
        print(f"{count:>10,} {best:>8.3f} {median:>10.3f} {cpu:>7.3f} {best / first:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
