"""Samples articles from below the line for people to judge, so that what the threshold hides is known.

**When** on Mondays. The messages go out with `send_digests`, as soon as Slack takes them, to the channel `review` of
`config/monitor.yaml`; without one the sample waits for `monitor label --review`.

**Safe to run again** yes: there is one sample a week, stored in one transaction with the messages that show it.

**When it fails** there is no model yet: trigger `train_classifier`. `monitor review --missed` shows what answers say.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import LATER, settings


@dag(
    schedule="0 6 * * 1",
    **settings(
        __doc__, timeout=timedelta(minutes=10), priority=LATER, tags=("classifier", "labels", "slack", "weekly")
    ),
)
def review_articles() -> None:
    @task
    def review() -> dict[str, Any]:
        from monitor import run

        report = run.review()
        if not report["articles"]:
            raise AirflowSkipException("there is a sample of this week, or nothing to sample")
        return report

    review()


review_articles()
