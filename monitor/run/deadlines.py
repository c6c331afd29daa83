"""What Airflow calls when a run did not end in time."""

from datetime import UTC, datetime

from monitor import log
from monitor.errors import MonitorError
from monitor.run.live import alarm, environment, open_store

LATE = "It goes on. Airflow shows which task waits or works; `monitor status` shows what waits for it."


def tell_overdue(dag_id: str, run_id: str, *, minutes: int) -> None:
    """Tell the alarm channel of a run that did not end in time, once a DAG in six hours; raises nothing of ours."""
    title, now, lines = f"{dag_id} is late", datetime.now(UTC), [f"{run_id} has not ended after {minutes} min", LATE]
    try:
        where = environment()
        with open_store(where) as store:
            alarm(where, store, title, lines, about=f"deadline/{dag_id}", now=now)
    except MonitorError as problem:
        log.error("alarm_not_told", title=title, lines=lines, error=str(problem))
