"""What all DAGs share. Holds no DAG, so `.airflowignore` keeps Airflow from parsing it as one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset

from dags.alarms import deadline, tell_failure

ARTICLES = Asset("articles")
DECISIONS = Asset("decisions")
LABELS = Asset("labels")

FEEDS = "feeds"  # the pool of the shards, made from docker/pools.json: polling must leave a worker free for alerts
# Of what waits for a worker the higher goes first: what people wait for, then what it is made of.
ALERT, DIGEST, CLASSIFY, INGEST, LATER = 50, 40, 30, 20, 10


def settings(
    doc: str | None, *, timeout: timedelta, priority: int, tags: tuple[str, ...], within: int | None = None
) -> dict[str, Any]:
    """Keyword arguments of `@dag`. One try of a task may take ``timeout``, a run with its waiting twice that.

    The alarm channel hears of a run that goes on for more than ``within`` minutes.
    """
    return {
        "start_date": datetime(2026, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,  # two runs of one job would only wait for each other in the store
        "is_paused_upon_creation": False,  # a paused DAG loses the asset events that it waits for
        "dagrun_timeout": 2 * timeout,
        "tags": ["monitor", *tags],
        "doc_md": doc,
        "on_failure_callback": tell_failure,
        "default_args": {
            "owner": "monitor",
            "priority_weight": priority,
            "weight_rule": "absolute",
            "retries": 3,
            "retry_delay": timedelta(seconds=15),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=5),
            "execution_timeout": timeout,
            "show_return_value_in_logs": False,  # it names stories, and our own events say what was done
        },
    } | (deadline(within) if within else {})
