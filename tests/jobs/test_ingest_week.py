"""A simulated week of polling: every entry is stored exactly once, whatever is restarted or killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.core.feed import FetchOutcome, FetchRequest, Health
from monitor.feeds import fetch_all
from monitor.jobs.ingest_feeds import ingest_feeds
from monitor.store import Store
from monitor.store.articles import undecided
from monitor.store.feeds import load_states
from tests.support.feed_farm import FeedFarm
from tests.support.feeds import FARM_NOW, farm_feeds, quick_policy
from tests.support.news import make_settings

HOURS = 7 * 24
STEP = 8
CHILD = """
import json, sys
from datetime import datetime
from monitor.core.feed import Feed, FetchPolicy, Tier
from monitor.feeds import fetch_all
from monitor.jobs.ingest_feeds import ingest_feeds
from monitor.store import Store
from tests.support.feeds import make_feed, quick_policy
from tests.support.news import make_settings

job = json.loads(sys.argv[1])
feeds = tuple(make_feed(str(n), url) for n, url in enumerate(job["urls"]))
now, policy = datetime.fromisoformat(job["now"]), quick_policy(idle_timeout=5.0, total_timeout=10.0)
store = Store(job["store"])
print("ready", flush=True)
settings = make_settings(feeds=feeds, fetch=policy)
ingest_feeds(store, settings, lambda requests: fetch_all(requests, policy, now=now), now=now, force=True)
"""


def stored(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(article.url for article in undecided(connection, limit=1_000_000))


def published(farm: FeedFarm) -> set[str]:
    """Everything that the farm ever showed."""
    return {f"http://news{feed}.example/story/{n}" for feed in range(farm.feeds) for n in range(farm.shown(feed).stop)}


def test_in_a_week_every_entry_is_stored_exactly_once(sqlite_store: Store) -> None:
    farm = FeedFarm(feeds=12, items=24, hosts=4, new_items=2, change_share=0.3, step_seconds=3600)
    with farm.run():
        settings = make_settings(
            feeds=tuple(replace(feed, interval=timedelta(hours=12)) for feed in farm_feeds(farm)),
            fetch=quick_policy(),
        )
        for hour in range(0, HOURS, STEP):
            now = FARM_NOW + timedelta(hours=hour)
            farm.generation = hour

            def fetch(requests: Sequence[FetchRequest], now: datetime = now) -> Iterator[FetchOutcome]:
                return fetch_all(requests, quick_policy(), now=now)

            ingest_feeds(sqlite_store, settings, fetch, now=now)
    found = stored(sqlite_store)
    assert set(found) == published(farm)
    assert set(found.values()) == {1}
    with sqlite_store.read() as connection:
        states = load_states(connection).values()
    assert all(state.health is Health.HEALTHY and state.habit.lost == 0 for state in states)


def test_killed_at_random_points_nothing_is_lost_or_repeated(sqlite_url: str, sqlite_store: Store) -> None:
    dice = random.Random(1)
    farm = FeedFarm(feeds=40, items=12, hosts=8, new_items=3, change_share=0.6, latency=0.01)
    with farm.run():
        for step in range(2):
            farm.generation = step
            now = FARM_NOW + timedelta(hours=step)
            job = {"urls": [farm.url(n) for n in range(farm.feeds)], "store": sqlite_url, "now": now.isoformat()}
            child = subprocess.Popen(
                [sys.executable, "-c", CHILD, json.dumps(job)],
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(dice.uniform(0.1, 0.6))
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            child.stdout.close()
        policy = quick_policy(idle_timeout=5.0, total_timeout=10.0)
        settings = make_settings(feeds=farm_feeds(farm), fetch=policy)
        now = FARM_NOW + timedelta(hours=4)
        ingest_feeds(sqlite_store, settings, lambda r: fetch_all(r, policy, now=now), now=now, force=True)
    found = stored(sqlite_store)
    shown = {f"http://news{feed}.example/story/{n}" for feed in range(farm.feeds) for n in farm.shown(feed)}
    assert shown <= set(found) <= published(farm)
    assert set(found.values()) == {1}
