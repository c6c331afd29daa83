"""What Airflow itself costs: parsing the DAGs, each component at rest, and the way from task to task.

python benchmarks/airflow_cost.py parse                            the DAG files, beside as many files with an empty DAG
python benchmarks/airflow_cost.py rest HOME [--idle 0.5] [--seconds 180]    a whole production under Celery, its DAGs
    paused; then a run of ingest_feeds with nothing due. HOME is a MONITOR_HOME with a trained model in SQLite.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import postgres  # noqa: E402
from tests.support.celery_airflow import CeleryAirflow, celery_airflow  # noqa: E402
from tools import sample  # noqa: E402

PARSE = """
import importlib, sys, time
import airflow.sdk, airflow.sdk.exceptions
sys.path.insert(0, sys.argv[1])
began = time.process_time()
for name in sys.argv[2:]:
    importlib.import_module(name)
print(time.process_time() - began)
"""
EMPTY = "from airflow.sdk import dag\n\n\n@dag\ndef empty_{0}():\n    pass\n\n\nempty_{0}()\n"
TARGET_PARSE, TARGET_REST = 0.5, 15.0


def parse() -> None:
    """CPU seconds to parse all DAGs in a process that holds airflow.sdk, best of three."""
    names = sorted(f"dags.{file.stem}" for file in (ROOT / "dags").glob("*_*.py") if not file.stem.startswith("__"))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(len(names)):
            Path(folder, f"empty{number}.py").write_text(EMPTY.format(number))
        floor = min(_parsed(folder, *(f"empty{number}" for number in range(len(names)))) for _ in range(3))
    ours = min(_parsed(str(ROOT), *names) for _ in range(3))
    print("| files | CPU s | x floor | of 0.5 s |\n|---|---|---|---|")
    print(f"| {len(names)} with an empty DAG | {floor:.3f} | 1 | {floor / TARGET_PARSE:.2f} |")
    print(f"| our {len(names)} | {ours:.3f} | {ours / floor:.1f} | {ours / TARGET_PARSE:.2f} |")


def _parsed(folder: str, *names: str) -> float:
    command = [sys.executable, "-c", PARSE, folder, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return float(done.stdout.splitlines()[-1])


def rest(home: Path, *, idle: str, seconds: float) -> None:
    """Run a production and print what its components take while nothing is to be done, and one chain after that."""
    with (
        tempfile.TemporaryDirectory(prefix="rest-") as name,
        postgres.server() as server,
        sample.served(datetime.now().astimezone()) as address,
    ):
        folder = Path(name)
        product = {
            "MONITOR_HOME": str(folder / "home"),
            "MONITOR_CONFIG": str(sample.write_config(folder / "config", address)),
            "SLACK_BOT_TOKEN": "",
        }
        more = {"AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": idle}
        dags = ("ingest_feeds", "classify_articles", "send_alerts", "send_digests")
        with celery_airflow(folder, product, server=server, trained=home, dags=dags, more=more) as production:
            _until(lambda: production.call("GET", "/api/v2/dags")["total_entries"] == len(dags))
            _until(lambda: ("asset_triggered", "success") in production.runs("classify_articles"))
            production.call("PATCH", "/api/v2/dags?dag_id_pattern=%25", {"is_paused": True})
            _until(lambda: not _busy(production, dags))
            time.sleep(15)
            before, began = _cpu(production), time.monotonic()
            time.sleep(seconds)
            after, took = _cpu(production), time.monotonic() - began
            print(f"idle sleep {idle} s, {took:.0f} s at rest, load {os.getloadavg()[0]:.1f}")
            print("| component | % of a core | of 15 % |\n|---|---|---|")
            for component, spent in after.items():
                share = 100 * (spent - before[component]) / took
                print(f"| {component} | {share:.1f} | {share / TARGET_REST:.2f} |", flush=True)
            _chain(production)


def _until(what: Any, *, seconds: float = 400) -> None:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise SystemExit("it took too long")
        time.sleep(0.5)


def _busy(production: CeleryAirflow, dags: tuple[str, ...]) -> bool:
    return any(state in {"running", "queued"} for dag in dags for _, state in production.runs(dag))


def _cpu(production: CeleryAirflow) -> dict[str, float]:
    """CPU seconds of each component's processes so far, those that ended included."""
    return {name: _seconds(process.pid) for name, process in production.airflow.running.items()}


def _seconds(pid: int) -> float:
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            spent = process.cpu_times()
        except psutil.Error:
            continue
        total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


def _chain(production: CeleryAirflow) -> None:
    """One run of three tasks with nothing to do: how long each took, and the time between two."""
    production.call("PATCH", "/api/v2/dags/ingest_feeds", {"is_paused": False})
    run = production.call("POST", "/api/v2/dags/ingest_feeds/dagRuns", {"logical_date": None, "conf": {}})["dag_run_id"]
    _until(lambda: not _busy(production, ("ingest_feeds",)))
    found = production.call("GET", f"/api/v2/dags/ingest_feeds/dagRuns/{run}/taskInstances")["task_instances"]
    done = sorted((one for one in found if one["start_date"] and one["end_date"]), key=lambda one: one["start_date"])
    times = [(datetime.fromisoformat(one["start_date"]), datetime.fromisoformat(one["end_date"])) for one in done]
    tasks = [(end - start).total_seconds() for start, end in times]
    gaps = [(after[0] - before[1]).total_seconds() for before, after in pairwise(times)]
    print(json.dumps({"tasks, s": [round(t, 2) for t in tasks], "between, s": [round(gap, 2) for gap in gaps]}))


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("parse", "rest"))
    parser.add_argument("home", type=Path, nargs="?", default=ROOT / "var")
    parser.add_argument("--idle", default="0.5")
    parser.add_argument("--seconds", type=float, default=180)
    options = parser.parse_args()
    if options.what == "parse":
        parse()
    else:
        rest(options.home, idle=options.idle, seconds=options.seconds)


if __name__ == "__main__":
    main()
