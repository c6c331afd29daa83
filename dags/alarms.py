"""When people hear of the runs of a DAG. Holds no DAG, so `.airflowignore` keeps Airflow from parsing it as one."""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Context
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

# What Airflow says of a failed run, in our words; of a failed task the job itself noted why.
REASONS = {
    "task_failure": "",
    "timed_out": "its time was up: is a worker free, and is there each pool of its tasks (airflow pools list)?",
}


def tell_failure(context: Context) -> None:
    """Tell our alarm channel of a run that failed: not of each try, and not of each of its tasks."""
    from monitor import run

    failed, reason = context.get("ti"), context.get("reason") or ""
    run.tell_failure(
        dag_id=context["dag"].dag_id,
        run_id=context["run_id"],
        task_id=failed.task_id if failed else "",
        error=REASONS.get(reason, reason),
    )


async def tell_overdue(minutes: int, context: dict[str, Any]) -> None:
    """Tell our alarm channel of a run that goes on. In the triggerer: that all workers are busy may be the reason."""
    import asyncio

    await asyncio.to_thread(_tell, minutes, context["dag_run"])


def _tell(minutes: int, late: dict[str, Any]) -> None:
    from monitor import run

    run.tell_overdue(late["dag_id"], late["dag_run_id"], minutes=minutes)


def deadline(minutes: int) -> dict[str, Any]:
    """The keyword argument of `@dag` for runs that must have ended so long after they were queued.

    Airflow 3.3.2 calls deadlines experimental, and `dag.test()` fails on them: MONITOR_DEADLINES=off is for that.
    """
    if os.environ.get("MONITOR_DEADLINES") == "off":
        return {}
    callback = AsyncCallback("dags.alarms.tell_overdue", {"minutes": minutes})
    within = timedelta(minutes=minutes)
    return {"deadline": DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, interval=within, callback=callback)}
