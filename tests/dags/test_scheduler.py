"""A real Airflow, as `make up` starts it: what dag.test() cannot show."""

import json
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from tools import sample
from tools.airflow_env import ROOT, airflow_environment
from tools.up import Airflow

pytestmark = pytest.mark.scheduler

DAGS = [file for file in (ROOT / "dags").glob("*.py") if file.stem not in {"__init__", "deadlines", "defaults"}]


class Api:
    """The few calls of Airflow's REST interface that we need."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._url = environment["AIRFLOW__API__BASE_URL"]
        passwords = Path(environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]).read_text(encoding="utf-8")
        self._token = ""
        self._token = self.call(
            "POST", "/auth/token", {"username": "admin", "password": json.loads(passwords)["admin"]}
        )["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one call."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, dag: str, kind: str) -> list[str]:
        """States of the runs of ``dag`` that were started by ``kind``."""
        found = self.call("GET", f"/api/v2/dags/{dag}/dagRuns")["dag_runs"]
        return [str(one["state"]) for one in found if one["run_type"] == kind]


def wait_for(what: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.5)
    return False


@pytest.fixture(scope="module")
def airflow(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Airflow with the sample's feeds and a trained model."""
    folder = tmp_path_factory.mktemp("airflow")
    home = folder / "home"
    shutil.copytree(trained, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = airflow_environment(folder / "airflow", port=port)
    with sample.served(datetime.now(UTC)) as address:
        product = {
            "MONITOR_HOME": str(home),
            "MONITOR_CONFIG": str(sample.write_config(folder / "config", address)),
            "MONITOR_STORE": "",
            "SLACK_BOT_TOKEN": "",
        }
        running = Airflow(environment | product, folder / "logs")
        try:
            running.start()
            running.wait_until_healthy()
            yield Api(environment)
        finally:
            running.stop()
    left = [one.pid for one in psutil.process_iter() if str(folder) in _environment_of(one)]
    assert left == [], "stopping must leave no process behind"


def _environment_of(process: psutil.Process) -> str:
    try:
        return process.environ().get("AIRFLOW_HOME", "")
    except psutil.Error:
        return ""


def test_new_articles_start_the_classification(airflow: Api) -> None:
    assert wait_for(lambda: bool(airflow.call("GET", "/api/v2/dags")["total_entries"] == len(DAGS)), seconds=90)
    assert all(not dag["is_paused"] for dag in airflow.call("GET", "/api/v2/dags")["dags"])
    # Airflow starts a first run of its own on a fresh database; by hand we are sure of one.
    airflow.call("POST", "/api/v2/dags/ingest_feeds/dagRuns", {"logical_date": None, "conf": {"force": True}})
    assert wait_for(lambda: "success" in airflow.runs("classify_articles", "asset_triggered"), seconds=240)
