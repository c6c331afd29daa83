"""What every job is given: the environment, the store, the settings in force, the moment; and the way to an alarm."""

import gc
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from monitor import log
from monitor.errors import ModelNotFoundError, MonitorError, StoreError
from monitor.settings import Environment, Settings, load_environment, load_or_last_good, load_settings
from monitor.store import Store, runs

if TYPE_CHECKING:
    from monitor.classifier import Model
    from monitor.slack import SlackClient, SlackWebhook

T = TypeVar("T")
CONFIG = "config"  # the incident of a config with problems
Track = Callable[[Iterable[T], int], Iterable[T]]
"""What watches so many steps go by, such as a progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a job is given: where it runs, on what, with which settings, and when."""

    environment: Environment
    store: Store
    settings: Settings
    problems: tuple[str, ...]
    """What is wrong with the config; then ``settings`` are the last good ones."""
    now: datetime


def environment() -> Environment:
    """Where this process runs, from its environment variables."""
    return load_environment(os.environ)


@contextmanager
def open_store(where: Environment) -> Iterator[Store]:
    """The store, with the tables of this version. SQLite is brought up to date here; PostgreSQL by its operator."""
    store = Store(where.store_url)
    try:
        try:
            store.check()
        except StoreError:
            if store.dialect != "sqlite":
                raise
            store.migrate()
        yield store
    finally:
        store.close()


@contextmanager
def open_live(now: datetime | None = None, *, strict: bool = False) -> Iterator[Live]:
    """Everything a job needs. A config that is wrong gives way to the last good one; the alarm channel hears of it.

    ``strict`` is for people who try something: nothing is noted in the store, and a wrong config is a SettingsError.
    """
    where, now = environment(), now or datetime.now(UTC)
    with open_store(where) as store:
        if strict:
            yield Live(environment=where, store=store, settings=load_settings(where.config), problems=(), now=now)
            return
        with store.read() as connection:
            last_good = runs.last_good_versions(connection)
        settings, problems = load_or_last_good(where.config, last_good)
        live = Live(environment=where, store=store, settings=settings, problems=problems, now=now)
        if problems:
            title = "The config has problems; the monitor goes on with the last good one"
            alarm(where, store, title, problems, about="\n".join(problems), now=now, incident=CONFIG)
        else:
            _remember(live)
            end_incident(live, CONFIG)
        yield live


def _remember(live: Live) -> None:
    """Keep the texts of the config that is used, so that a later mistake can fall back on them."""
    known = {"watch": live.settings.watch.version, "monitor": live.settings.version}
    with live.store.write() as connection:
        for kind, text in live.settings.texts.items():
            version = known.get(kind) or hashlib.sha256(text.encode()).hexdigest()[:12]
            runs.remember_version(connection, kind, version, text, now=live.now)


def recorded(live: Live, job: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do ``work`` and note in the store that it was done, with its counts, or why it failed; tell if that is over."""
    began = time.monotonic()
    with live.store.write() as connection:
        run_id = runs.start_run(connection, job, now=live.now)
    log.info("job_started", job=job, run=run_id)

    def finish(counts: dict[str, Any], error: str = "") -> None:
        seconds = time.monotonic() - began
        if error:
            log.warning("job_failed", job=job, run=run_id, seconds=round(seconds, 3), error=error)
        else:
            log.info("job_ended", job=job, run=run_id, seconds=round(seconds, 3), **counts)
        with live.store.write() as connection:
            runs.finish_run(connection, run_id, now=live.now + timedelta(seconds=seconds), counts=counts, error=error)

    try:
        counts = work()
    except BaseException as error:
        with suppress(StoreError):  # it may be what failed
            finish({}, str(error) or type(error).__name__)
        raise
    finish(counts)
    end_incident(live, job)
    return counts


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage seldom: for work on very many small objects that all live on or die at once."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def model_in_use(where: Environment, store: Store) -> "Model":
    """The model in use, out of the store by way of a folder on this machine's disk."""
    from monitor.jobs.train_classifier import load_model_in_use

    model = load_model_in_use(store, where.home / "models")
    if model is None:
        raise ModelNotFoundError("there is no trained model yet: run `monitor train` (it takes some minutes)")
    return model


def slack(where: Environment) -> "SlackClient | SlackWebhook | None":
    """The client: of the token, else of the webhook, or None when there is neither."""
    if not where.slack_token and not where.slack_webhook:
        return None
    from monitor.slack import SlackClient, SlackWebhook

    return (
        SlackClient(where.slack_token, where.slack_api_url) if where.slack_token else SlackWebhook(where.slack_webhook)
    )


def alarm(
    where: Environment,
    store: Store,
    title: str,
    lines: Sequence[str],
    *,
    about: str,
    now: datetime,
    word: str = "ALARM",
    incident: str = "",
    details: Sequence[str] = (),
) -> None:
    from monitor.jobs.raise_alarm import raise_alarm

    post, channel = slack(where), where.alarm_channel
    raise_alarm(store, post, channel, title, lines, about=about, now=now, word=word, incident=incident, details=details)


def end_incident(live: Live, incident: str) -> None:
    from monitor.jobs import raise_alarm

    where = live.environment
    raise_alarm.end_incident(live.store, slack(where), where.alarm_channel, incident, now=live.now)


def write_file(file: Path, text: str) -> None:
    """Write a file that the user asked for. Raises MonitorError when it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MonitorError(f"{file}: cannot be written: {error.strerror}") from error
