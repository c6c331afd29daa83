"""Decides what is relevant: match, predict, decide, and group into stories.

**When** as soon as `ingest_feeds` brought something new, and hourly, lest an event was lost.

**Safe to run again** yes: it takes the articles that have no decision yet, whatever the date of the run.

**When it fails** no model: run `monitor train` or trigger `train_classifier`. A broken config does not stop it: it goes
on with the last good one and says so in the digest; `monitor config check` names every problem.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import ARTICLES, DECISIONS, settings

NEW_ARTICLES_OR_HOURLY = AssetOrTimeSchedule(
    assets=[ARTICLES], timetable=CronTriggerTimetable("5 * * * *", timezone="UTC")
)


@dag(schedule=NEW_ARTICLES_OR_HOURLY, **settings(__doc__, timeout=timedelta(minutes=30)))
def classify_articles() -> None:
    @task(outlets=[DECISIONS])
    def classify() -> dict[str, Any]:
        from monitor import run

        report = run.classify()
        if not report["decided"]:
            raise AirflowSkipException("no article waits for a decision")
        return report

    classify()


classify_articles()
