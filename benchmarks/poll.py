"""Poll a farm of feeds twice, with this project and with its peers, against the floors of the machine.

    python feed_farm.py --feeds 1000 --templates templates --port 8101 --fault-share 0 --out farm.json &
    python benchmarks/poll.py farm.json [--feeds 250] [--only ours,loop] [--host-limits] [--reader PYTHON]

``farm.json`` is the manifest of a running farm: addresses, hosts, the latency it adds, and how many entries a correct
poller ends with (null where it may take any). Every poller runs in a process of its own; CPU is that of its whole
tree, memory the peak of its proportional set size (PSS), sampled ten times a second. "start" is the time that Python
and its imports take, where the poller can tell; it is not in "wall", which is from the first request to the exit.

Floors, measured in the same run. Parse: the CPU that plain feedparser takes for all bodies without sanitising and
without resolving links, divided by the cores, while all cores are at it. Network: mean latency x feeds / 100.
Host limits: what the busiest host takes with 2 requests at a time and half a second between two.
"""

import argparse
import http.client
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import psutil

CONCURRENCY = 100
PER_HOST, HOST_GAP = 2, 0.5  # with --host-limits
SAMPLE = 200  # feeds that the one-at-a-time loop polls; its row is scaled up
POLLERS = "reader,ours,newsboat,loop"
READER = """
import sys, time
from pathlib import Path
from reader import make_reader
urls, state = sys.argv[1:]
reader = make_reader(state + "/reader.db")
for url in open(urls).read().split():
    reader.add_feed(url, exist_ok=True)
Path(state, "begun").write_text(str(time.time()))
reader.update_feeds(scheduled=False, workers=64)
"""
LOOP = """
import sys, time, feedparser
from pathlib import Path
urls, state = sys.argv[1:]
Path(state, "begun").write_text(str(time.time()))
for url in open(urls).read().split():
    feedparser.parse(url)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one poll took: seconds to start, of wall time and of CPU, megabytes at the peak."""

    start: float
    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Run the pollers that were asked for and print the table."""
    if sys.argv[1:2] == ["--child"]:
        return _poll_ours(json.loads(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("farm", type=Path)
    parser.add_argument("--feeds", type=int, default=0, help="only the first so many feeds of the farm")
    parser.add_argument("--only", default=POLLERS, help=f"comma list of pollers (default: {POLLERS})")
    parser.add_argument("--reader", default="", help="a Python that has lemon24/reader installed")
    parser.add_argument("--host-limits", action="store_true", help=f"{PER_HOST} requests a host, {HOST_GAP} s apart")
    options = parser.parse_args()
    farm = json.loads(options.farm.read_text())
    feeds = farm["feeds"][: options.feeds or None]
    floors = _floors(farm["args"]["latency"], feeds, limited=options.host_limits)
    limits = f"{PER_HOST} at a time, {HOST_GAP} s apart" if options.host_limits else "off"
    faults = sum(feed["fault"] is not None for feed in feeds)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{len(feeds)} feeds, {faults} of them faulty; host limits {limits}; {machine}")
    print("floors: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in floors.items()))
    print("| poller | poll | start s | wall s | CPU s | peak MB | x floor | x reader |")
    print("|---|---|---|---|---|---|---|---|")
    reader: dict[int, float] = {}
    for poller in options.only.split(","):
        with tempfile.TemporaryDirectory() as state:
            for number in (1, 2):
                cost = _measure(poller, [feed["url"] for feed in feeds], Path(state), options)
                if cost is None:
                    print(f"| {poller} | - | not installed | | | | | |")
                    break
                if poller == "reader":
                    reader[number] = cost.wall
                floor = max(seconds for name, seconds in floors.items() if number == 1 or name != "parse")
                figures = f"{cost.start:.2f} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f}"
                faster = f"{reader[number] / cost.wall:.2f}" if number in reader else ""
                print(f"| {poller} | {number} | {figures} | {cost.wall / floor:.2f} | {faster} |", flush=True)
            if poller == "ours":
                complete = _complete(Path(state, "monitor.db"), feeds)
    if "ours" in options.only.split(","):
        print(complete)
    return None


def _complete(database: Path, feeds: list[dict[str, Any]]) -> str:
    with closing(sqlite3.connect(database)) as connection:
        stored = dict(connection.execute("SELECT feed_id, count(*) FROM entries GROUP BY feed_id"))
        states = connection.execute("SELECT health, count(*) FROM feed_states GROUP BY health").fetchall()
    known = {str(number): feed["entries"] for number, feed in enumerate(feeds) if feed["entries"] is not None}
    whole = sum(stored.get(feed, 0) == entries for feed, entries in known.items())
    health = ", ".join(f"{count} {name}" for name, count in states)
    return f"ours: {whole} of {len(known)} feeds with a known number of entries have exactly that many stored; {health}"


def _floors(latency: str, feeds: list[dict[str, Any]], *, limited: bool) -> dict[str, float]:
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        bodies = [body for body in pool.map(_get, [f["url"] for f in feeds if f["fault"] is None][:400]) if body]
    cores = os.cpu_count() or 1
    # All cores at once, as a poll has them: two that share a core are each slower than one alone.
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(_parse, [bodies[:cores]] * cores))
        cpu = sum(pool.map(_parse, [bodies[part::cores] for part in range(cores)]))
    low, high = (float(part) / 1000 for part in latency.split(":"))
    hosts = [feed["host"] for feed in feeds]
    most = max(hosts.count(host) for host in set(hosts))
    floors = {
        "parse": cpu / cores * len(feeds) / len(bodies),
        "network": (low + high) / 2 * len(feeds) / CONCURRENCY,
    }
    if limited:
        floors["host limits"] = max((most - 1) * HOST_GAP, most / PER_HOST * (low + high) / 2) + (low + high) / 2
    return floors


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bytes(response.read(2**20))
    except (OSError, http.client.HTTPException):  # a farm may have faults
        return b""


def _parse(bodies: list[bytes]) -> float:
    start = time.process_time()
    for body in bodies:
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return time.process_time() - start


def _measure(poller: str, urls: list[str], state: Path, options: argparse.Namespace) -> Cost | None:
    scale = 1.0
    if poller == "loop":
        scale, urls = len(urls) / min(SAMPLE, len(urls)), urls[:SAMPLE]
    listed = state / "urls"
    listed.write_text("\n".join(urls) + "\n")
    command = _command(poller, listed, state, options)
    if command is None:
        return None
    cost = _run(command, state / "begun")
    return replace(cost, wall=cost.wall * scale, cpu=cost.cpu * scale)


def _command(poller: str, listed: Path, state: Path, options: argparse.Namespace) -> list[str] | None:
    if poller == "ours":
        job = {"urls": str(listed), "state": str(state), "host_limits": options.host_limits}
        return [sys.executable, __file__, "--child", json.dumps(job)]
    if poller == "reader":
        return [options.reader, "-c", READER, str(listed), str(state)] if options.reader else None
    if poller == "newsboat":
        program = shutil.which("newsboat")
        (state / "config").write_text(f"reload-threads {CONCURRENCY}\n")
        files = ["-u", str(listed), "-c", str(state / "cache.db"), "-C", str(state / "config")]
        return [program, *files, "-x", "reload"] if program else None
    return [sys.executable, "-c", LOOP, str(listed), str(state)]


def _run(command: list[str], begun: Path) -> Cost:
    started = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        root = psutil.Process(process.pid)
        while not done.wait(0.1):
            total = 0
            for member in _tree(root):
                try:
                    total += member.memory_full_info().pss
                except psutil.Error:
                    continue
            peak = max(peak, total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    done.set()
    watcher.join()
    if status:
        raise SystemExit(f"{command[:3]} failed")
    process.returncode = 0
    first = float(begun.read_text()) if begun.exists() else started
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(start=first - started, wall=time.time() - first, cpu=cpu, memory=peak / 1e6)


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def _poll_ours(job: dict[str, Any]) -> None:
    from monitor.core.feed import Feed, FetchPolicy, Tier
    from monitor.core.watch import Watch
    from monitor.feeds import fetch_all
    from monitor.jobs.ingest_feeds import ingest_feeds
    from monitor.run.live import rare_collections
    from monitor.settings import Settings, ThresholdOverrides
    from monitor.store import Store

    gap, per_host = (HOST_GAP, PER_HOST) if job["host_limits"] else (0.0, CONCURRENCY)
    policy = FetchPolicy(
        user_agent="benchmark", concurrency=CONCURRENCY, per_host=per_host, host_gap=gap, allow_hosts=("127.0.0.0/8",)
    )
    urls = Path(job["urls"]).read_text().split()
    feeds = tuple(
        Feed(id=str(n), url=url, outlet="x", language="en", country="", tier=Tier.GENERAL) for n, url in enumerate(urls)
    )
    settings = Settings(
        feeds=feeds,
        watch=Watch(terms=(), version=""),
        themes=(),
        digests=(),
        alerts=(),
        fetch=policy,
        thresholds=ThresholdOverrides(),
        retention=timedelta(days=1),
        version="",
        texts={},
    )
    store = Store(f"sqlite:///{job['state']}/monitor.db")
    store.migrate()
    now = datetime.now(UTC)
    Path(job["state"], "begun").write_text(str(time.time()))
    with rare_collections():  # as monitor.run does
        report = ingest_feeds(
            store, settings, lambda requests: fetch_all(requests, policy, now=now), now=now, force=True
        )
    print(report, file=sys.stderr)
    store.close()


if __name__ == "__main__":
    main()
