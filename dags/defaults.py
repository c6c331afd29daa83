"""What all DAGs share. Holds no DAG, so `.airflowignore` keeps Airflow from parsing it as one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, Context

ARTICLES = Asset("articles")
DECISIONS = Asset("decisions")
LABELS = Asset("labels")


def tell_failure(context: Context) -> None:
    """Tell our alarm channel once of a run that failed: not of each try, and not of each of its tasks."""
    from monitor import run

    failed, reason = context.get("ti"), context.get("reason") or ""
    run.tell_failure(
        dag_id=context["dag"].dag_id,
        run_id=context["run_id"],
        task_id=failed.task_id if failed else "",
        error="" if reason == "task_failure" else reason,  # that says nothing: the job itself noted why
    )


def settings(doc: str | None, *, timeout: timedelta) -> dict[str, Any]:
    """Keyword arguments of `@dag`. ``timeout`` is what one try of one task may take."""
    return {
        "start_date": datetime(2026, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,  # two runs of one job would only wait for each other in the store
        "is_paused_upon_creation": False,  # a paused DAG loses the asset events that it waits for
        "tags": ["monitor"],
        "doc_md": doc,
        "on_failure_callback": tell_failure,
        "default_args": {
            "owner": "monitor",
            "retries": 3,
            "retry_delay": timedelta(seconds=15),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=5),
            "execution_timeout": timeout,
            "show_return_value_in_logs": False,  # it names stories, and our own events say what was done
        },
    }
