"""Tells the alert channels at once of what is urgent, and adds to what it told.

**When** as soon as `classify_articles` decided something, and every 5 minutes, for what quiet hours held back must go
out too. Skips when there is nothing to tell.

**Safe to run again** yes: an alert is frozen before it is posted, and a story is told once a channel. After a crash the
next run looks in the channel for the message that was under way.

**When it fails** the database is away: see the task's log. When Slack refuses a channel or the token, nothing fails:
the alarm channel and `monitor doctor` say which and what to do; what could not be posted waits, other channels go on.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import ALERT, DECISIONS, settings

DECISIONS_OR_FIVE_MINUTES = AssetOrTimeSchedule(
    assets=[DECISIONS], timetable=CronTriggerTimetable("*/5 * * * *", timezone="UTC")
)


@dag(
    schedule=DECISIONS_OR_FIVE_MINUTES,
    **settings(__doc__, timeout=timedelta(minutes=10), within=10, priority=ALERT, tags=("stories", "slack")),
)
def send_alerts() -> None:
    @task
    def send() -> dict[str, Any]:
        from monitor import run

        report = run.alerts()
        if not any(report[what] for what in ("alerts", "grown", "posted", "refused")):
            raise AirflowSkipException("nothing is urgent, and no alert waits to be posted")
        return report

    send()


send_alerts()
