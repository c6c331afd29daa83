"""The jobs that post, each run in a process of its own that can be killed at any moment."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor import courier
from monitor.core.digest import AlertSpec
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.slack import SlackClient
from monitor.store import Store
from tests.support.forks import Forks
from tests.support.news import make_settings
from tests.support.slack_twin import SlackTwin

SETTINGS = make_settings(alerts=(AlertSpec(id="urgent", channel=SlackTwin.ALERTS, max_per_hour=60),))
LONGEST_RUN = 5.0


def send(job: str, store_url: str, api_url: str, token: str, now: str) -> None:
    """One run of one job, as its DAG does it."""
    courier.SETTLE_SECONDS = 0.05  # the stand-in is on this machine
    store, moment = Store(store_url), datetime.fromisoformat(now)
    client = SlackClient(token, api_url, timeout=5)
    if job == "digest":
        send_digests(store, SETTINGS, client, now=moment, home=Path(store_url.removeprefix("sqlite:///")).parent)
    else:
        send_alerts(store, SETTINGS, client, now=moment)
    store.close()


@dataclass(slots=True)
class Sender:
    """``with Sender() as sender: sender.run("digest", ..., kill_after=0.05)``."""

    forks: Forks = field(default_factory=lambda: Forks("tests.support.sender:send"))

    def __enter__(self) -> Self:
        self.forks.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forks.__exit__(kind, error, trace)

    def run(
        self,
        job: str,
        store_url: str,
        twin: SlackTwin,
        now: datetime,
        *,
        kill_after: float | None = None,
        calls: int = 0,
    ) -> tuple[bool, float]:
        """(was it killed?, seconds that it ran). Killed ``kill_after`` seconds after it made so many ``calls``."""
        already = len(twin.workspace.requests)
        pid, began = self.forks.start(job, store_url, twin.api_url, twin.token, now.isoformat()), time.monotonic()
        if kill_after is None:
            end = self.forks.wait(pid)
        else:
            while len(twin.workspace.requests) < already + calls and time.monotonic() - began < LONGEST_RUN:
                time.sleep(0.0005)
            time.sleep(kill_after)
            end = self.forks.kill(pid)
        return end.killed, end.seconds
