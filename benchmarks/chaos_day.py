"""24 simulated hours at many feeds under random kills: what `python benchmarks/chaos.py day` does."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil

from tests.support.forks import Ended
from tests.support.world import HOUR, World, world

SHARDS = 2
TRIES = 4  # as many as Airflow makes


@dataclass(slots=True, kw_only=True)
class Plan:
    """How hard the day is. ``minutes`` is how long a cycle takes on the simulated clock."""

    feeds: int = 1000
    pace: float = 20
    """Entries a day and feed."""
    minutes: int = 10
    seed: int = 1
    kill_share: float = 0.2
    twice_share: float = 0.1
    database: str = "sqlite"


@dataclass(slots=True)
class Day:
    """Runs the jobs as processes, and kills some of them."""

    plan: Plan
    world: World
    dice: random.Random = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    usual: dict[str, float] = field(default_factory=dict)
    """Seconds that a run of a job took on average."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)

    def cycle(self, now: datetime, *, kills: bool = True) -> None:
        """All jobs once, in their order; the shards of ingest beside each other."""
        self.world.farm.now = now
        self._beside(now, [("ingest", {"shard": shard, "of": SHARDS}) for shard in range(SHARDS)], kills)
        for job in ("classify", "alerts", "digests"):
            self._beside(now, [(job, {})], kills)

    def _beside(self, now: datetime, wanted: list[tuple[str, dict[str, Any]]], kills: bool) -> None:
        """Runs beside each other, some of them twice; those that were killed or failed again, as Airflow does."""
        left = list(wanted)
        for tried in range(TRIES):
            may_kill = kills and tried < TRIES - 1
            doubled = [run for run in left if may_kill and self.dice.random() < self.plan.twice_share]
            self.counts["run twice at once"] += len(doubled)
            again, left, running = (*left, *doubled), [], []
            for job, how in again:
                pid = self.world.begin(job, now, **how)
                running.append((job, how, pid, time.monotonic(), self._end_of(job) if may_kill else None))
            for job, how, pid, began, end in running:
                if end is not None:
                    self._await(pid, began + end)
                    ended = self._kill(pid)
                else:
                    ended = self.world.forks.wait(pid)
                    self.usual[job] = 0.8 * self.usual.get(job, ended.seconds) + 0.2 * ended.seconds
                self.counts[f"{job}: runs"] += 1
                self.counts[f"{job}: killed"] += ended.killed
                self.counts[f"{job}: failed"] += ended.code > 0
                if ended.code and (job, how) not in left:
                    left.append((job, how))
            if not left:
                return
        self.counts["given up"] += len(left)

    def _end_of(self, job: str) -> float | None:
        """After how many seconds to kill a run, if at all: any moment of it is as likely as another."""
        return self.dice.uniform(0, self.usual.get(job, 1.0)) if self.dice.random() < self.plan.kill_share else None

    def _await(self, pid: int, until: float) -> None:
        while time.monotonic() < until and not self.world.forks.ended(pid):
            time.sleep(0.002)

    def _kill(self, pid: int) -> Ended:
        """Kill the run; every third time only one of its parse workers, if it has any."""
        workers = psutil.Process(pid).children() if not self.world.forks.ended(pid) else []
        if workers and self.dice.random() < 0.33:
            self.dice.choice(workers).kill()
            self.counts["parse workers killed"] += 1
            return self.world.forks.wait(pid)
        return self.world.forks.kill(pid)

    def kills(self) -> int:
        """How many runs were killed up to now."""
        return sum(count for name, count in self.counts.items() if name.endswith(": killed"))


def day(plan: Plan, say: Callable[[str], None]) -> bool:
    """Run it, print what was seen, and whether all of it is as it should be."""
    with world(
        feeds=plan.feeds, events=100, pace=plan.pace, hosts=100, seed=plan.seed, database=plan.database
    ) as where:
        run, began = Day(plan, where), time.monotonic()
        now = where.start
        while now < where.start + 24 * HOUR:
            run.cycle(now, kills=now > where.start)
            now += timedelta(minutes=plan.minutes)
            if now.minute == 0 and now.hour % 4 == 0:
                say(f"{now - where.start} of the day after {time.monotonic() - began:.0f} s, {run.kills()} kills")
        while now <= where.start + 36 * HOUR:  # what is due then is polled, decided and told, with nobody killed
            run.cycle(now, kills=False)
            now += 4 * HOUR
        return report(run, time.monotonic() - began, say)


def report(run: Day, seconds: float, say: Callable[[str], None]) -> bool:
    """Print the tables."""
    counts, plan, rows = run.counts, run.plan, run.world.check()
    say(f"{plan.database}, {plan.feeds} feeds, cycles of {plan.minutes} min, seed {plan.seed}, {seconds:.0f} s")
    say("| what | expected | missing | twice |\n|---|---|---|---|")
    for row in rows:
        say(f"| {row.what} | {row.expected:,} | {row.missing} | {row.twice} |")
    say("\n| job | runs | killed | failed |\n|---|---|---|---|")
    for job in ("ingest", "classify", "alerts", "digests"):
        say(f"| {job} | {counts[f'{job}: runs']} | {counts[f'{job}: killed']} | {counts[f'{job}: failed']} |")
    say(
        f"\nparse workers killed: {counts['parse workers killed']}; runs twice at once: {counts['run twice at once']}; "
        f"given up after {TRIES} tries: {counts['given up']}; alarms: {len(run.world.alarms())}; "
        f"lint findings: {len(run.world.twin.lint())}"
    )
    if errors := Counter(line[:160] for line in run.world.log() if line[:1] not in ("", "{")):  # "{": an event
        say("\n".join(f"{count} x {line}" for line, count in errors.most_common(10)))
    return not any(row.missing or row.twice for row in rows)
