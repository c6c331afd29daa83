"""Polls every feed that is due and stores the articles that are new.

**When** every 10 minutes (`MONITOR_POLL_CRON`); each feed is polled at its own interval from `config/feeds.yaml`. One
mapped task a shard of feeds, by host; then `announce` tells `classify_articles` that there is something new.

**Safe to run again** yes, at any time: an article is stored once, and a feed that is not due is left alone.

**When it fails** all due feeds of a shard failed, at least 10 on 5 hosts: that is our network; or the database is away:
see the task's log, then `monitor doctor`. Feeds in trouble by themselves fail nothing: `monitor feeds list` shows them.
A run whose time was up found no worker, or no pool `feeds`: `docs/operations.md`.
"""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, TriggerRule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.defaults import ARTICLES, FEEDS, INGEST, settings


@dag(
    schedule=os.environ.get("MONITOR_POLL_CRON") or "*/10 * * * *",
    params={"force": Param(False, type="boolean", description="Poll every feed now, due or not")},
    **settings(__doc__, timeout=timedelta(minutes=8), within=10, priority=INGEST, tags=("feeds", "articles")),
)
def ingest_feeds() -> None:
    @task
    def shards() -> list[int]:
        from monitor import run

        return run.shards(force=get_current_context()["params"]["force"])

    @task(pool=FEEDS, retries=1, map_index_template="shard {{ task.op_kwargs['shard'] }}")
    def ingest(shard: int, of: list[int]) -> dict[str, Any]:
        from monitor import run

        return run.ingest(shard, len(of), force=get_current_context()["params"]["force"])

    # A shard that failed must not keep the others' articles.
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
