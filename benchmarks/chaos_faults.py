"""One fault after the other in a small world, each with a table row: what `python benchmarks/chaos.py faults` does."""

import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from tests.support.project import KeptModel, small_model
from tests.support.world import HOUR, World, world

JOBS = ("ingest", "classify", "alerts", "digests", "audit")
MINUTES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How much of each fault."""

    points: int = 10
    seconds: float = 60
    seed: int = 1
    database: str = "sqlite"


Fault = Callable[[World, How, datetime], str]
"""Breaks a world that ran for an hour, from then on; returns what was done to it."""


def kill_each_job(where: World, how: How, now: datetime) -> str:
    """kill -9 at random moments of each job, or of one of its parse workers; then the job again."""
    dice, killed = random.Random(how.seed), 0
    usual = dict.fromkeys(JOBS, 0.1)  # seconds
    for point in range(how.points):
        now += 20 * MINUTES
        where.farm.now = now
        for job in JOBS:
            pid = where.begin(job, now)
            time.sleep(dice.uniform(0, usual[job]))
            workers = psutil.Process(pid).children() if not where.forks.ended(pid) else []
            if workers and point % 3 == 0:
                workers[0].kill()
                killed += 1
                where.forks.wait(pid)
            else:
                killed += where.forks.kill(pid).killed
            usual[job] = (usual[job] + where.run(job, now).seconds) / 2
    return f"{killed} kills in {how.points * len(JOBS)} runs"


def kill_training(where: World, how: How, now: datetime) -> str:
    """kill -9 of a training at random moments; then one that is left alone."""
    dice = random.Random(how.seed)
    killed = sum(
        where.forks.run("train", where.env, now.isoformat(), kill_after=dice.uniform(0, 20)).killed for _ in "12"
    )
    code = where.run("train", now, force=True).code
    return f"{killed} kills; the training after them {'succeeded' if code == 0 else 'FAILED'}"


def all_jobs_twice(where: World, how: How, now: datetime) -> str:
    """Two schedulers: each job begins twice at the same moment."""
    for _ in range(how.points):
        now += 20 * MINUTES
        where.farm.now = now
        for job in JOBS:
            for pid in [where.begin(job, now) for _ in "12"]:
                where.forks.wait(pid)
    return f"{how.points * len(JOBS)} pairs of runs"


def database_gone(where: World, how: How, now: datetime) -> str:
    """The server is stopped under each running job, and started again ``seconds`` later; Airflow tries meanwhile."""
    assert where.server is not None
    failed = 0
    for job in JOBS[:4]:
        now += 20 * MINUTES
        where.farm.now = now
        pid = where.begin(job, now)
        time.sleep(0.4)
        where.server.stop()
        back = threading.Timer(how.seconds, where.server.start)
        back.start()
        failed += where.forks.wait(pid).code != 0
        for _ in range(3):
            failed += where.run(job, now).code != 0
        where.forks.run("tell_failure", where.env, None, dag_id=job, run_id=f"{now}", task_id="", error="")
        back.join()
        where.run(job, now)
    return f"{len(JOBS) - 1} times {how.seconds:.0f} s, {failed} failed tries"


def disk_full(where: World, _how: How, now: datetime) -> str:
    """The file system of store and pages is full for an hour."""
    filler, failed = Path(where.env["MONITOR_HOME"]) / "filler", 0
    with filler.open("wb", buffering=0) as file, suppress(OSError):  # a buffer would fail again when it is closed
        while True:
            file.write(b"0" * 65536)
    for _ in range(3):
        now += 20 * MINUTES
        failed += sum(ended.code != 0 for ended in where.cycle(now))
        for job in ("ingest_feeds", "classify_articles", "send_digests"):
            where.forks.run("tell_failure", where.env, None, dag_id=job, run_id=f"{now}", task_id="", error="")
    filler.unlink()
    return f"full for 3 cycles, {failed} failed runs"


def clock_jumps(where: World, _how: How, now: datetime) -> str:
    """Back and ahead by hours and a day, one cycle each."""
    jumps = (-24, 24, -3, 3, -1, 1)
    right = now
    for jump in jumps:
        right += HOUR
        where.farm.now = right
        for job in ("ingest", "classify", "alerts", "digests"):
            where.run(job, right + jump * HOUR)
        where.cycle(right + HOUR / 2)
    return f"by {', '.join(f'{jump:+d} h' for jump in jumps)}"


def slack_down(where: World, _how: How, now: datetime) -> str:
    """Slack answers 503 to everything for a day."""
    where.twin.fault("http", status=503, method="", count=-1)
    for _ in range(12):
        now += 2 * HOUR
        where.cycle(now)
    where.twin.heal()
    return "24 h"


def all_feeds_hang(where: World, _how: How, now: datetime) -> str:
    """No feed answers for an hour."""
    where.farm.faults = dict.fromkeys(range(where.farm.feeds), "hang")
    failed = 0
    for _ in range(3):
        now += 70 * MINUTES
        failed += where.cycle(now)[0].code != 0
        where.forks.run("tell_failure", where.env, None, dag_id="ingest_feeds", run_id=f"{now}", task_id="", error="")
    where.farm.faults = {}
    return f"3 cycles, {failed} failed"


def poisoned_feeds(where: World, _how: How, now: datetime) -> str:
    """Entity bombs, 100 MB, endless answers, HTML, half documents, false gzip; then the same feeds answer well."""
    kinds = ("bomb", "big", "drip", "html", "truncxml", "badgzip")
    where.farm.big_bytes = 100 * 1024 * 1024
    where.farm.faults = dict(enumerate(kinds * 2))
    for _ in range(2):
        now += 70 * MINUTES
        where.cycle(now)
    where.farm.faults = {}
    return f"{len(kinds)} kinds in {2 * len(kinds)} of {where.farm.feeds} feeds"


FAULTS: dict[str, Fault] = {
    "kill": kill_each_job,
    "train": kill_training,
    "twice": all_jobs_twice,
    "database": database_gone,
    "disk": disk_full,
    "clock": clock_jumps,
    "slack": slack_down,
    "hang": all_feeds_hang,
    "poison": poisoned_feeds,
}


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of its own (root only)."""
    with tempfile.TemporaryDirectory(prefix="disk-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


def faults(names: list[str], how: How, say: Callable[[str], None]) -> bool:
    """Each fault in a fresh world; whether all ended well."""
    say("| fault | database | what was done | entries, digests, alerts, messages | missing | twice | alarms |")
    say("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        model = small_model(Path(folder))
        ended = [_one(name, how, model, say) for name in names or FAULTS]
    return all(ended)


def _one(name: str, how: How, model: KeptModel, say: Callable[[str], None]) -> bool:
    database = "postgresql" if name == "database" else "sqlite" if name == "disk" else how.database
    if name == "disk":
        with small_disk(96) as home:  # store and journal, each of which may grow to 25 MB, and a margin
            return _run(name, how, model, database, home, say)
    return _run(name, how, model, database, None, say)


def _run(name: str, how: How, model: KeptModel, database: str, home: Path | None, say: Callable[[str], None]) -> bool:
    # Documents that hold a whole day: here what is between two polls is no feed's fault.
    with world(database=database, seed=how.seed, model=model, home=home, items=30) as where:
        where.cycle(where.start)
        where.cycle(where.start + HOUR)
        done = FAULTS[name](where, how, where.start + HOUR)
        after = max(where.farm.now, where.start + 24 * HOUR)
        for hours in (0, 4, 10, 24, 28):  # feeds that were left alone are asked again, and the daily digest is due
            where.cycle(after + hours * HOUR)
        rows = where.check()
    shown = ", ".join(f"{row.expected}" for row in rows)
    missing, twice = sum(row.missing for row in rows), sum(row.twice for row in rows)
    say(f"| {name} | {database} | {done} | {shown} | {missing} | {twice} | {'; '.join(where.alarms()) or 'none'} |")
    return not (missing or twice)
