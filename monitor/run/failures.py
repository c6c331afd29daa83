"""What Airflow calls when a run failed, or did not end in time."""

from datetime import UTC, datetime

from monitor import log
from monitor.errors import MonitorError, SettingsError, StoreError
from monitor.run.live import alarm, environment, open_store, slack
from monitor.store import Store, runs

LATE = "It goes on. Airflow shows which task waits or works; `monitor status` shows what waits for it."


def tell_failure(dag_id: str, run_id: str, task_id: str, error: str) -> None:
    """Tell the alarm channel of a run that failed for good; without Slack, the log alone. Raises nothing of ours.

    Without an ``error`` it is the one that the last run of the job with this name left in the store. A store that fails
    is one incident, however many runs fail of it.
    """
    from monitor.jobs.raise_alarm import raise_store_alarm

    title, now = f"{dag_id} failed", datetime.now(UTC)
    lines = [f"Task {task_id} of {run_id}" if task_id else run_id]
    try:
        where = environment()
    except SettingsError as problem:
        log.error("alarm_not_told", title=title, lines=[*lines, error], error=str(problem))
        return
    try:
        with open_store(where) as store:
            reason = error or _last_error(store, dag_id)
            if reason.startswith(store.url):
                raise StoreError(reason)
            about = f"{dag_id}/{task_id}/{reason}"
            alarm(where, store, title, [*lines, reason], about=about, now=now, incident=dag_id)
    except StoreError as problem:
        raise_store_alarm(slack(where), where.alarm_channel, [f"{title}: {lines[0]}", str(problem)], now=now)


def _last_error(store: Store, job: str) -> str:
    with store.read() as connection:
        last = runs.last_runs(connection, limit=1, job=job)
    return (last[0].error if last else "") or "no reason given: see the log of the task"


def tell_overdue(dag_id: str, run_id: str, *, minutes: int) -> None:
    """Tell the alarm channel of a run that did not end in time, once a DAG in six hours; raises nothing of ours."""
    title, now, lines = f"{dag_id} is late", datetime.now(UTC), [f"{run_id} has not ended after {minutes} min", LATE]
    try:
        where = environment()
        with open_store(where) as store:
            alarm(where, store, title, lines, about=f"deadline/{dag_id}", now=now)
    except MonitorError as problem:
        log.error("alarm_not_told", title=title, lines=lines, error=str(problem))
