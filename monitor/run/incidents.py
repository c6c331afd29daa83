"""What the callbacks of the DAGs call: one alarm an incident, and one word when it is over."""

import re
import sys
from datetime import UTC, datetime

from monitor.errors import SettingsError, StoreError
from monitor.run.live import alarm, environment, open_store
from monitor.settings import Environment
from monitor.store import Store, incidents, runs

IN_WORDS = {"timed_out": "its time was up: is a worker free, and is there each pool of its tasks (airflow pools list)?"}
"""What Airflow says of a run that failed, and what it means."""


def tell_failure(dag_id: str, run_id: str, task_id: str, error: str, *, now: datetime | None = None) -> None:
    """Tell the alarm channel of a run that failed for good; without Slack, the log alone. Raises nothing of ours.

    An incident is told once: until the DAG works again, failures for the same cause (the reason, whatever numbers
    are in it) are only counted. Without an ``error`` the cause is what the last run of the job left in the store.
    While the store is away that is the one incident of all DAGs.
    """
    title, now = f"{dag_id} failed", now or datetime.now(UTC)
    lines = [f"Task {task_id} of {run_id}" if task_id else run_id]
    error = IN_WORDS.get(error, error)
    try:
        where = environment()
    except SettingsError as problem:
        print(f"ALARM: {title}: {'; '.join([*lines, error])}; Slack was not told: {problem}", file=sys.stderr)
        return
    try:
        with open_store(where) as store:
            _tell_that_the_store_is_back(where, store, now)
            reason = error or _last_error(store, dag_id)
            with store.write() as connection:
                first = incidents.note_failure(connection, dag_id, re.sub(r"\d+", "#", reason), reason, now=now)
            if first:
                about = f"{dag_id}/{reason}/{now.isoformat()}"
                alarm(where, store, title, [*lines, reason], about=about, now=now)
    except StoreError as problem:  # it may be what failed
        if _note_that_the_store_is_away(where, now):
            alarm(where, None, title, [*lines, str(problem)], about="the store is away", now=now)


def tell_recovery(dag_id: str, *, now: datetime | None = None) -> None:
    """Tell the alarm channel that a DAG works again, if it was told that it failed. Raises nothing of ours."""
    now = now or datetime.now(UTC)
    try:
        where = environment()
        with open_store(where) as store:
            _tell_that_the_store_is_back(where, store, now)
            with store.write() as connection:
                ended = incidents.end_incidents(connection, dag_id)
            if ended:
                _tell(where, store, f"{dag_id} works again", [_in_words(incident) for incident in ended], now=now)
    except (SettingsError, StoreError) as problem:
        print(f"{dag_id} succeeded; whether people must hear of it is not known: {problem}", file=sys.stderr)


def _in_words(incident: incidents.Incident) -> str:
    times = "once" if incident.failures == 1 else f"{incident.failures} times"
    began, ended = (f"{moment:%d %b %H:%M}" for moment in (incident.opened_at, incident.last_at))
    return f"It failed {times} from {began} to {ended} UTC: {incident.reason}"


def _tell(where: Environment, store: Store, title: str, lines: list[str], *, now: datetime) -> None:
    alarm(where, store, title, lines, about=f"{title}/{now.isoformat()}", now=now, word="NOTICE")


def _last_error(store: Store, job: str) -> str:
    with store.read() as connection:
        last = runs.last_runs(connection, limit=1, job=job)
    return (last[0].error if last else "") or "no reason given: see the log of the task"


def _note_that_the_store_is_away(where: Environment, now: datetime) -> bool:
    """Remember it where the store cannot: in a file of MONITOR_HOME. True for who notes it first."""
    try:
        where.home.mkdir(parents=True, exist_ok=True)
        with (where.home / "store-is-away").open("x", encoding="utf-8") as file:
            file.write(f"{now:%d %b %H:%M} UTC")
    except FileExistsError:
        return False
    except OSError as error:  # better told too often than never
        print(f"{where.home}: {error.strerror}: it will be told again that the store is away", file=sys.stderr)
    return True


def _tell_that_the_store_is_back(where: Environment, store: Store, now: datetime) -> None:
    file = where.home / "store-is-away"
    try:
        since = file.read_text(encoding="utf-8")
        file.unlink()
    except OSError:  # there was nothing to remember, or another process was first
        return
    _tell(where, store, "The store can be reached again", [f"It was away since {since}"], now=now)
