"""`make up`: a whole Airflow on loopback until Ctrl-C: api-server, scheduler, dag-processor and triggerer."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tools.airflow_env import ROOT, airflow_environment, product_environment

COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],  # its log server would listen on every interface
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
POOLS = ROOT / "docker" / "pools.json"
READY_SECONDS = 180
STOP_SECONDS = 10


class Airflow:
    """Airflow's ``components``, each in a process group of its own so that none of its children outlives it."""

    def __init__(
        self, environment: dict[str, str], logs: Path, components: Mapping[str, Sequence[str]] = COMPONENTS
    ) -> None:
        self._environment = os.environ | environment
        self._logs = logs
        self._components = components
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._files: list[IO[bytes]] = []
        self._url = environment["AIRFLOW__API__BASE_URL"]

    def start(self) -> None:
        """Migrate Airflow's database and start everything; logs go to one file a component."""
        self._logs.mkdir(parents=True, exist_ok=True)
        if self._spawn("db-migrate", "db", "migrate").wait():
            raise RuntimeError(f"airflow db migrate failed: see {self._logs / 'db-migrate.log'}")
        pools = self._spawn("pools", "pools", "import", str(POOLS))  # tasks wait for their pool, so this need not
        for name, arguments in self._components.items():
            self.running[name] = self._spawn(name, *arguments)
        if pools.wait():
            raise RuntimeError(f"the pools were not made: see {self._logs / 'pools.log'}")

    def wait_until_healthy(self) -> None:
        """Return when the api-server answers. Raises RuntimeError when a component ended or time is up."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            self.check()
            try:
                with urllib.request.urlopen(f"{self._url}/api/v2/monitor/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.5)
        raise RuntimeError(f"Airflow did not answer within {READY_SECONDS} s: see {self._logs}")

    def check(self) -> None:
        """Raise RuntimeError when a component has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended with {process.returncode}: see {self._logs / name}.log")

    def stop(self, *, patience: float = STOP_SECONDS) -> None:
        """Stop all of them, first politely, for so many seconds."""
        for sig, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            for process in self.running.values():
                _signal_group(process, sig)
            until = time.monotonic() + seconds
            while time.monotonic() < until and any(_group_lives(process) for process in self.running.values()):
                time.sleep(0.1)
        for file in self._files:
            file.close()

    def _spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self._logs / f"{name}.log").open("wb")
        self._files.append(log)
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _signal_group(process: subprocess.Popen[bytes], sig: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, sig)


def _group_lives(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # a dead leader that nobody waited for would still count
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> int:
    """Start, tell where to look, and wait."""
    environment = (
        airflow_environment(ROOT / ".airflow", port=int(os.environ.get("PORT", "8080"))) | product_environment()
    )
    logs = ROOT / ".airflow" / "logs" / "components"
    url = environment["AIRFLOW__API__BASE_URL"]
    password = json.loads(Path(environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]).read_text())["admin"]
    if not _port_is_free(environment["AIRFLOW__API__PORT"]):
        print(f"Something already listens on {url}: stop it, or choose another port with `make up PORT=8081`.")
        return 1
    # Any way of being told to end must take the components along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    airflow = Airflow(environment, logs)
    try:
        print("Starting Airflow ...", flush=True)
        airflow.start()
        airflow.wait_until_healthy()
        print(
            f"Airflow is up: {url}   user admin, password {password}\nLogs: {logs}\nCtrl-C stops everything.",
            flush=True,
        )
        while True:
            airflow.check()
            time.sleep(1)
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        return 0
    except RuntimeError as error:
        print(error, flush=True)
        return 1
    finally:
        airflow.stop()
        print("Everything is stopped.", flush=True)


def _port_is_free(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) != 0


if __name__ == "__main__":
    sys.exit(main())
