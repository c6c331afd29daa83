"""A simulated week of polling: every entry is stored exactly once, though the poller is killed again and again."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

from monitor.core.feed import Health
from monitor.feeds import fetch_all
from monitor.jobs.ingest_feeds import ingest_feeds
from monitor.store import Store
from monitor.store.articles import undecided
from monitor.store.feeds import load_states
from tests.support.feed_farm import FeedFarm
from tests.support.feeds import FARM_NOW, make_feed, quick_policy
from tests.support.news import make_settings

HOURS = range(0, 7 * 24, 12)
# Processes that are forked from one that has imported everything: what is tested is their death, not their birth.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def poll(urls: Sequence[str], store_url: str, hours: Connection) -> None:
    """Polls at each hour that it is told, and answers when it is done."""
    policy = quick_policy(idle_timeout=5.0, total_timeout=10.0, parse_workers=1)
    feeds = tuple(make_feed(str(n), url, interval=timedelta(hours=12)) for n, url in enumerate(urls))
    store, settings = Store(store_url), make_settings(feeds=feeds, fetch=policy)
    while True:
        now = FARM_NOW + timedelta(hours=hours.recv())
        ingest_feeds(store, settings, lambda requests, now=now: fetch_all(requests, policy, now=now), now=now)
        hours.send("done")


class Poller:
    """A process that polls, and that can be killed."""

    def __init__(self, farm: FeedFarm, store_url: str) -> None:
        self._hours, theirs = PROCESSES.Pipe()
        urls = [farm.url(number) for number in range(farm.feeds)]
        self._process = PROCESSES.Process(target=poll, args=(urls, store_url, theirs))
        self._process.start()
        theirs.close()

    def start(self, hour: int) -> None:
        """Let it poll; it answers when it is done."""
        self._hours.send(hour)

    def finish(self) -> None:
        """Wait until it has polled."""
        assert self._hours.recv() == "done"

    def kill(self) -> None:
        """kill -9: its parse worker finds nobody at the other end of its pipe, and ends."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._hours.close()


def stored(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(article.url for article in undecided(connection, limit=1_000_000))


def published(farm: FeedFarm) -> set[str]:
    """Everything that the farm ever showed."""
    return {f"http://news{feed}.example/story/{n}" for feed in range(farm.feeds) for n in range(farm.shown(feed).stop)}


def poll_a_week(farm: FeedFarm, store_url: str, dice: random.Random) -> int:
    """Poll twice a day; returns how often the poller was killed on the way."""
    poller, kills = Poller(farm, store_url), 0
    for hour in HOURS:
        farm.generation = hour
        poller.start(hour)
        if dice.random() < 0.35:
            time.sleep(dice.uniform(0.0, 0.5))
            poller.kill()
            poller, kills = Poller(farm, store_url), kills + 1
            poller.start(hour)
        poller.finish()
    poller.kill()
    return kills


def test_in_a_week_with_kills_every_entry_is_stored_exactly_once(sqlite_url: str, sqlite_store: Store) -> None:
    shape: dict[str, Any] = {"new_items": 2, "change_share": 0.2, "step_seconds": 3600, "latency": 0.02}
    farm = FeedFarm(feeds=12, items=24, hosts=4, **shape)
    with farm.run():
        assert poll_a_week(farm, sqlite_url, random.Random(3)) >= 3
    found = stored(sqlite_store)
    assert set(found) == published(farm)
    assert set(found.values()) == {1}
    with sqlite_store.read() as connection:
        states = load_states(connection).values()
    assert all(state.health is Health.HEALTHY and state.habit.lost == 0 for state in states)
