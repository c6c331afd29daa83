"""24 simulated hours at many feeds under random kills: what `python benchmarks/chaos.py day` does."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import text

from monitor.store import Store, models
from tests.support import postgres
from tests.support.forks import Forks
from tests.support.jobs import jobs
from tests.support.news_farm import WATCH, NewsFarm
from tests.support.project import small_model
from tests.support.slack_twin import SlackTwin
from tools.airflow_env import ROOT

HOUR = timedelta(hours=1)
SHARDS = 2
TRIES = 4  # as many as Airflow makes
MONITOR_YAML = f"""\
digests:
  - {{id: every-4-h, channel: {SlackTwin.DIGEST}, cron: "0 */4 * * *", time_zone: UTC, max_stories: 500}}
  - {{id: daily, channel: {SlackTwin.PRIVATE}, cron: "0 8 * * *", time_zone: UTC, max_stories: 500}}
alerts:
  - {{id: urgent, channel: {SlackTwin.ALERTS}, max_per_hour: 60}}
fetch: {{contact: nobody@farm.example, host_gap: 0, per_host: 20, total_timeout: 5, allow_hosts: ["127.0.0.0/8"]}}
"""


@dataclass(slots=True, kw_only=True)
class Plan:
    """How hard the day is. ``minutes`` is how long a cycle takes on the simulated clock."""

    feeds: int = 1000
    minutes: int = 10
    seed: int = 1
    kill_share: float = 0.2
    twice_share: float = 0.1
    database: str = "sqlite"


@dataclass(slots=True)
class Day:
    """Runs the jobs as processes, and kills some of them."""

    plan: Plan
    forks: Forks
    farm: NewsFarm
    env: dict[str, str]
    dice: random.Random = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    usual: dict[str, float] = field(default_factory=dict)
    """Seconds that a run of a job took on average."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)

    def cycle(self, now: datetime, *, kills: bool = True) -> None:
        """All jobs once, in their order; the shards of ingest beside each other."""
        self.farm.now = now
        self._beside(now, [("ingest", {"shard": shard, "of": SHARDS}) for shard in range(SHARDS)], kills)
        for job in ("classify", "alerts", "digests"):
            self._beside(now, [(job, {})], kills)

    def _beside(self, now: datetime, wanted: list[tuple[str, dict[str, Any]]], kills: bool) -> None:
        """Runs beside each other, some of them twice; those that were killed or failed again, as Airflow does."""
        left = list(wanted)
        for tried in range(TRIES):
            may_kill = kills and tried < TRIES - 1
            doubled = [run for run in left if may_kill and self.dice.random() < self.plan.twice_share]
            self.counts["run twice at once"] += len(doubled)
            again, left, running = (*left, *doubled), [], []
            for job, how in again:
                pid = self.forks.start(job, self.env, now.isoformat(), warm=True, **how)
                running.append((job, how, pid, time.monotonic(), self._end_of(job) if may_kill else None))
            for job, how, pid, began, end in running:
                if end is not None:
                    self._await(pid, began + end)
                    ended = self._kill(pid)
                else:
                    ended = self.forks.wait(pid)
                    self.usual[job] = 0.8 * self.usual.get(job, ended.seconds) + 0.2 * ended.seconds
                self.counts[f"{job}: runs"] += 1
                self.counts[f"{job}: killed"] += ended.killed
                self.counts[f"{job}: failed"] += ended.code > 0
                if ended.code and (job, how) not in left:
                    left.append((job, how))
            if not left:
                return
        self.counts["given up"] += len(left)

    def _end_of(self, job: str) -> float | None:
        """After how many seconds to kill a run, if at all: any moment of it is as likely as another."""
        return self.dice.uniform(0, self.usual.get(job, 1.0)) if self.dice.random() < self.plan.kill_share else None

    def _await(self, pid: int, until: float) -> None:
        while time.monotonic() < until and not self.forks.ended(pid):
            time.sleep(0.002)

    def _kill(self, pid: int) -> Any:
        """Kill the run; every third time only one of its parse workers, if it has any."""
        workers = psutil.Process(pid).children() if not self.forks.ended(pid) else []
        if workers and self.dice.random() < 0.33:
            self.dice.choice(workers).kill()
            self.counts["parse workers killed"] += 1
            return self.forks.wait(pid)
        return self.forks.kill(pid)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """URL of an empty database of this kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'home' / 'monitor.db'}"
        return
    with postgres.server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE chaos")
        yield url.replace("/postgres?", "/chaos?")


def write_config(folder: Path, farm: NewsFarm) -> Path:
    """A config that polls the farm."""
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


def day(plan: Plan, say: Callable[[str], None]) -> bool:
    """Run it, print what was seen, and whether all of it is as it should be."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - 30 * HOUR
    start -= timedelta(hours=start.hour % 4)  # all of it lies in the past: the stand-in's clock is the real one
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        farm = held.enter_context(NewsFarm(feeds=plan.feeds, hosts=100, seed=plan.seed, start=start).run())
        twin = held.enter_context(SlackTwin())
        twin.workspace.channels[SlackTwin.PRIVATE]["is_member"] = True
        url = held.enter_context(database(plan.database, folder))
        store = Store(url)
        store.migrate()
        model = small_model(folder / "model")
        with store.write() as connection:
            models.save_model(
                connection, version=model.version, made_at=start, card=model.card, archive=model.archive
            )
            models.promote_model(connection, model.version, now=start)
        env = {
            "MONITOR_CONFIG": str(write_config(folder / "config", farm)),
            "MONITOR_HOME": str(folder / "home"),
            "MONITOR_STORE": url,
            "SLACK_BOT_TOKEN": twin.token,
            "SLACK_API_URL": twin.api_url,
            "MONITOR_ALARM_CHANNEL": SlackTwin.OPERATORS,
        }
        log = folder / "log"
        forks = held.enter_context(jobs(log, config=folder / "config"))
        run, began = Day(plan, forks, farm, env), time.monotonic()
        now = start
        while now < start + 24 * HOUR:
            run.cycle(now, kills=now > start)
            now += timedelta(minutes=plan.minutes)
            if now.minute == 0 and now.hour % 4 == 0:
                say(f"{now - start} of the day after {time.monotonic() - began:.0f} s, {sum_of(run, 'killed')} kills")
        while now <= start + 36 * HOUR:  # what is due then is polled, decided and told, with nobody killed
            run.cycle(now, kills=False)
            now += 2 * HOUR
        seconds = time.monotonic() - began
        right = report(run, farm, twin, store, seconds, log.read_text(encoding="utf-8"), say)
        store.close()
        return right


def sum_of(run: Day, what: str) -> int:
    """Over all jobs."""
    return sum(count for name, count in run.counts.items() if name.endswith(f": {what}"))


def report(
    run: Day, farm: NewsFarm, twin: SlackTwin, store: Store, seconds: float, log: str, say: Callable[[str], None]
) -> bool:
    """Hold the store and the stand-in against what the farm knows."""
    with store.read() as connection:
        stored = list(connection.execute(text("SELECT url FROM articles")).scalars())
        shown = connection.execute(text("SELECT count(*) FROM entries")).scalar_one()
        undecided = connection.execute(text("SELECT count(*) FROM articles WHERE decision_id IS NULL")).scalar_one()
        waiting = connection.execute(text("SELECT count(*) FROM deliveries WHERE state <> 'posted'")).scalar_one()
    truth = farm.told()
    rows: list[tuple[str, Any, int, int]] = [
        ("entries", len(truth), len(truth - set(stored)), len(stored) - len(set(stored)) + shown - len(truth)),
    ]
    for digest, channel in (("every-4-h", SlackTwin.DIGEST), ("daily", SlackTwin.PRIVATE)):
        told = cuts_that_tell(twin.messages(channel), digest, farm)
        rows.append((f"events in digest {digest}", len(told), *wrong(told)))
    urgent = {event.name for event in farm.planted if event.urgent}
    roots = [message for message in twin.messages(SlackTwin.ALERTS) if "thread_ts" not in message]
    alerts = {name: sum(name in message_words(message) for message in roots) for name in urgent}
    rows.append(("alerts", len(urgent), *wrong(alerts)))
    for name, channel in (("digests", SlackTwin.DIGEST), ("daily", SlackTwin.PRIVATE), ("alerts", SlackTwin.ALERTS)):
        keys = Counter(key_of(message) for message in twin.messages(channel))
        rows.append((f"messages of {name}", len(keys), 0, sum(count - 1 for count in keys.values())))
    counts, plan = run.counts, run.plan
    say(f"{plan.database}, {plan.feeds} feeds, cycles of {plan.minutes} min, seed {plan.seed}, {seconds:.0f} s")
    say("| what | expected | missing | twice |\n|---|---|---|---|")
    for row in rows:
        say("| {} | {:,} | {} | {} |".format(*row))
    say("\n| job | runs | killed | failed |\n|---|---|---|---|")
    for job in ("ingest", "classify", "alerts", "digests"):
        say(f"| {job} | {counts[f'{job}: runs']} | {counts[f'{job}: killed']} | {counts[f'{job}: failed']} |")
    say(
        f"\nparse workers killed: {counts['parse workers killed']}; runs twice at once: {counts['run twice at once']}; "
        f"given up after {TRIES} tries: {counts['given up']}; undecided: {undecided}; not posted: {waiting}; "
        f"alarms: {len(twin.messages(SlackTwin.OPERATORS))}; lint findings: {len(twin.lint())}"
    )
    if errors := Counter(line[:160] for line in log.splitlines() if line.strip()):
        say("\n".join(f"{count} x {line}" for line, count in errors.most_common(10)))
    return not any(missing or twice for _, _, missing, twice in rows) and not (undecided or waiting)


def cuts_that_tell(messages: list[dict[str, Any]], digest: str, farm: NewsFarm) -> dict[str, int]:
    """By event, how many threads of this digest tell of it."""
    told: dict[str, set[str]] = {event.name: set() for event in farm.planted}
    for message in messages:
        if message.get("files"):
            continue
        ledger, cut, part = key_of(message).rsplit("/", 2)
        if ledger == digest and part != "0":  # the root only names the first few
            words = message_words(message)
            for name in told:
                if name in words:
                    told[name].add(cut)
    return {name: len(cuts) for name, cuts in told.items()}


def wrong(told: dict[str, int]) -> tuple[int, int]:
    """How many are missing, and how many too many."""
    return sum(count == 0 for count in told.values()), sum(max(0, count - 1) for count in told.values())


def key_of(message: dict[str, Any]) -> str:
    """The key in a message's metadata; of a picture its file's name."""
    payload = message.get("metadata", {}).get("event_payload", {})
    return str(payload.get("key") or [file["name"] for file in message.get("files", ())])


def message_words(message: dict[str, Any]) -> str:
    """All that a message says."""
    return str(message.get("text", "")) + str(message.get("blocks", ""))
