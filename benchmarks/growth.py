"""What each step costs in a store of ten thousand, a hundred thousand and a million articles, on either database.

    python benchmarks/growth.py [--database sqlite|postgresql] [--articles 10000 100000 1000000] [--new 500]
    python benchmarks/growth.py --bloat [--weeks 104]      polls and retention, and how large the database becomes

The archive grows by 100 articles a day, however long it is, so that windows of a day or a month hold the same. Each
step does a fixed amount of new work with the real jobs, on documents from memory, a model that costs nothing and a
Slack that takes everything. Each runs in a process of its own that has everything imported and the lexicon read: its
CPU seconds (with those of the whole server in PostgreSQL), seconds by the clock, and the peak of its memory. The stores
take turns at each step, so that what else the machine does falls on all of them; the cheapest turn counts.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import matplotlib.pyplot  # noqa: E402, F401  (so that no step pays for loading it)
import psycopg  # noqa: E402

from monitor.core.names import find_concepts  # noqa: E402
from monitor.store import Connection, Store  # noqa: E402
from tests.support import cycle, postgres  # noqa: E402
from tests.support.bulk import fill  # noqa: E402

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_DAY = 100  # so that ten thousand fill the longest window that a job looks back at, 90 days
TURNS = 5
LOOK = 8  # weeks from one look at the sizes to the next


def measure(url: str, name: str, number: int, now: datetime) -> dict[str, float | str]:
    """Do one step in a process of its own, which has everything imported, and say what it took."""
    out, into = os.pipe()
    if child := os.fork():
        os.close(into)
        with os.fdopen(out) as answer:
            text = answer.read()
        assert os.waitpid(child, 0)[1] == 0, name
        return dict(json.loads(text))
    store = Store(url)
    with store.read() as connection:
        backend = backend_of(connection)
    with tempfile.TemporaryDirectory() as home:
        spent, began, cpu = server_cpu(backend), time.perf_counter(), time.process_time()
        found = cycle.STEPS[name](store, now, number, Path(home))
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        with store.read() as connection:
            spent = server_cpu(backend_of(connection)) - spent
    store.close()
    with os.fdopen(into, "w") as answer:
        json.dump({"wall": wall, "cpu": cpu + spent, "mb": peak_memory(), "found": found}, answer)
    os._exit(0)


def backend_of(connection: Connection) -> int:
    """The process of PostgreSQL that serves a connection; 0 in SQLite, which has none."""
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def server_cpu(backend: int) -> float:
    """Seconds that a server has spent in all its processes, those that have ended too; ``backend`` is one of them."""
    if not backend:
        return 0.0
    processes = {int(path.name): _stat(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    server = processes[backend][1]
    ticks = sum(processes[server][11:15])  # its own, and those of children that it has buried
    ticks += sum(sum(stat[11:13]) for stat in processes.values() if stat[1] == server)
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[int]:
    """Numbers of /proc/PID/stat behind the name: 1 is the parent, 11 to 14 are times (see proc(5))."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return [0] * 15
    return [0, *map(int, fields[1:15])]


def peak_memory() -> float:
    """Megabytes that this process had in memory at most; getrusage would count what its parent had when it forked."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def size(store: Store) -> float:
    """Megabytes on disk."""
    with store.read() as connection:
        if store.dialect == "postgresql":
            return float(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()) / 1e6
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return float(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()) / 1e6


@contextmanager
def databases(kind: str, names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Their URLs; all of them are gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield {name: f"sqlite:///{folder}/{name}.db" for name in names}
        return
    with postgres.server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}")
        yield {name: url.replace("/postgres?", f"/{name}?") for name in names}


def make(url: str, count: int) -> None:
    """A store of so many articles, at rest: no vacuum is due that would run beside a step."""
    store = Store(url)
    store.migrate()
    began, cpu = time.perf_counter(), time.process_time()
    fill(store, count, now=NOW, a_day=A_DAY)
    cycle.prepare(store, now=NOW)
    if store.dialect == "postgresql":
        with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
    took = f"{time.perf_counter() - began:.0f} s, {time.process_time() - cpu:.0f} s of CPU here"
    print(f"{store.dialect}, {count:,}: filled in {took}, {size(store):,.0f} MB", flush=True)
    store.close()


def table(kind: str, counts: list[int], number: int) -> None:
    found: dict[tuple[str, int], dict[str, float | str]] = {}
    with databases(kind, [f"articles_{count}" for count in counts]) as urls:
        for url, count in zip(urls.values(), counts, strict=True):
            make(url, count)
        for turn, name in product(range(TURNS), cycle.STEPS):
            at = NOW + timedelta(days=7 * turn, minutes=turn)  # a week later, so that a review is due again
            for url, count in zip(urls.values(), counts, strict=True):
                row = measure(url, name, number, at)
                if turn == 0 or float(row["cpu"]) < float(found[name, count]["cpu"]):
                    found[name, count] = row
    heads = "".join(f" CPU ms at {count:,} | × |" for count in counts)
    print(f"\n| {kind}: step |{heads} wall ms | peak MB | |\n|---|{'---|---|' * len(counts)}---|---|---|")
    for name in cycle.STEPS:
        first, last = found[name, counts[0]], found[name, counts[-1]]
        cells = "".join(
            f" {1000 * float(found[name, c]['cpu']):.0f} | {float(found[name, c]['cpu']) / float(first['cpu']):.2f} |"
            for c in counts
        )
        print(f"| {name} |{cells} {1000 * float(last['wall']):.0f} | {float(last['mb']):.0f} | {last['found']} |")


def bloat(kind: str, weeks: int) -> None:
    """Weeks of a store that keeps 100 days: what comes in goes out, feeds are polled, and sizes are looked at."""
    with tempfile.TemporaryDirectory() as scratch, databases(kind, ["bloat"]) as urls:
        if kind == "postgresql":
            hurry(urls["bloat"])
        store = Store(urls["bloat"])
        store.migrate()
        fill(store, 100 * A_DAY, now=NOW, a_day=A_DAY)
        cycle.prepare(store, now=NOW)
        print(f"\n| {kind}, weeks | MB | of the first | feed_states MB | articles |\n|---|---|---|---|---|")
        first = size(store)
        for week in range(weeks + 1):
            now = NOW + timedelta(weeks=week)
            if week % LOOK == 0:
                states, held = sizes(store)
                print(
                    f"| {week} | {size(store):,.0f} | {size(store) / first:.2f} | {states:.1f} | {held:,} |", flush=True
                )
            for poll in range(6):  # with something new each; another 30 that change nothing but the feeds' states
                cycle.store_new(store, now + timedelta(days=poll), A_DAY * 7 // 6, Path(scratch))
                for again in range(5):
                    cycle.store_new(store, now + timedelta(days=poll, hours=again + 1), 0, Path(scratch))
            cycle.classify(store, now + timedelta(days=6), 0, Path(scratch))
            cycle.prune_store(store, Path(scratch), retention=timedelta(days=100), now=now + timedelta(days=6))
        store.close()


def hurry(url: str) -> None:
    """Autovacuum looks once a minute, and waits between pages: hardly ever, where a week goes by in seconds."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("autovacuum_naptime = '1s'", "autovacuum_vacuum_cost_delay = 0"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def sizes(store: Store) -> tuple[float, int]:
    with store.read() as connection:
        held = int(connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one())
        if store.dialect == "sqlite":
            return 0.0, held
        states = connection.exec_driver_sql("SELECT pg_total_relation_size('feed_states')").scalar_one()
        return float(states) / 1e6, held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=500)
    parser.add_argument("--bloat", action="store_true")
    parser.add_argument("--weeks", type=int, default=104)
    given = parser.parse_args()
    find_concepts("")
    for kind in [given.database] if given.database else ["sqlite", "postgresql"]:
        if given.bloat:
            bloat(kind, given.weeks)
        else:
            table(kind, given.articles, given.new)


if __name__ == "__main__":
    main()
