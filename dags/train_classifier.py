"""Trains the classifier on the corpus and on what people labelled, and takes it into use if it is good enough.

**When** weekly, when new labels came in, or by hand (there is no model before the first training).

Skips when no text and no label changed since a model was made.

**What it tells** the alarm channel hears of every new model, with the figures of both on the same texts: put in use, or
refused, because it missed a floor or is worse than the one in use, which then stays. `monitor models show VERSION` has
all figures; `monitor models rollback` takes the one before into use.

**Safe to run again** yes: the same texts and labels give the same model, so nothing is trained twice.

**When it fails** the corpus cannot be read, or the first model of all did not reach its floors: the log says which.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import LABELS, LATER, settings

NEW_LABELS_OR_WEEKLY = AssetOrTimeSchedule(
    assets=[LABELS], timetable=CronTriggerTimetable("30 3 * * 0", timezone="UTC")
)


@dag(
    schedule=NEW_LABELS_OR_WEEKLY,
    **settings(__doc__, timeout=timedelta(hours=2), priority=LATER, tags=("classifier", "labels", "weekly")),
)
def train_classifier() -> None:
    @task(retries=1)
    def train() -> dict[str, Any]:
        from monitor import run

        report = run.train()
        if not report["trained"]:
            raise AirflowSkipException(report["why"])
        return report

    train()


train_classifier()
