"""Decides what is relevant: match, predict, decide, and group into stories.

**When** as soon as `ingest_feeds` brought something new, and hourly, lest an event was lost.

**Safe to run again** yes: it takes the articles that have no decision yet, whatever the date of the run. Triggered with
`again_since` (a date; `again_until` another), it also decides again, with the present watch and model, on articles
first seen since then: nothing that was sent is sent again, and no alert comes of it.

**When it fails** no model: run `monitor train` or trigger `train_classifier`. A broken config does not stop it: it goes
on with the last good one and says so in the digest; `monitor config check` names every problem.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import ARTICLES, CLASSIFY, DECISIONS, settings

NEW_ARTICLES_OR_HOURLY = AssetOrTimeSchedule(
    assets=[ARTICLES], timetable=CronTriggerTimetable("5 * * * *", timezone="UTC")
)
PARAMS = {
    "again_since": Param(
        None, type=["null", "string"], format="date", description="Decide again since this day (UTC)."
    ),
    "again_until": Param(None, type=["null", "string"], format="date", description="And not after its beginning."),
}


@dag(
    schedule=NEW_ARTICLES_OR_HOURLY,
    params=PARAMS,
    **settings(
        __doc__, timeout=timedelta(minutes=30), within=15, priority=CLASSIFY, tags=("articles", "classifier", "stories")
    ),
)
def classify_articles() -> None:
    @task(outlets=[DECISIONS])
    def classify(params: dict[str, Any] | None = None) -> dict[str, Any]:  # None: Airflow fills it in
        from monitor import run

        days = [(params or {}).get(name) for name in ("again_since", "again_until")]
        since, until = (datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None for day in days)
        report = run.classify(since=since, until=until)
        if not report["decided"]:
            raise AirflowSkipException("no article waits for a decision")
        return report

    classify()


classify_articles()
