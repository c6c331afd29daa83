"""Polls every feed that is due and stores the articles that are new.

**When** every 10 minutes (the environment variable `MONITOR_POLL_CRON` says otherwise); each feed is polled at its own
interval from `config/feeds.yaml`.
One mapped task a shard of feeds; then `announce` tells `classify_articles` that there is something new.

**Safe to run again** yes, at any time: an article is stored once, and a feed that is not due is left alone.

**When it fails** a shard fails when nearly every feed in it failed: that is our network or the database, not the feeds.
See the task's log, then `monitor doctor`. Feeds that are in trouble by themselves never fail this DAG:
`monitor feeds list` shows them, and the digest names them.
"""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, TriggerRule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.defaults import ARTICLES, settings

POLL_CRON = os.environ.get("MONITOR_POLL_CRON") or "*/10 * * * *"
FORCE = Param(False, type="boolean", description="Poll every feed now, due or not")


@dag(schedule=POLL_CRON, params={"force": FORCE}, **settings(__doc__, timeout=timedelta(minutes=8)))
def ingest_feeds() -> None:
    @task
    def shards() -> list[int]:
        from monitor import run

        return run.shards()

    @task(map_index_template="shard {{ task.op_kwargs['shard'] }}")
    def ingest(shard: int, of: list[int]) -> dict[str, Any]:
        from monitor import run

        return run.ingest(shard, len(of), force=get_current_context()["params"]["force"])

    # A shard that failed must not keep the articles of the others waiting.
    @task(outlets=[ARTICLES], trigger_rule=TriggerRule.ALL_DONE)
    def announce(reports: list[dict[str, Any]]) -> int:
        new = sum(report["new"] for report in reports[:])  # as a slice: read at once, not one request a shard
        if not new:
            raise AirflowSkipException("nothing new")
        return int(new)

    # `announce` hides a failed shard from the state of the run; this brings it back.
    @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def fail_with_a_shard() -> None:
        raise AirflowFailException("a shard failed: see its log")

    every = shards()
    reports: Any = ingest.partial(of=every).expand(shard=every)
    announce(reports)
    reports >> fail_with_a_shard()


ingest_feeds()
