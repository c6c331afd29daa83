"""Composes and posts the digests that are due.

**When** every 5 minutes; each digest has its own cron and time zone in `config/monitor.yaml`. Skips when none is due.

**Safe to run again** yes: a digest is frozen before its first message is posted, and a story is told once a digest.
After a crash the next run goes on with the part that was not posted. Triggered with `at` (a moment) and `test` (a
channel) it shows a digest of the past there, and tells nothing.

**When it fails** Slack refused the token or a channel: the message says which, and what to do (invite the bot, renew
the token). Nothing is lost: what could not be posted waits. `monitor digest ID --preview FILE.html` shows it meanwhile.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.defaults import DIGEST, settings

PARAMS = {
    "digest": Param("", type="string", description="Only the digest with this id; empty: every digest"),
    "now": Param(False, type="boolean", description="Compose now, not at the digest's own hours"),
    "at": Param("", type="string", description="Show the digest of this cut of the past (UTC) in the channel test"),
    "anew": Param(False, type="boolean", description="With at: as it would be by today's decisions"),
    "test": Param("", type="string", description="With at: a test channel; nothing counts as told by it"),
}


@dag(
    schedule="*/5 * * * *",
    params=PARAMS,
    **settings(__doc__, timeout=timedelta(minutes=15), within=15, priority=DIGEST, tags=("stories", "slack", "pages")),
)
def send_digests() -> None:
    @task
    def send() -> dict[str, Any]:
        from monitor import run

        params = get_current_context()["params"]
        if params["at"]:
            return run.past_digest(
                params["digest"], run.read_moment(params["at"]), anew=params["anew"], to=params["test"]
            )
        report = run.digests(params["digest"], force=params["now"])
        if not any(report[what] for what in ("digests", "posted", "refused")):
            raise AirflowSkipException("no digest is due, and none waits to be posted")
        return report

    send()


send_digests()
