"""The jobs that post, each run in a process of its own that can be killed at any moment.

``Sender`` starts one interpreter that has everything imported; for each run it forks a child, which does the work and
ends. What is killed is that child, with SIGKILL: nothing of it can clean up.
"""

import os
import signal
import subprocess
import sys
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
from tests.support.news import make_settings
from tests.support.slack_twin import SlackTwin

SETTINGS = make_settings(alerts=(AlertSpec(id="urgent", channel=SlackTwin.ALERTS, max_per_hour=60),))
ROOT = Path(__file__).parents[2]
LONGEST_RUN = 5.0


def send(job: str, store_url: str, api_url: str, token: str, now: str) -> None:
    """One run of one job, as its DAG does it."""
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

    _process: "subprocess.Popen[str]" = field(init=False)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.sender"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

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
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join([job, store_url, twin.api_url, twin.token, now.isoformat()]) + "\n")
        self._process.stdin.flush()
        pid, began = int(self._line()), time.monotonic()
        if kill_after is not None:
            while len(twin.workspace.requests) < already + calls and time.monotonic() - began < LONGEST_RUN:
                time.sleep(0.0005)
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)  # at worst a zombie: nobody has waited for it yet
        status = self._wait()
        return os.WIFSIGNALED(status), time.monotonic() - began

    def _wait(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write("wait\n")
        self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main() -> None:
    """Read a job, fork, say the child's pid; on ``wait`` wait for it and say how it ended."""
    courier.SETTLE_SECONDS = 0.05  # the stand-in is on this machine
    print("ready", flush=True)
    child = 0
    for line in sys.stdin:
        if line.strip() == "wait":
            print(os.waitpid(child, 0)[1], flush=True)
            continue
        child = os.fork()
        if child == 0:
            code = 1
            try:
                send(*line.split())
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)


if __name__ == "__main__":
    main()
