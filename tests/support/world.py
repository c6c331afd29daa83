"""A small world to break: a farm of feeds, a Slack, a database, and the jobs as processes that work between them.

What stands in the store and in Slack is held against what the farm knows that it told.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from monitor.store import Store, models
from tests.support import postgres
from tests.support.forks import Ended, Forks
from tests.support.jobs import jobs
from tests.support.news_farm import WATCH, NewsFarm
from tests.support.project import KeptModel, small_model
from tests.support.slack_twin import SlackTwin
from tools.airflow_env import ROOT

HOUR = timedelta(hours=1)
DIGESTS = {"every-4-h": SlackTwin.DIGEST, "daily": SlackTwin.PRIVATE}
MONITOR_YAML = f"""\
digests:
  - {{id: every-4-h, channel: {SlackTwin.DIGEST}, cron: "0 */4 * * *", time_zone: UTC, max_stories: 500}}
  - {{id: daily, channel: {SlackTwin.PRIVATE}, cron: "0 8 * * *", time_zone: UTC, max_stories: 500}}
alerts:
  - {{id: urgent, channel: {SlackTwin.ALERTS}, max_per_hour: 60}}
fetch: {{contact: nobody@farm.example, host_gap: 0, per_host: 20, total_timeout: 5, allow_hosts: ["127.0.0.0/8"]}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of thing: how many there should be, how many are not there, and how many too many are."""

    what: str
    expected: int
    missing: int
    twice: int


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that runs; ``start`` is the first moment of the simulated clock."""

    farm: NewsFarm
    twin: SlackTwin
    store: Store
    server: postgres.Server | None
    forks: Forks
    env: dict[str, str]
    folder: Path
    start: datetime

    def begin(self, job: str, now: datetime, **how: Any) -> int:
        """Start one job; returns its process id."""
        return self.forks.start(job, self.env, now.isoformat(), warm=True, **how)

    def run(self, job: str, now: datetime, **how: Any) -> Ended:
        """One run of one job."""
        return self.forks.wait(self.begin(job, now, **how))

    def cycle(self, now: datetime) -> list[Ended]:
        """All jobs once, in their order."""
        self.farm.now = now
        return [self.run(job, now) for job in ("ingest", "classify", "alerts", "digests")]

    def alarms(self) -> list[str]:
        """What the alarm channel was told."""
        return [str(message["text"]) for message in self.twin.messages(SlackTwin.OPERATORS)]

    def log(self) -> list[str]:
        """What the jobs wrote to stderr."""
        return (self.folder / "log").read_text(encoding="utf-8").splitlines()

    def check(self) -> list[Row]:
        """Hold the store and the stand-in against what the farm knows."""
        with self.store.read() as connection:
            stored = list(connection.execute(text("SELECT url FROM articles")).scalars())
            shown = connection.execute(text("SELECT count(*) FROM entries")).scalar_one()
            undecided = connection.execute(text("SELECT count(*) FROM articles WHERE decision_id IS NULL"))
            waiting = connection.execute(text("SELECT count(*) FROM deliveries WHERE state <> 'posted'"))
            left = undecided.scalar_one() + waiting.scalar_one()
        truth, twin, farm = self.farm.told(), self.twin, self.farm
        more = len(stored) - len(set(stored)) + shown - len(truth)
        rows = [Row(what="entries", expected=len(truth), missing=len(truth - set(stored)), twice=max(0, more))]
        for digest, channel in DIGESTS.items():
            rows.append(_row(f"events in the digest {digest}", _cuts_that_tell(twin.messages(channel), digest, farm)))
        urgent = [event.name for event in farm.planted if event.urgent and event.at <= farm.now]
        roots = [_words(message) for message in twin.messages(SlackTwin.ALERTS) if "thread_ts" not in message]
        rows.append(_row("alerts", {name: sum(name in words for words in roots) for name in urgent}))
        keys = Counter(_key(m) for c in (*DIGESTS.values(), SlackTwin.ALERTS) for m in twin.messages(c))
        rows.append(Row(what="messages", expected=len(keys), missing=left, twice=sum(keys.values()) - len(keys)))
        return rows


@contextmanager
def world(
    *,
    feeds: int = 40,
    events: int = 24,
    pace: float = 10.0,
    items: int = 12,
    hosts: int = 20,
    seed: int = 1,
    database: str = "sqlite",
    model: KeptModel | None = None,
    home: Path | None = None,
) -> Iterator[World]:
    """Set it all up, with a small trained model in use. ``home`` is where SQLite's file goes."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - 76 * HOUR
    start -= timedelta(hours=start.hour % 4)  # all of it lies in the past: the stand-in's clock is the real one
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        farm = NewsFarm(feeds=feeds, hosts=hosts, seed=seed, start=start, events=events, pace=pace, items=items)
        held.enter_context(farm.run())
        twin = held.enter_context(SlackTwin())
        twin.workspace.channels[SlackTwin.PRIVATE]["is_member"] = True
        server = held.enter_context(postgres.running()) if database == "postgresql" else None
        home = home or folder / "home"
        url = _empty(server) if server else f"sqlite:///{home / 'monitor.db'}"
        store = Store(url)
        held.callback(store.close)
        store.migrate()
        kept = model or small_model(folder / "model")
        with store.write() as connection:
            models.save_model(connection, version=kept.version, made_at=start, card=kept.card, archive=kept.archive)
            models.promote_model(connection, kept.version, now=start)
        env = {
            "MONITOR_CONFIG": str(_write_config(folder / "config", farm)),
            "MONITOR_HOME": str(home),
            "MONITOR_STORE": url,
            "SLACK_BOT_TOKEN": twin.token,
            "SLACK_API_URL": twin.api_url,
            "MONITOR_ALARM_CHANNEL": SlackTwin.OPERATORS,
        }
        forks = held.enter_context(jobs(folder / "log", config=folder / "config"))
        yield World(farm=farm, twin=twin, store=store, server=server, forks=forks, env=env, folder=folder, start=start)


def _empty(server: postgres.Server) -> str:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE chaos")
    return server.url.replace("/postgres?", "/chaos?")


def _write_config(folder: Path, farm: NewsFarm) -> Path:
    folder.mkdir(parents=True)
    (folder / "monitor.yaml").write_text(MONITOR_YAML, encoding="utf-8")
    (folder / "watch.yaml").write_text(WATCH, encoding="utf-8")
    (folder / "themes.yaml").write_bytes((ROOT / "config" / "themes.yaml").read_bytes())
    lines = (
        f"  - {{id: f{feed}, outlet: Outlet {feed}, url: '{farm.url(feed)}', language: en, country: KR, "
        "tier: general, interval: 60m}\n"
        for feed in range(farm.feeds)
    )
    (folder / "feeds.yaml").write_text("feeds:\n" + "".join(lines), encoding="utf-8")
    return folder


def _cuts_that_tell(messages: list[dict[str, Any]], digest: str, farm: NewsFarm) -> dict[str, int]:
    """By event that came to pass, how many threads of this digest tell of it."""
    told: dict[str, set[str]] = {event.name: set() for event in farm.planted if event.at <= farm.now}
    for message in messages:
        if message.get("files"):
            continue
        ledger, cut, part = _key(message).rsplit("/", 2)
        if ledger == digest and part != "0":  # the root only names the first few
            words = _words(message)
            for name in told:
                if name in words:
                    told[name].add(cut)
    return {name: len(cuts) for name, cuts in told.items()}


def _row(what: str, told: dict[str, int]) -> Row:
    missing = sum(count == 0 for count in told.values())
    return Row(what=what, expected=len(told), missing=missing, twice=sum(max(0, count - 1) for count in told.values()))


def _key(message: dict[str, Any]) -> str:
    """The key in a message's metadata; of a picture its file's name."""
    payload = message.get("metadata", {}).get("event_payload", {})
    return str(payload.get("key") or [file["name"] for file in message.get("files", ())])


def _words(message: dict[str, Any]) -> str:
    """All that a message says."""
    return str(message.get("text", "")) + str(message.get("blocks", ""))
