"""Poll a farm of feeds twice, with this project and with its peers, against the floors of the machine.

    python feed_farm.py --feeds 1000 --templates templates --port 8101 --fault-share 0 --out farm.json &
    python benchmarks/poll.py farm.json [--only ours,loop] [--host-limits] [--reader PYTHON]

``farm.json`` is the manifest of a running farm (urls, and the latency it adds). Every poller runs in a process of its
own; CPU is that of its whole tree, memory the peak of its proportional set size (PSS), sampled ten times a second.
Parse floor: feedparser alone over the bodies, on all cores at once. Network floor: mean latency x feeds / 100.
"""

import argparse
import http.client
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import psutil

CONCURRENCY = 100
SAMPLE = 200  # feeds that the one-at-a-time loop polls; its row is scaled up
KNOBS: dict[str, dict[str, bool]] = {
    "parse": {},
    "parse with our knobs": {"sanitize_html": False, "resolve_relative_uris": False},
}
READER = """
import sys
from reader import make_reader
urls, state = sys.argv[1:]
reader = make_reader(state + "/reader.db")
for url in open(urls).read().split():
    reader.add_feed(url, exist_ok=True)
reader.update_feeds(scheduled=False, workers=64)
"""
LOOP = """
import sys, feedparser
for url in open(sys.argv[1]).read().split():
    feedparser.parse(url)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one poll took: seconds of wall time and CPU, megabytes at the peak."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Run the pollers that were asked for and print the table."""
    if sys.argv[1:2] == ["--child"]:
        return _poll_ours(json.loads(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("farm", type=Path)
    parser.add_argument("--only", default="ours,reader,newsboat,loop", help="comma list of pollers")
    parser.add_argument("--reader", default="", help="a Python that has lemon24/reader installed")
    parser.add_argument("--host-limits", action="store_true", help="2 requests a host, 0.5 s apart")
    options = parser.parse_args()
    farm = json.loads(options.farm.read_text())
    urls = [feed["url"] for feed in farm["feeds"]]
    floors = _floors(farm, urls, host_gap=0.5 if options.host_limits else 0.0)
    print(f"{len(urls)} feeds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("floors: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in floors.items()))
    print("| poller | poll | wall s | CPU s | peak MB | x floor |\n|---|---|---|---|---|---|")
    for poller in options.only.split(","):
        with tempfile.TemporaryDirectory() as state:
            for number in (1, 2):
                cost = _measure(poller, urls, Path(state), options)
                if cost is None:
                    print(f"| {poller} | - | not installed | | | |")
                    break
                network = max(floors["network"], floors["host limits"])
                floor = max(floors["parse"], network) if number == 1 else network
                row = f"{cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f} | {cost.wall / floor:.2f}"
                print(f"| {poller} | {number} | {row} |", flush=True)
    return None


def _floors(farm: dict[str, Any], urls: list[str], *, host_gap: float) -> dict[str, float]:
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        bodies = [body for body in pool.map(_get, urls[:300]) if body]
    cores, scale = os.cpu_count() or 1, len(urls) / len(bodies)
    seconds = {}
    for name, knobs in KNOBS.items():
        # All cores at once, as a poll has them: two that share a core are each slower than one alone.
        with ProcessPoolExecutor(cores) as pool:
            list(pool.map(_parse, [bodies[:cores]] * cores, [knobs] * cores))
            start = time.perf_counter()
            list(pool.map(_parse, [bodies[part::cores] for part in range(cores)], [knobs] * cores))
            seconds[name] = (time.perf_counter() - start) * scale
    low, high = (float(part) for part in farm["args"]["latency"].split(":"))
    seconds["network"] = (low + high) / 2000 * len(urls) / CONCURRENCY
    hosts = [feed["host"] for feed in farm["feeds"]]
    most = max(hosts.count(host) for host in set(hosts))
    seconds["host limits"] = most * host_gap
    return seconds


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bytes(response.read(2**20))
    except (OSError, http.client.HTTPException):  # a farm may have faults
        return b""


def _parse(bodies: list[bytes], knobs: dict[str, bool]) -> int:
    return sum(len(feedparser.parse(io.BytesIO(body), **knobs).entries) for body in bodies)


def _measure(poller: str, urls: list[str], state: Path, options: argparse.Namespace) -> Cost | None:
    scale = 1.0
    if poller == "loop":
        scale, urls = len(urls) / min(SAMPLE, len(urls)), urls[:SAMPLE]
    listed = state / "urls"
    listed.write_text("\n".join(urls) + "\n")
    command = _command(poller, listed, state, options)
    if command is None:
        return None
    cost = _run(command)
    inner = state / "seconds"  # our own poll tells how long it took without starting Python
    if poller == "ours":
        started = cost.wall - float(inner.read_text())
        print(f"  (ours: {started:.2f} s of starting Python and imports are not in the next row)")
        cost = replace(cost, wall=float(inner.read_text()))
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
    return [sys.executable, "-c", LOOP, str(listed)]


def _run(command: list[str]) -> Cost:
    start = time.perf_counter()
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
    return Cost(wall=time.perf_counter() - start, cpu=usage.ru_utime + usage.ru_stime, memory=peak / 1e6)


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
    from monitor.settings import Settings, ThresholdOverrides
    from monitor.store import Store

    gap, per_host = (0.5, 2) if job["host_limits"] else (0.0, CONCURRENCY)
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
    start = time.perf_counter()
    report = ingest_feeds(store, settings, lambda requests: fetch_all(requests, policy, now=now), now=now, force=True)
    Path(job["state"], "seconds").write_text(str(time.perf_counter() - start))
    print(report, file=sys.stderr)
    store.close()


if __name__ == "__main__":
    main()
