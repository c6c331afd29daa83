"""By when the runs of a DAG must have ended. Holds no DAG, so `.airflowignore` keeps Airflow from parsing it as one."""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference


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
    callback = AsyncCallback("dags.deadlines.tell_overdue", {"minutes": minutes})
    within = timedelta(minutes=minutes)
    return {"deadline": DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, interval=within, callback=callback)}
