"""Writes the report of the last week, one page for the readers of each digest.

**When** Mondays at 12:30 UTC, when the week has ended everywhere. The pages go to `pages/` under `MONITOR_HOME`, as
`report-DIGEST-2026-W47.html`.

**Safe to run again** yes: the same week gives the same page, which is written anew.

**When it fails** the folder cannot be written, or the store is away: the message says which. `monitor report FILE.html
--week 2026-W47` writes any week at any time.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.defaults import LATER, settings


@dag(
    schedule="30 12 * * 1", **settings(__doc__, timeout=timedelta(minutes=15), priority=LATER, tags=("pages", "weekly"))
)
def report_week() -> None:
    @task
    def write() -> dict[str, Any]:
        from monitor import run

        return run.weekly_reports()

    write()


report_week()
