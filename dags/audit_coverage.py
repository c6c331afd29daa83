"""Looks at how much of the world the feeds show, and tells what changed since people last heard of it.

It also moves what is older than `retention` of `config/monitor.yaml` from the store into files (`MONITOR_ARCHIVE`), and
looks whether people gave enough labels for a training before its week is over, and starts one.

**When** daily, before the morning's digests.

**Safe to run again** yes: each change of a feed's health is told once, a recovery too. What was told is stored together
with the message that tells it; `send_digests` posts that message, as soon as Slack takes it. What leaves the store is
on disk before it is deleted.

**When it fails** the store is away, or the disk of `MONITOR_ARCHIVE` is full: see the log, then `monitor doctor`.
Feeds in trouble never fail this DAG: they are what it reports. `monitor feeds list --trouble` shows them with what to
do, and `docs/operations.md` explains each.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import LABELS, LATER, settings


@dag(
    schedule="15 4 * * *",
    **settings(__doc__, timeout=timedelta(minutes=10), priority=LATER, tags=("feeds", "coverage")),
)
def audit_coverage() -> None:
    @task
    def audit() -> dict[str, Any]:
        from monitor import run

        return run.audit()

    # Its own task: a full disk stops no news of feeds.
    @task
    def prune() -> dict[str, Any]:
        from monitor import run

        return run.prune()

    # Labels come in outside of Airflow, so somebody has to look (ADR 13).
    @task(outlets=[LABELS])
    def look_for_labels() -> dict[str, Any]:
        from monitor import run

        report = run.new_labels()
        if not report["enough"]:
            raise AirflowSkipException(f"{report['labels']} new labels: too few for a training of their own")
        return report

    audit()
    prune()
    look_for_labels()


audit_coverage()
