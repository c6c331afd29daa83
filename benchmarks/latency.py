"""From publication to the message: a whole production on this machine, and entries that are published all the time.

python benchmarks/latency.py [HOME] [--entries 60] [--minutes 7] [--feeds 100]

Airflow with CeleryExecutor, Redis and PostgreSQL runs as docker-compose.yml has it, and polls a farm of feeds every
minute. Each of the entries is made of words of its own, flagged by a watch term, and put on top of a randomly
chosen feed at a random moment; the farm's other feeds change meanwhile. The end is the moment at which the stand-in
for Slack took the first message with the entry's link. HOME is a MONITOR_HOME with a trained model in SQLite (var).
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import create_engine, text  # noqa: E402

from tests.support import postgres  # noqa: E402
from tests.support.celery_airflow import celery_airflow  # noqa: E402
from tests.support.feed_farm import FeedFarm  # noqa: E402
from tests.support.slack_twin import SlackTwin  # noqa: E402

POLL_SECONDS = 60
TARGET_SECONDS = POLL_SECONDS + 60
WORDS = (
    "anchor apron arch attic badge bakery banner barley basket beacon bellows bench birch blanket boiler bonnet "
    "brewery brick bucket button cabin candle canvas carpet cellar chapel cheese chimney cider clay clinic clover "
    "cobbler compass copper cottage cradle curtain dairy ditch drum easel fiddle finch flute forge fountain garlic "
    "gazebo glacier granite gravel hammock harp hedge heron honey jigsaw kettle kiln ladder lantern lichen linen "
    "loom magpie mandolin marble meadow mortar nettle orchard otter paddle parsnip pebble pillow plum quarry quilt "
    "raven ribbon saddle sparrow spindle thimble trout turnip velvet violin walnut wicket willow"
).split()
MONITOR = """\
digests:
  - {id: daily, channel: C0TWINDIG01, cron: "0 7 1 1 *", time_zone: UTC}
alerts:
  - {id: urgent, channel: C0TWINALR01, max_per_hour: 60}
fetch:
  contact: nobody@example.org
  host_gap: 0
  min_interval: 1m
  allow_hosts: ["127.0.0.0/8"]
"""
WATCH = """\
terms:
  - {name: ledger mark, any_of: ["/ledger mark \\\\d+/"], always: true, alert: true}
"""


def write_config(folder: Path, farm: FeedFarm) -> Path:
    """The config of the farm's feeds, each polled at every poll."""
    folder.mkdir()
    feeds = "".join(
        f"  - {{id: f{n}, outlet: Outlet {n}, url: '{farm.url(n)}', language: en, country: GB, tier: general, "
        "interval: 1m}\n"
        for n in range(farm.feeds)
    )
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}")
    (folder / "monitor.yaml").write_text(MONITOR)
    (folder / "watch.yaml").write_text(WATCH)
    (folder / "themes.yaml").write_text((ROOT / "config" / "themes.yaml").read_text())
    return folder


def publish(farm: FeedFarm, *, entries: int, seconds: float, draw: random.Random) -> dict[str, float]:
    """Publish at random moments; when each link came, in Unix seconds."""
    moments = sorted(draw.uniform(0, seconds) for _ in range(entries))
    began, published, minute = time.time(), {}, 0
    for number, moment in enumerate(moments):
        time.sleep(max(0.0, began + moment - time.time()))
        if moment // 60 > minute:
            minute = int(moment // 60)
            farm.generation += 1
        # Words of their own: two entries must not become one story.
        words = draw.sample(WORDS, 22)
        title = f"{' '.join(words[:8]).capitalize()}, ledger mark {number}"
        link = farm.publish(draw.randrange(farm.feeds), title, f"<p>{' '.join(words[8:]).capitalize()}.</p>")
        published[link] = time.time()
    return published


def told(twin: SlackTwin, links: Mapping[str, float]) -> dict[str, float]:
    """When the first message with each link came, in Unix seconds."""
    found: dict[str, float] = {}
    for message in twin.messages(SlackTwin.ALERTS):
        words = str(message)
        for link in links:
            if f"{link}'" in words or f"{link}|" in words or f"{link}>" in words:
                found.setdefault(link, float(message["ts"]))
    return found


def steps(store_url: str, links: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """When each link was first seen, and when it was decided on."""
    engine = create_engine(store_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT a.url, a.seen_at, d.decided_at FROM articles a JOIN decisions d ON d.id = a.decision_id")
        ).all()
    engine.dispose()
    return {url: (seen.timestamp(), decided.timestamp()) for url, seen, decided in rows if url in links}


def row(name: str, seconds: list[float]) -> str:
    """One line of the table."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return f"| {name} | {cuts[49]:.1f} | {cuts[94]:.1f} | {max(seconds):.1f} |"


def main() -> int:
    """Run it and print the table; 1 when an entry was never told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, nargs="?", default=ROOT / "var")
    parser.add_argument("--entries", type=int, default=60, help="a channel takes 60 alerts an hour")
    parser.add_argument("--minutes", type=float, default=7)
    parser.add_argument("--feeds", type=int, default=100)
    options = parser.parse_args()
    farm = FeedFarm(feeds=options.feeds, items=30, hosts=40, new_items=1, change_share=0.3, latency=0.1)
    with (
        tempfile.TemporaryDirectory(prefix="latency-") as name,
        postgres.server() as server,
        farm.run(),
        SlackTwin() as twin,
    ):
        folder = Path(name)
        product = {
            "MONITOR_HOME": str(folder / "home"),
            "MONITOR_CONFIG": str(write_config(folder / "config", farm)),
            "MONITOR_POLL_CRON": "* * * * *",
            "MONITOR_ALARM_CHANNEL": SlackTwin.OPERATORS,
            "SLACK_BOT_TOKEN": twin.token,
            "SLACK_API_URL": twin.api_url,
        }
        began = time.time()
        with celery_airflow(folder, product, server=server, trained=options.home) as production:
            print(f"up after {time.time() - began:.0f} s", flush=True)
            while not steps(production.store_url, {"http://news0.example/story/0": 0.0}):
                production.airflow.check()
                time.sleep(1)
            print(f"first poll decided after {time.time() - began:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
            links = publish(farm, entries=options.entries, seconds=60 * options.minutes, draw=random.Random(8))
            until = time.time() + 300
            while len(told(twin, links)) < len(links) and time.time() < until:
                time.sleep(1)
            ends, between = told(twin, links), steps(production.store_url, links)
            runs = {dag: production.runs(dag) for dag in ("ingest_feeds", "classify_articles", "send_alerts")}
        alarms = [message["text"] for message in twin.messages(SlackTwin.OPERATORS)]
    print(f"{len(ends)} of {len(links)} entries told; load {os.getloadavg()[0]:.1f}; {datetime.now(UTC):%H:%M} UTC")
    print({dag: len(held) for dag, held in runs.items()}, "alarms:", alarms)
    print("| from publication | p50 s | p95 s | most s |\n|---|---|---|---|")
    print(row("to the start of the poll that saw it", [between[link][0] - links[link] for link in ends]))
    print(row("to the start of the run that decided", [between[link][1] - links[link] for link in ends]))
    whole = [ends[link] - links[link] for link in ends]
    print(row("to the message", whole))
    print(
        f"target: p95 <= {TARGET_SECONDS} s: x {quantiles(whole, n=100, method='inclusive')[94] / TARGET_SECONDS:.2f}"
    )
    return int(len(ends) < len(links))


if __name__ == "__main__":
    sys.exit(main())
