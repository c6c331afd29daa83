"""Trains the classifier on the corpus and on what people labelled, and takes it into use if it is good enough.

**When** weekly, when new labels came in, or by hand (there is no model before the first training).

**Safe to run again** yes: the same texts and labels give the same model, which is kept once.

**When it fails** the new model did not reach its floors or was worse than the one in use: the one in use stays. The log
and `monitor models list` say by how much; `monitor models rollback` takes the one before into use.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from dags.defaults import LABELS, settings

NEW_LABELS_OR_WEEKLY = AssetOrTimeSchedule(
    assets=[LABELS], timetable=CronTriggerTimetable("30 3 * * 0", timezone="UTC")
)


@dag(schedule=NEW_LABELS_OR_WEEKLY, **settings(__doc__, timeout=timedelta(hours=2)))
def train_classifier() -> None:
    @task(retries=1)
    def train() -> dict[str, Any]:
        from monitor import run

        return run.train()

    train()


train_classifier()
