"""A poll in shards: 1, 2 and 4 worker processes, as Celery has them, on one PostgreSQL and one farm of feeds.

python benchmarks/shards.py FARM.json [--host-limits] [--workers 1,2,4]

FARM.json is what a farm of feeds wrote of itself: a list of feeds with their URLs. Each worker is a process of its
own that calls monitor.run.ingest for one shard, with two parse workers. First poll: everything is new; second poll:
the servers say that nothing changed. Seconds are from the start of the processes to the end of the last one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from monitor.store import Store  # noqa: E402
from tests.support import postgres  # noqa: E402

WORKER = """
import json, sys, time
from monitor import run
began = time.monotonic()
counts = run.ingest(int(sys.argv[1]), int(sys.argv[2]), force=True)
print(json.dumps(counts | {"seconds": time.monotonic() - began}))
"""
MONITOR = """\
digests:
  - {{id: daily, channel: C0TWINDIG01, cron: "0 7 1 1 *", time_zone: UTC}}
fetch:
  contact: nobody@example.org
  concurrency: 100
  per_host: {per_host}
  host_gap: {gap}
  allow_hosts: ["127.0.0.0/8"]
"""


def write_config(folder: Path, urls: list[str], *, limited: bool) -> None:
    """A config that polls these feeds."""
    feeds = "".join(
        f"  - {{id: f{n}, outlet: Outlet {n}, url: '{url}', language: en, country: GB, tier: general}}\n"
        for n, url in enumerate(urls)
    )
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}")
    limits = {"per_host": 2, "gap": 0.5} if limited else {"per_host": 20, "gap": 0}
    (folder / "monitor.yaml").write_text(MONITOR.format(**limits))
    for name in ("themes.yaml", "watch.yaml"):
        (folder / name).write_text((ROOT / "config" / name).read_text())


def poll(environment: dict[str, str], workers: int) -> tuple[float, float, list[dict[str, float]]]:
    """One poll: wall seconds, CPU seconds of all processes, and the counts of each shard."""
    began = time.monotonic()
    commands = [[sys.executable, "-c", WORKER, str(number), str(workers)] for number in range(workers)]
    processes = [subprocess.Popen(c, env=environment, stdout=subprocess.PIPE, cwd=ROOT) for c in commands]
    cpu, counts = 0.0, []
    for process in processes:
        assert process.stdout is not None
        counts.append(json.loads(process.stdout.read().splitlines()[-1]))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        assert status == 0
        cpu += usage.ru_utime + usage.ru_stime
    return time.monotonic() - began, cpu, counts


def main() -> None:
    """Poll with each number of workers, each on an empty database, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("farm", type=Path)
    parser.add_argument("--host-limits", action="store_true")
    parser.add_argument("--workers", default="1,2,4")
    options = parser.parse_args()
    urls = [feed["url"] for feed in json.loads(options.farm.read_text())["feeds"]]
    limits = "2 at a time, 0.5 s apart" if options.host_limits else "off"
    print(f"{len(urls)} feeds; host limits {limits}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("| workers | poll | wall s | x one worker | CPU s | CPU s / cores | feeds of the shards | new |")
    print("|---|---|---|---|---|---|---|---|")
    alone: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name, postgres.server() as server:
        folder = Path(name)
        write_config(folder, urls, limited=options.host_limits)
        for workers in map(int, options.workers.split(",")):
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE shards{workers}")
            url = server.replace("/postgres?", f"/shards{workers}?")
            store = Store(url)
            store.migrate()
            store.close()
            environment = os.environ | {"MONITOR_CONFIG": name, "MONITOR_HOME": name, "MONITOR_STORE": url}
            for number in (1, 2):
                wall, cpu, counts = poll(environment, workers)
                alone.setdefault(number, wall)
                shares = " ".join(f"{shard['feeds']:.0f}" for shard in counts)
                new = sum(shard["new"] for shard in counts)
                figures = f"{wall:.1f} | {wall / alone[number]:.2f} | {cpu:.1f} | {cpu / (os.cpu_count() or 1):.1f}"
                print(f"| {workers} | {number} | {figures} | {shares} | {new:.0f} |", flush=True)


if __name__ == "__main__":
    main()
