"""Disks fill, databases go, clocks jump, jobs run twice, Slack is away: nothing is lost, and nothing comes twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from monitor.core.article import Article
from monitor.core.decision import ModelCard, Prediction, Thresholds
from monitor.core.digest import AlertSpec, DigestSpec, Message
from monitor.core.feed import FetchOutcome, FetchRequest
from monitor.core.story import Story
from monitor.errors import StoreError
from monitor.feeds import fetch_all
from monitor.jobs.classify_articles import classify_articles
from monitor.jobs.ingest_feeds import ingest_feeds
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.settings import Settings
from monitor.slack import SlackClient
from monitor.store import Store, articles, stories
from tests.support.feed_farm import FeedFarm
from tests.support.feeds import FARM_NOW, farm_feeds, quick_policy
from tests.support.news import make_settings, make_stories, make_story, make_told, put_stories
from tests.support.slack_twin import SlackTwin

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URGENT = AlertSpec(id="urgent", channel=SlackTwin.ALERTS, max_per_hour=3)
DAILY = DigestSpec(id="daily", channel=SlackTwin.DIGEST, cron="0 8 * * *", time_zone="UTC")
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CARD = ModelCard(
    version="m1",
    made_at=EIGHT,
    product_version="test",
    seed=1,
    corpus_digest="",
    corpus_items=0,
    labels=0,
    gazetteer_digest="",
    thresholds=Thresholds(digest=0.5, alert=0.9),
    figures={},
)


class Sure:
    """A classifier that flags everything; ``before`` happens when it is asked."""

    version, card = "m1", CARD

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.before = before

    def predict(self, held: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:  # noqa: ARG002
        self.before()
        return [Prediction(article_id=a.id, model=self.version, probability=0.8, themes={}) for a in held]


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def keys(twin: SlackTwin, channel: str = SlackTwin.DIGEST) -> Counter[str]:
    return Counter(message["metadata"]["event_payload"]["key"] for message in twin.messages(channel))


def another(store: Store) -> Store:
    """The same database, as another process opens it."""
    return Store(store._engine.url.render_as_string(hide_password=False))


def alarming(held: list[Story]) -> list[Story]:
    return [
        replace(s, members=tuple(replace(t, decision=replace(t.decision, alert=True)) for t in s.members)) for s in held
    ]


@contextmanager
def full_disk(store: Store, *, left: int = 1) -> Iterator[None]:
    """SQLite's file may grow by only ``left`` pages."""
    with store.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + left

    def limit(raw: object, _record: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    event.listen(store._engine, "connect", limit)
    store.close()
    yield
    event.remove(store._engine, "connect", limit)
    store.close()


class Fetches:
    """Polls a farm; ``after`` happens when the first outcome is there."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        self.after = after

    def __call__(self, requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        for outcome in fetch_all(requests, quick_policy(), now=FARM_NOW):
            yield outcome
            self.after()


def polled(farm: FeedFarm) -> Settings:
    return make_settings(feeds=farm_feeds(farm), fetch=quick_policy())


def test_a_disk_that_is_full_stops_a_poll_and_costs_no_entry(sqlite_store: Store) -> None:
    with FeedFarm(feeds=6).run() as farm:
        with full_disk(sqlite_store, left=8), pytest.raises(StoreError, match="free some space"):
            ingest_feeds(sqlite_store, polled(farm), Fetches(), now=FARM_NOW)
        ingest_feeds(sqlite_store, polled(farm), Fetches(), now=FARM_NOW)
    with sqlite_store.read() as connection:
        assert articles.count_articles(connection) == 72


def test_a_disk_that_is_full_stops_a_digest_before_its_first_message(sqlite_store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    put_stories(sqlite_store, make_stories(40), decided_at=now - HOUR)
    with SlackTwin() as twin:
        with full_disk(sqlite_store), pytest.raises(StoreError, match="free some space"):
            send_digests(sqlite_store, make_settings(DAILY), client_of(twin), now=now, home=tmp_path)
        assert twin.messages() == []
        send_digests(sqlite_store, make_settings(DAILY), client_of(twin), now=now, home=tmp_path)
        assert set(keys(twin).values()) == {1}


def test_a_page_that_cannot_be_written_keeps_no_digest_from_slack(sqlite_store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    put_stories(sqlite_store, make_stories(3), decided_at=now - HOUR)
    (tmp_path / "pages").write_text("a file where the folder should be", encoding="utf-8")
    with SlackTwin() as twin:
        report = send_digests(sqlite_store, make_settings(DAILY), client_of(twin), now=now, home=tmp_path)
        assert len(twin.messages()) > 1
    assert "the page of daily cannot be written" in report.troubles[0]


class Outage:
    """Takes a PostgreSQL database away, from all who use it, and gives it back."""

    def __init__(self, server: str, url: str) -> None:
        self.server, self.name, self.away = server, url.partition("?")[0].rpartition("/")[2], False

    def begin(self) -> None:
        if not self.away:
            self.away = True
            self._do(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
            self._do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", self.name)

    def end(self) -> None:
        self._do(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def _do(self, what: str, *about: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(what, about or None)


class Interrupted(SlackClient):
    """Slack took the message, and then the database is away."""

    after: Callable[[], None] = staticmethod(lambda: None)

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        ts = super().post(channel, message, key=key, thread_ts=thread_ts)
        self.after()
        return ts


@pytest.mark.postgres
@pytest.mark.parametrize("step", ["ingest", "classify", "alerts", "digests"])
def test_a_database_that_goes_in_the_middle_of_a_step_costs_nothing(
    postgres_server: str, postgres_url: str, tmp_path: Path, step: str
) -> None:
    store, outage, now = Store(postgres_url), Outage(postgres_server, postgres_url), datetime.now(UTC)
    store.migrate()
    held = alarming(make_stories(6))
    put_stories(store, held, decided_at=now - MINUTE)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE articles SET decision_id = NULL" if step == "classify" else "SELECT 1")
    with FeedFarm(feeds=4).run() as farm, SlackTwin() as twin:
        settings, slack = (
            replace(polled(farm), alerts=(URGENT,), digests=(DAILY,)),
            Interrupted(twin.token, twin.api_url),
        )

        def work(after: Callable[[], None]) -> None:
            slack.after = after  # type: ignore[method-assign]
            if step == "ingest":
                ingest_feeds(store, settings, Fetches(after), now=FARM_NOW)
            elif step == "classify":
                classify_articles(store, settings, Sure(after), now=now)
            elif step == "alerts":
                send_alerts(store, settings, slack, now=now)
            else:
                send_digests(store, settings, slack, now=now, home=tmp_path)

        for after in (outage.begin, outage.begin):
            with pytest.raises(StoreError):
                work(after)
        outage.end()
        work(lambda: None)
        with store.read() as connection:
            before = sum(len(story.members) for story in held)
            assert articles.count_articles(connection) == before + (48 if step == "ingest" else 0)
            assert articles.count_undecided(connection) == (48 if step == "ingest" else 0)
        for channel in (SlackTwin.DIGEST, SlackTwin.ALERTS):
            assert set(keys(twin, channel).values()) <= {1}
        assert bool(twin.messages(SlackTwin.ALERTS)) == (step == "alerts")
        assert bool(twin.messages(SlackTwin.DIGEST)) == (step == "digests")
    store.close()


@pytest.mark.postgres
def test_who_lost_the_right_to_post_with_the_server_writes_nothing_more(
    postgres_server: str, postgres_url: str
) -> None:
    store, outage = Store(postgres_url), Outage(postgres_server, postgres_url)
    with store.alone("posting") as mine:
        assert mine
        outage.begin()
        outage.end()
        with another(store).alone("posting") as theirs:
            assert theirs
        with pytest.raises(StoreError), store.write():
            pass
    with store.write():
        pass
    store.close()


def at_once(store: Store, work: Callable[[Store, int], object], times: int = 2) -> None:
    """Do the same from several connections of their own, begun at the same moment."""
    barrier, failures = threading.Barrier(times), list[BaseException]()

    def one(number: int) -> None:
        mine = another(store)
        try:
            barrier.wait(10)
            work(mine, number)
        except BaseException as error:
            failures.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_two_schedulers_poll_each_entry_once(store: Store) -> None:
    with FeedFarm(feeds=6).run() as farm:
        at_once(store, lambda mine, _: ingest_feeds(mine, polled(farm), Fetches(), now=FARM_NOW))
    with store.read() as connection:
        assert articles.count_articles(connection) == 72


def test_two_schedulers_make_one_story_of_one_event(store: Store) -> None:
    one = make_told(1, title="Choe Son Hui meets Lavrov in Vladivostok", language="en").article
    same = [replace(one, id=f"x{number}", url=f"https://{number}.example") for number in range(12)]
    for article in same:
        told = make_told(1)
        told = replace(told, article=article, decision=replace(told.decision, article_id=article.id))
        put_stories(store, [make_story([told])], decided_at=EIGHT)
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM story_members")
        connection.exec_driver_sql("DELETE FROM stories")
        connection.exec_driver_sql("UPDATE articles SET decision_id = NULL")
    at_once(store, lambda mine, _: classify_articles(mine, make_settings(), Sure(), now=EIGHT))
    with store.read() as connection:
        assert len(set(stories.story_of(connection, [article.id for article in same]).values())) == 1


def test_two_schedulers_tell_a_first_digest_once(store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    put_stories(store, make_stories(6), decided_at=now - HOUR)
    with SlackTwin() as twin:

        def work(mine: Store, number: int) -> None:
            at = now + number * timedelta(seconds=1)  # without a digest before it the cut is now
            send_digests(mine, make_settings(DAILY), client_of(twin), now=at, home=tmp_path / str(number))

        at_once(store, work)
        assert len({key.rpartition("/")[0] for key in keys(twin)}) == 1
        assert set(keys(twin).values()) == {1}


def told(store: Store, tmp_path: Path, now: datetime) -> list[str]:
    """Stories that a digest run tells then."""
    report = send_digests(store, make_settings(DAILY), None, now=now, home=tmp_path)
    return [story.id for digest in report.digests for story in digest.stories]


@pytest.mark.parametrize("jump", [-DAY, -3 * HOUR, 3 * HOUR, DAY], ids=str)
def test_a_clock_that_was_wrong_for_an_hour_loses_no_story_and_tells_none_twice(
    sqlite_store: Store, tmp_path: Path, jump: timedelta
) -> None:
    held = [make_story([make_told(number)]) for number in range(18)]
    found: list[str] = []
    for number, story in enumerate(held):
        now = EIGHT + number * 4 * HOUR + (jump if number == 9 else timedelta())
        put_stories(sqlite_store, [story], decided_at=now)
        found += told(sqlite_store, tmp_path, now + MINUTE)
    found += told(sqlite_store, tmp_path, EIGHT + 4 * DAY) + told(sqlite_store, tmp_path, EIGHT + 5 * DAY)
    assert len(found) == len(set(found))
    assert {story.id for story in held} == set(found)


@pytest.mark.parametrize("jump", [-DAY, DAY], ids=["back", "ahead"])
def test_a_clock_that_was_wrong_for_an_hour_holds_no_alert_back(sqlite_store: Store, jump: timedelta) -> None:
    moment = datetime.now(UTC) - 2 * DAY
    held = alarming([make_story([make_told(number, outlet=f"O{number}")]) for number in range(9)])
    with SlackTwin() as twin:
        send_alerts(sqlite_store, make_settings(alerts=(URGENT,)), client_of(twin), now=moment - 2 * DAY)
        for number, story in enumerate(held):
            now = moment + number * 30 * MINUTE + (jump if number in (3, 4, 5) else timedelta())
            put_stories(sqlite_store, [story], decided_at=now)
            send_alerts(sqlite_store, make_settings(alerts=(URGENT,)), client_of(twin), now=now + MINUTE)
        assert len(keys(twin, SlackTwin.ALERTS)) == len(twin.messages(SlackTwin.ALERTS)) == len(held)


def test_a_day_without_slack_goes_out_in_order_and_once_when_it_is_back(sqlite_store: Store, tmp_path: Path) -> None:
    often, begin = replace(DAILY, cron="0 */4 * * *"), datetime.now(UTC).replace(minute=0) - 2 * DAY
    settings = make_settings(often, alerts=(replace(URGENT, max_per_hour=60),))
    with SlackTwin() as twin:
        twin.fault("http", status=503, method="", count=-1)
        for hour in range(0, 26, 2):
            now, story = begin + hour * HOUR, make_story([make_told(hour + 1)])
            put_stories(sqlite_store, alarming([story]), decided_at=now - MINUTE)
            for job in (send_alerts, send_digests):
                home = {"home": tmp_path} if job is send_digests else {}
                job(sqlite_store, settings, client_of(twin), now=now, **home)  # type: ignore[operator]
        assert twin.messages() == twin.messages(SlackTwin.ALERTS) == []
        twin.heal()
        send_alerts(sqlite_store, settings, client_of(twin), now=begin + 26 * HOUR)
        send_digests(sqlite_store, settings, client_of(twin), now=begin + 26 * HOUR, home=tmp_path)
        for channel, least in ((SlackTwin.ALERTS, 13), (SlackTwin.DIGEST, 12)):
            order = list(keys(twin, channel))
            assert set(keys(twin, channel).values()) == {1}
            assert len(order) >= least
            assert order == sorted(order, key=lambda key: (key.split("/")[-2], int(key.split("/")[-1])))
