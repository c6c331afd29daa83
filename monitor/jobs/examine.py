"""What is installed, reachable and out of date -> findings with advice."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from monitor import __version__
from monitor.core.decision import ModelCard
from monitor.core.feed import Health
from monitor.errors import MonitorError, SettingsError
from monitor.settings import Environment, Settings, load_settings
from monitor.store import Store, articles, clicks, feeds, outbox, runs

PACKAGES = ("apache-airflow", "feedparser", "scikit-learn", "slack-sdk", "SQLAlchemy")
DISK_LOW = 1_000_000_000  # bytes
STALE = timedelta(hours=2)
MODEL_OLD = timedelta(days=60)
FEEDS_NAMED = 8
LISTENER_SILENT = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: ``state`` is ok, warning or error; ``advice`` is what to do, empty when ok."""

    what: str
    state: str
    found: str
    advice: str = ""


def examine(
    where: Environment,
    load_card: Callable[[Store], ModelCard],
    check_slack: Callable[[], str] | None,
    *,
    now: datetime,
) -> Iterator[Finding]:
    """Look at everything; nothing that is broken keeps the rest from being looked at. Changes nothing.

    ``load_card`` loads the model in use; ``check_slack`` asks Slack who we are, or is None when there is no token.
    """
    yield _installed()
    yield _disk(where.home)
    settings: Settings | None = None
    try:
        settings = load_settings(where.config)
        enabled = sum(feed.enabled for feed in settings.feeds)
        found = f"{enabled} feeds, {len(settings.watch.terms)} watch terms, {len(settings.digests)} digests"
        yield Finding(what="config", state="ok", found=f"{where.config}: {found}")
    except SettingsError as error:
        advice = "mend it; until then runs go on with the last good one"
        yield from (Finding(what="config", state="error", found=problem, advice=advice) for problem in error.problems)
    store: Store | None = None
    try:
        store = Store(where.store_url)
        store.check()
        yield Finding(what="store", state="ok", found=store.url)
        yield from _stored(store, load_card, settings, now=now)
        if where.listens:
            yield look_at_listener(store, now=now)
    except MonitorError as error:
        advice = "start the database, or correct MONITOR_STORE; `monitor store migrate` makes or updates the tables"
        yield Finding(what="store", state="error", found=str(error), advice=advice)
    finally:
        if store is not None:
            store.close()
    yield _slack(where, check_slack)


def _installed() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    versions = [f"{name} {metadata.version(name)}" for name in PACKAGES if _has(name)]
    absent = [name for name in PACKAGES if not _has(name)]
    found = ", ".join([f"monitor {__version__}", f"Python {python}", *versions])
    if absent:
        return Finding(
            what="installed",
            state="error",
            found=f"{found}; not installed: {', '.join(absent)}",
            advice="run `make` to set up .venv again",
        )
    return Finding(what="installed", state="ok", found=found)


def _has(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _disk(home: Path) -> Finding:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free under {home}"
    if free < DISK_LOW:
        return Finding(what="disk", state="warning", found=found, advice="make room")
    return Finding(what="disk", state="ok", found=found)


def _stored(
    store: Store, load_card: Callable[[Store], ModelCard], settings: Settings | None, *, now: datetime
) -> Iterator[Finding]:
    yield _model(store, load_card, now=now)
    yield _work(store, now=now)
    if settings is not None:
        yield _feeds(store, settings)
    with store.read() as connection:
        waiting = outbox.open_bundles(connection)
        refused = outbox.refusals(connection, since=now - timedelta(days=7))
    if waiting:
        names = ", ".join(sorted({digest_id for digest_id, _ in waiting}))
        advice = "see `monitor status`; they go out with the next `monitor digest` or `monitor alert`"
        yield Finding(what="deliveries", state="warning", found=f"not out yet: {names}", advice=advice)
    for digest_id, channel, error in refused[-3:]:
        yield Finding(what="deliveries", state="warning", found=f"{digest_id} to {channel} was refused", advice=error)


def _model(store: Store, load_card: Callable[[Store], ModelCard], *, now: datetime) -> Finding:
    try:
        card = load_card(store)
    except MonitorError as error:
        return Finding(what="model", state="error", found=str(error), advice="run `monitor train`")
    found = f"{card.version}, trained {card.made_at:%Y-%m-%d} by monitor {card.product_version}"
    if now - card.made_at > MODEL_OLD or card.product_version != __version__:
        return Finding(what="model", state="warning", found=found, advice="run `monitor train` for a fresh one")
    return Finding(what="model", state="ok", found=found)


def _work(store: Store, *, now: datetime) -> Finding:
    with store.read() as connection:
        waiting = articles.count_undecided(connection)
        last = runs.last_runs(connection, limit=1, job="ingest_feeds")
        failed = [run for run in runs.last_runs(connection, limit=10) if run.state == "failed"]
    if failed:
        advice = f"{failed[0].error} (last at {failed[0].started_at:%Y-%m-%d %H:%M} UTC)"
        return Finding(what="runs", state="warning", found=f"{failed[0].job} failed", advice=advice)
    if not last:
        return Finding(what="runs", state="warning", found="nothing ran yet", advice="run `monitor run` or `make up`")
    found = f"last ingest {last[0].started_at:%Y-%m-%d %H:%M} UTC; {waiting} articles wait for a decision"
    if now - last[0].started_at > STALE:
        return Finding(
            what="runs", state="warning", found=found, advice="is the scheduler up? `make up`, `docker compose ps`"
        )
    return Finding(what="runs", state="ok", found=found)


def look_at_listener(store: Store, *, now: datetime) -> Finding:
    """Is somebody there who hears the buttons?"""
    with store.read() as connection:
        last = next(iter(runs.last_runs(connection, limit=1, job="listen")), None)
        open_clicks = sum(clicks.count_clicks(connection, clicks.WAITING).values())
    beat = datetime.fromisoformat(last.counts["at"]) if last is not None and last.counts.get("at") else None
    found = f"last heard of {beat:%Y-%m-%d %H:%M} UTC; {open_clicks} clicks wait" if beat else "never heard of"
    if last is None or beat is None or last.state != "running" or now - beat > LISTENER_SILENT:
        advice = "start it: `monitor listen`, or `docker compose up -d listen`; buttons in Slack do nothing meanwhile"
        return Finding(what="listener", state="error", found=found, advice=advice)
    if not last.counts.get("connected"):
        advice = "it runs without a connection to Slack: see its log, and SLACK_APP_TOKEN"
        return Finding(what="listener", state="warning", found=found, advice=advice)
    return Finding(what="listener", state="ok", found=found)


def _feeds(store: Store, settings: Settings) -> Finding:
    with store.read() as connection:
        states = feeds.load_states(connection)
    enabled = [feed for feed in settings.feeds if feed.enabled]
    bad = [f.id for f in enabled if f.id in states and states[f.id].health not in {Health.NEW, Health.HEALTHY}]
    seen = sum(f.id in states and states[f.id].last_success_at is not None for f in enabled)
    found = f"{seen} of {len(enabled)} answered"
    if not bad:
        return Finding(what="feeds", state="ok", found=found)
    named = ", ".join(bad[:FEEDS_NAMED]) + (", ..." if len(bad) > FEEDS_NAMED else "")
    advice = f"in trouble: {named}; `monitor feeds list` says why"
    return Finding(what="feeds", state="warning", found=found, advice=advice)


def _slack(where: Environment, check: Callable[[], str] | None) -> Finding:
    if check is None and where.slack_webhook:
        advice = (
            "it posts everything into its one channel, without threads and edits, and what a broken connection leaves "
            "unclear is sent again; set SLACK_BOT_TOKEN for all that (README, Slack)"
        )
        return Finding(what="slack", state="warning", found="an incoming webhook, no bot token", advice=advice)
    if check is None:
        advice = "set SLACK_BOT_TOKEN (README, Slack); until then digests become pages and alerts stay in them"
        return Finding(what="slack", state="warning", found="no token", advice=advice)
    try:
        who = check()
    except MonitorError as error:
        return Finding(what="slack", state="error", found=str(error), advice="see README, Slack")
    if not where.alarm_channel:
        advice = "set MONITOR_ALARM_CHANNEL, so that failed runs are told"
        return Finding(what="slack", state="warning", found=f"accepted as {who}; no alarm channel", advice=advice)
    return Finding(what="slack", state="ok", found=f"accepted as {who}; alarms go to {where.alarm_channel}")
