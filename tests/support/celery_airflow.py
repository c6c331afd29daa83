"""A production on this machine, as docker-compose.yml has it: Airflow with CeleryExecutor, Redis and PostgreSQL."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from monitor.store import Store, models
from tools.airflow_env import ROOT, airflow_environment
from tools.up import COMPONENTS, Airflow

WORKER = ["celery", "worker", "--skip-serve-logs", "--concurrency", "2", "--without-gossip", "--without-mingle"]


class CeleryAirflow:
    """What runs: its REST interface, the product's store, and the processes of its components."""

    def __init__(self, airflow: Airflow, environment: Mapping[str, str], store_url: str, airflow_url: str) -> None:
        self.airflow = airflow
        self.store_url = store_url
        self._airflow_url = airflow_url
        self._url = environment["AIRFLOW__API__BASE_URL"]
        passwords = Path(environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]).read_text(encoding="utf-8")
        self._token = ""
        password = json.loads(passwords)["admin"]
        self._token = self.call("POST", "/auth/token", {"username": "admin", "password": password})["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one call of Airflow's REST interface."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, dag: str) -> list[tuple[str, str]]:
        """Kind and state of each run of a DAG, oldest first."""
        found = self.call("GET", f"/api/v2/dags/{dag}/dagRuns?order_by=run_after")["dag_runs"]
        return [(str(one["run_type"]), str(one["state"])) for one in found]

    def done_by_celery(self) -> int:
        """How many tasks a Celery worker noted as done, in Celery's own table."""
        with psycopg.connect(self._airflow_url) as connection:
            row = connection.execute("SELECT count(*) FROM celery_taskmeta WHERE status = 'SUCCESS'").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def celery_airflow(
    folder: Path,
    product: Mapping[str, str],
    *,
    server: str,
    trained: Path,
    dags: Iterable[str] = (),
    more: Mapping[str, str] | None = None,
) -> Iterator[CeleryAirflow]:
    """Start everything, with the model of the home ``trained`` in use; stop everything.

    ``server`` is the URL of a PostgreSQL server; ``dags`` are the only ones to run (default: all).
    """
    airflow_url, store_url = _databases(server)
    _put_model(trained, store_url)
    environment = airflow_environment(folder / "airflow", port=_free_port()) | {
        "AIRFLOW__CORE__DAGS_FOLDER": str(_dags_folder(folder, dags)),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": airflow_url.replace("postgresql:", "postgresql+psycopg2:"),
        "AIRFLOW__CELERY__BROKER_URL": f"redis+socket://{folder / 'redis.sock'}",
        "AIRFLOW__CELERY__RESULT_BACKEND": airflow_url.replace("postgresql:", "db+postgresql+psycopg2:"),
        **product,
        "MONITOR_STORE": store_url,
        **(more or {}),
    }
    components = {name: COMPONENTS[name] for name in ("api-server", "scheduler", "dag-processor")} | {"worker": WORKER}
    with _redis(folder):
        airflow = Airflow(environment, folder / "logs", components)
        try:
            airflow.start()
            airflow.wait_until_healthy()
            yield CeleryAirflow(airflow, environment, store_url, airflow_url)
        finally:
            airflow.stop(patience=2)  # a worker would wait for its tasks


def _databases(server: str) -> tuple[str, str]:
    """Two empty databases, as docker/databases.sh makes them."""
    name = f"c{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        for kind in ("airflow", "monitor"):
            connection.execute(f"CREATE DATABASE {name}_{kind}")
    airflow_url, store_url = (server.replace("/postgres?", f"/{name}_{kind}?") for kind in ("airflow", "monitor"))
    return airflow_url, store_url


def _put_model(trained: Path, store_url: str) -> None:
    """Copy the model in use from a home with SQLite into the production's store."""
    source, target = Store(f"sqlite:///{trained / 'monitor.db'}"), Store(store_url)
    target.migrate()
    with source.read() as old, target.write() as new:
        version = models.model_in_use(old) or ""
        (made_at, card) = next((at, card) for held, at, _, card in models.list_models(old) if held == version)
        archive = models.load_archive(old, version) or b""
        models.save_model(new, version=version, made_at=made_at, card=card, archive=archive)
        models.promote_model(new, version, now=made_at)
    source.close()
    target.close()


def _dags_folder(folder: Path, dags: Iterable[str]) -> Path:
    """The folder of DAGs, or one with links to some of them: all that are new run at once at a start."""
    names = list(dags)
    if not names:
        return ROOT / "dags"
    links = folder / "dags"
    links.mkdir()
    for name in names:
        (links / f"{name}.py").symlink_to(ROOT / "dags" / f"{name}.py")
    return links


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _redis(folder: Path) -> Iterator[None]:
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("Redis is not installed")
    path = folder / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            until = time.monotonic() + 10
            while not path.exists() and time.monotonic() < until:
                time.sleep(0.02)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
