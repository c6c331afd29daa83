"""The whole way from feeds to the store, over real HTTP."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from monitor.core.feed import FeedState, FetchOutcome, FetchRequest, Health
from monitor.errors import MonitorError
from monitor.feeds import fetch_all
from monitor.jobs.ingest_feeds import IngestReport, ingest_feeds
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.articles import count_articles, undecided
from monitor.store.feeds import health_history, load_states
from tests.support.feed_farm import FAULTS, FeedFarm
from tests.support.feeds import FARM_NOW, farm_feeds, make_feed, quick_policy
from tests.support.news import make_settings

WELL = (Health.HEALTHY, ())
# Of docs/operations.md, by the farm's name of the fault; all others are failing.
TABLE = {
    "r302": WELL,
    "charset": WELL,
    "badcharset": WELL,
    "r301": (Health.HEALTHY, ("moved",)),
    "r308": (Health.HEALTHY, ("moved",)),
    "truncgzip": (Health.HEALTHY, ("truncated",)),
    "truncxml": (Health.HEALTHY, ("truncated",)),
    "410": (Health.DEAD, ()),
    "html": (Health.NOT_A_FEED, ()),
}


def farm_settings(farm: FeedFarm) -> Settings:
    return make_settings(feeds=farm_feeds(farm), fetch=quick_policy())


def ingest(store: Store, farm: FeedFarm, *, minutes: int = 0, **more: object) -> IngestReport:
    """One run, so many minutes after the farm's start."""
    now = FARM_NOW + timedelta(minutes=minutes)

    def fetch(requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        return fetch_all(requests, quick_policy(), now=now)

    return ingest_feeds(store, farm_settings(farm), fetch, now=now, **more)  # type: ignore[arg-type]


def test_every_entry_of_every_feed_is_stored(store: Store) -> None:
    with FeedFarm(feeds=6).run() as farm:
        report = ingest(store, farm)
    assert report == IngestReport(feeds=6, entries=72, new=72)
    with store.read() as connection:
        assert count_articles(connection) == 72


def test_a_second_run_brings_nothing_new(sqlite_store: Store) -> None:
    with FeedFarm(feeds=6).run() as farm:
        ingest(sqlite_store, farm)
        again = ingest(sqlite_store, farm, minutes=60)
    assert again == IngestReport(feeds=6, unchanged=6)


def test_each_of_many_unchanged_feeds_is_remembered(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.jobs.ingest_feeds.STATES_AT_ONCE", 4)
    with FeedFarm(feeds=6).run() as farm:
        ingest(sqlite_store, farm)
        ingest(sqlite_store, farm, minutes=60)
    with sqlite_store.read() as connection:
        fetched = [state.last_fetch_at for state in load_states(connection).values()]
    assert fetched == [FARM_NOW + timedelta(minutes=60)] * 6


def test_feeds_that_are_not_due_are_left_alone(sqlite_store: Store) -> None:
    with FeedFarm(feeds=6).run() as farm:
        ingest(sqlite_store, farm)
        assert ingest(sqlite_store, farm, minutes=2).feeds == 0
        assert ingest(sqlite_store, farm, minutes=2, force=True).feeds == 6


def test_faulty_feeds_stop_no_other_and_show_their_health(sqlite_store: Store) -> None:
    faults = {2 * at: fault for at, fault in enumerate(["404", "410", "html", "badgzip", "500"])}
    with FeedFarm(feeds=10, faults=faults).run() as farm:
        report = ingest(sqlite_store, farm)
    assert (report.failed, report.new) == (5, 60)
    with sqlite_store.read() as connection:
        health = Counter(state.health for state in load_states(connection).values())
    assert health == {Health.HEALTHY: 5, Health.FAILING: 3, Health.DEAD: 1, Health.NOT_A_FEED: 1}


def test_only_changes_of_health_are_written_to_the_history(sqlite_store: Store) -> None:
    with FeedFarm(feeds=1).run() as farm:
        ingest(sqlite_store, farm)
        ingest(sqlite_store, farm, minutes=60)
        farm.faults[0] = "404"
        ingest(sqlite_store, farm, minutes=120)
        ingest(sqlite_store, farm, minutes=180)
    with sqlite_store.read() as connection:
        history = health_history(connection, "0")
    assert [change.health for change in history] == [Health.HEALTHY, Health.FAILING]


def test_shards_share_the_feeds_out_by_host_and_leave_none_over(sqlite_store: Store) -> None:
    with FeedFarm(feeds=24, hosts=8).run() as farm:
        reports = [ingest(sqlite_store, farm, shard=(number, 3)) for number in range(3)]
    assert sum(report.feeds for report in reports) == 24
    assert sum(report.new for report in reports) == 24 * 12


def test_a_shard_that_another_run_is_polling_is_left_to_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Store.alone
    monkeypatch.setattr(Store, "alone", lambda self, what: alone(self, what, patience=0))
    with FeedFarm(feeds=24, hosts=8).run() as farm:
        during: list[IngestReport] = []

        def fetch(requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
            for outcome in fetch_all(requests, quick_policy(), now=FARM_NOW):
                during.extend(ingest(store, farm, shard=(number, 2)) for number in (0, 1) if len(during) < 2)
                yield outcome

        first = ingest_feeds(store, farm_settings(farm), fetch, now=FARM_NOW, shard=(0, 2))
        again, other = during
        assert again == IngestReport()
        assert first.feeds + other.feeds == 24
        assert len(farm.requests) == 24


def test_all_of_many_feeds_failing_is_our_network_and_everything_is_stored(sqlite_store: Store) -> None:
    farm = FeedFarm(feeds=10, faults=dict.fromkeys(range(10), "500"))
    with farm.run(), pytest.raises(MonitorError, match="all 10 feeds"):
        ingest(sqlite_store, farm)
    with sqlite_store.read() as connection:
        assert len(load_states(connection)) == 10


def test_all_of_a_few_feeds_failing_is_no_error(sqlite_store: Store) -> None:
    with FeedFarm(feeds=9, faults=dict.fromkeys(range(9), "500")).run() as farm:
        assert ingest(sqlite_store, farm).failed == 9


def test_a_feed_that_failed_catches_up_without_repeating(sqlite_store: Store) -> None:
    with FeedFarm(feeds=1, change_share=1.0).run() as farm:
        ingest(sqlite_store, farm)
        farm.faults[0] = "truncgzip"
        farm.generation += 1
        ingest(sqlite_store, farm, minutes=60)
        farm.faults.clear()
        ingest(sqlite_store, farm, minutes=120)
    with sqlite_store.read() as connection:
        stored = [article.url for article in undecided(connection, limit=100)]
    assert sorted(stored) == sorted(f"http://news0.example/story/{number}" for number in range(15))


@pytest.fixture(scope="module")
def every_fault(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FeedState]:
    """What one poll remembers of a feed with each fault."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('faults') / 'monitor.db'}")
    store.migrate()
    with FeedFarm(feeds=len(FAULTS), faults=dict(enumerate(FAULTS))).run() as farm:
        ingest(store, farm)
    with store.read() as connection:
        states = load_states(connection)
    store.close()
    return {fault: states[str(number)] for number, fault in enumerate(FAULTS)}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_the_health_and_the_notes_of_the_table(fault: str, every_fault: dict[str, FeedState]) -> None:
    state = every_fault[fault]
    assert (state.health, state.notes) == TABLE.get(fault, (Health.FAILING, ()))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if TABLE.get(fault) != WELL])
def test_each_fault_says_why_and_what_to_do(fault: str, every_fault: dict[str, FeedState]) -> None:
    assert re.search("[;,] (if|look|and we|it usually|put|tell|remove)", every_fault[fault].reason)


def test_a_killed_run_keeps_what_it_had(sqlite_store: Store) -> None:
    with FeedFarm(feeds=4).run() as farm:

        def fetch(requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
            outcomes = fetch_all(requests, quick_policy(), now=FARM_NOW)
            yield next(outcomes)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ingest_feeds(sqlite_store, farm_settings(farm), fetch, now=FARM_NOW)
        with sqlite_store.read() as connection:
            assert count_articles(connection) == 12
        assert ingest(sqlite_store, farm).new == 36


def test_a_feed_that_is_no_longer_configured_is_not_fetched(sqlite_store: Store) -> None:
    settings = make_settings(feeds=(make_feed(enabled=False),), fetch=quick_policy())
    assert ingest_feeds(sqlite_store, settings, lambda _: iter(()), now=FARM_NOW).feeds == 0
