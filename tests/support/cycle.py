"""The work of one cycle, and of one day, on a store that ``tests.support.bulk`` filled: the real jobs, step by step.

What is not the store's is a stand-in that costs next to nothing: documents come from memory, a title says how probable
it is, and messages go nowhere. What remains is what grows.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from monitor.core.article import Article
from monitor.core.click import Click
from monitor.core.decision import ModelCard, Prediction, Thresholds
from monitor.core.digest import AlertSpec, DigestSpec, Message
from monitor.core.feed import Entry, FeedState, Fetched, FetchOutcome, FetchRequest
from monitor.core.theme import THEME_IDS
from monitor.core.watch import WatchTerm
from monitor.jobs.audit_coverage import audit_coverage
from monitor.jobs.classify_articles import classify_articles
from monitor.jobs.handle_clicks import Rights, handle_clicks
from monitor.jobs.ingest_feeds import ingest_feeds
from monitor.jobs.post_trends import post_trends
from monitor.jobs.prune_store import prune_store
from monitor.jobs.raise_alarm import raise_alarm
from monitor.jobs.report_status import report_status
from monitor.jobs.report_week import report_week
from monitor.jobs.review_articles import find_missed, review_articles
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.settings import print_term, read_watch
from monitor.store import Store, clicks, labels, models, runs
from monitor.store.feeds import save_states
from tests.support.bulk import DIGEST, FEEDS
from tests.support.feeds import make_feed
from tests.support.news import make_settings

DAY = timedelta(days=1)
CARD = {"thresholds": {"digest": 0.5, "alert": 0.95, "themes": {}}}
TERM = WatchTerm(name="shells", any_of=("artillery shells",), weight=0.5)
WATCH = f"terms:\n{print_term(TERM)}"
SETTINGS = make_settings(
    DigestSpec(id=DIGEST, channel="#x", cron="0 8 * * *", time_zone="UTC", max_stories=60),
    alerts=(AlertSpec(id="urgent", channel="#x", max_per_hour=60),),
    feeds=tuple(make_feed(f"feed{n}", f"https://outlet{n}.example/rss", outlet=f"Outlet {n}") for n in range(FEEDS)),
    watch=read_watch("watch.yaml", WATCH),
    texts={"watch": WATCH},
)


class Guess:
    """A model: one title in ten is relevant, always the same."""

    version = "m1"
    card = ModelCard(
        version="m1", made_at=datetime.fromisoformat("2026-01-01T00:00+00:00"), product_version="0", seed=0,
        corpus_digest="", corpus_items=0, labels=0, gazetteer_digest="", figures={},
        thresholds=Thresholds(digest=0.5, alert=0.95),
    )  # fmt: skip

    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:  # noqa: ARG002
        return [
            Prediction(
                article_id=one.id,
                model="m1",
                probability=0.96 if crc32(one.title.encode()) % 10 == 0 else 0.1,
                themes={THEME_IDS[0]: 0.9},
            )
            for one in articles
        ]


class Nowhere:
    """Slack, as far as jobs see it."""

    threads = True

    def __init__(self) -> None:
        self.posted = 0

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:  # noqa: ARG002
        self.posted += 1
        return f"{1_800_000_000 + self.posted}.000100"

    def edit(self, channel: str, ts: str, message: Message) -> None: ...

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None: ...

    def upload(self, channel: str, content: bytes, **more: str) -> str:  # noqa: ARG002
        return "F1"

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str = "") -> None: ...

    def answer(self, url: str, message: Message, *, replace: bool = False) -> None: ...

    def members(self, channel: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset({"U1"})

    def group_members(self, group: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


def prepare(store: Store, *, now: datetime) -> None:
    """What a store of bulk rows lacks: the model and the config in use."""
    with store.write() as connection:
        models.save_model(connection, version="m1", made_at=Guess.card.made_at, card=CARD, archive=b"")
        models.promote_model(connection, "m1", now=Guess.card.made_at)
        runs.remember_version(connection, "watch", SETTINGS.watch.version, WATCH, now=now)


def documents(number: int, *, now: datetime) -> Callable[[Sequence[FetchRequest]], Iterator[FetchOutcome]]:
    """What the feeds show: ``number`` new entries among them, and as many that they showed before in this process."""
    a_feed = -(-number // FEEDS)

    def fetch(requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        for request in requests:
            first = a_feed * SETTINGS.feeds.index(request.feed)
            yield Fetched(
                feed_id=request.feed.id,
                url=request.feed.url,
                entries=tuple(_entry(request, n, now) for n in range(first, min(first + a_feed, number))),
            )

    return fetch


def _entry(request: FetchRequest, number: int, now: datetime) -> Entry:
    return Entry(
        id=f"new-{number}-{now.timestamp()}",
        url=f"https://{request.feed.id}.example/new/{number}-{now.timestamp()}",
        title=f"Delegation {number} of {request.feed.outlet} crosses bridge {number % 7}",
        summary="Officials spoke of shells, fuel and workers at the border station. " * 4,
        published_at=now - timedelta(minutes=20),
    )


def store_new(store: Store, now: datetime, number: int, _home: Path) -> str:
    found = ingest_feeds(store, SETTINGS, documents(number, now=now), now=now, force=True)
    return f"{found.new} articles"


def classify(store: Store, now: datetime, _number: int, _home: Path) -> str:
    found = classify_articles(store, SETTINGS, Guess(), now=now)
    return f"{found.decided} decided, {found.flagged} flagged, {found.stories} stories begun"


def alert(store: Store, now: datetime, _number: int, _home: Path) -> str:
    found = send_alerts(store, SETTINGS, Nowhere(), now=now)
    return f"{len(found.alerts)} alerts"


def digest(store: Store, now: datetime, _number: int, home: Path) -> str:
    found = send_digests(store, SETTINGS, Nowhere(), now=now, home=home, force=True)
    return f"{sum(len(one.stories) + one.left_out for one in found.digests)} stories, {found.posted} messages"


def act_on_clicks(store: Store, now: datetime, number: int, _home: Path) -> str:
    with store.read() as connection:
        told = [row.article_id for row in connection.exec_driver_sql(LAST_TOLD)]
    pressed = [
        Click(key=f"{now}-{n}", at=now, who="U1", name="anna", channel="#x", verb="yes", words=f"{article} {article}")
        for n, article in enumerate(told[: max(1, number // 50)])
    ]
    with store.write() as connection:
        clicks.add_clicks(connection, pressed)
    done = handle_clicks(store, SETTINGS, Nowhere(), lambda _click: (), Rights(Nowhere()), now=now)
    return f"{done['done']} clicks"


LAST_TOLD = f"SELECT article_id FROM told WHERE digest_id = '{DIGEST}' ORDER BY cut DESC LIMIT 20"


FIRST_ENTRY = (
    "SELECT entries.feed_id, entry_key FROM (SELECT id FROM articles ORDER BY seen_at LIMIT 1) AS first "
    "JOIN entries ON entries.article_id = first.id"
)


def status(store: Store, now: datetime, _number: int, _home: Path) -> str:
    with store.write() as connection:  # what each job notes of itself
        run_id = runs.start_run(connection, "alarm", now=now)
        runs.finish_run(connection, run_id, now=now, counts={})
        runs.remember_version(connection, "watch", SETTINGS.watch.version, WATCH, now=now)
    with store.read() as connection:
        runs.last_good_versions(connection)
        runs.last_runs(connection)
    raise_alarm(store, None, "", "A title", [], about=str(now), now=now)
    return f"{report_status(store, SETTINGS, now=now)['articles']['undecided']} undecided"


def daily(store: Store, now: datetime, _number: int, _home: Path) -> str:
    found = audit_coverage(store, SETTINGS, channel="", now=now)
    with store.read() as connection:
        waiting = labels.count_labels(connection, since=now - DAY)
    return f"{found.coverage.seen} feeds seen, {waiting} new labels"


def trends(store: Store, now: datetime, _number: int, _home: Path) -> str:
    return f"{post_trends(store, SETTINGS, Nowhere(), now=now).pictures} pictures"


def weekly(store: Store, now: datetime, _number: int, _home: Path) -> str:
    drawn = review_articles(store, SETTINGS, channel="#x", now=now)
    find_missed(store, SETTINGS, now=now)
    made = report_week(store, SETTINGS, SETTINGS.digests[0], since=now - 7 * DAY, until=now)
    return f"{made.articles} flagged articles, {len(drawn.articles) if drawn else 0} to review"


def retire(store: Store, now: datetime, number: int, home: Path) -> str:
    """So many articles, whatever the age of the archive."""
    with store.read() as connection:
        first = connection.exec_driver_sql(f"SELECT seen_at FROM articles ORDER BY seen_at LIMIT 1 OFFSET {number}")
        oldest = first.scalar_one()
    moment = datetime.fromisoformat(str(oldest)).replace(tzinfo=now.tzinfo)
    with store.write() as connection:  # whose feed still shows its first entry
        feed_id, key = connection.exec_driver_sql(FIRST_ENTRY).one()
        save_states(connection, [FeedState(feed_id=feed_id, entry_keys=(key,))])
    found = prune_store(store, home / "archive", retention=now - moment, now=now)
    return f"{found.articles} articles, {found.digests} digests"


STEPS: dict[str, Callable[[Store, datetime, int, Path], str]] = {
    "store": store_new,
    "classify, group": classify,
    "alerts": alert,
    "digest": digest,
    "clicks": act_on_clicks,
    "trends": trends,
    "status": status,
    "audit": daily,
    "review, report of a week": weekly,
    "retention": retire,
}
