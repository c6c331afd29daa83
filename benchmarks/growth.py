"""What each step costs in a store of ten thousand, a hundred thousand and a million articles, on either database.

    python benchmarks/growth.py [--database sqlite|postgresql] [--articles 10000 100000 1000000] [--new 500]
    python benchmarks/growth.py --bloat     two years of polls and of retention, and how large the database is by then

The archive grows by 300 articles a day, however long it is, so that windows of a day or a month hold the same. Each
step does a fixed amount of new work with the real jobs, on documents from memory, a model that costs nothing and a
Slack that takes everything. Each runs in a process of its own that has everything imported: its CPU seconds (with those
of the whole server in PostgreSQL), seconds by the clock, and the peak of its memory.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import matplotlib.pyplot  # noqa: E402, F401  (so that no step pays for loading it)

from monitor.core.watch import WatchTerm  # noqa: E402
from monitor.jobs.try_watch import try_watch  # noqa: E402
from monitor.settings import print_term, read_watch  # noqa: E402
from monitor.store import Connection, Store  # noqa: E402
from tests.support import cycle, postgres  # noqa: E402
from tests.support.bulk import A_DAY, fill  # noqa: E402

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REPLAYED = 30  # days
TURNS = 2
NEW_TERM = WatchTerm(name="workers", any_of=("workers",), weight=0.5)
STEPS = [*cycle.STEPS, f"replay of {REPLAYED} days"]


def replay(store: Store, now: datetime) -> str:
    new = read_watch("new.yaml", "terms:\n" + print_term(cycle.TERM) + print_term(NEW_TERM))
    found = try_watch(store, cycle.SETTINGS, cycle.SETTINGS.watch, new, now=now, days=REPLAYED)
    return f"{found.articles} articles"


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
        step = cycle.STEPS.get(name)
        found = step(store, now, number, Path(home)) if step else replay(store, now)
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
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'growth.db'}"
    else:
        with postgres.server() as url:
            yield url


def grow(kind: str, count: int, number: int) -> dict[str, dict[str, float | str]]:
    """Fill a store and take each step TURNS times; the cheapest counts, for what else runs only adds."""
    done: dict[str, dict[str, float | str]] = {}
    with tempfile.TemporaryDirectory() as scratch, database(kind, Path(scratch)) as url:
        store = Store(url)
        store.migrate()
        began = time.perf_counter()
        fill(store, count, now=NOW)
        cycle.prepare(store, now=NOW)
        print(f"{kind}, {count:,}: filled in {time.perf_counter() - began:.0f} s, {size(store):,.0f} MB", flush=True)
        store.close()
        for turn in range(TURNS):
            at = NOW + timedelta(days=7 * turn, minutes=turn)  # a week later, so that a review is due again
            for name in STEPS:
                row = measure(url, name, number, at)
                if name not in done or float(row["cpu"]) < float(done[name]["cpu"]):
                    done[name] = row
    return done


def table(kind: str, counts: list[int], number: int) -> None:
    found = {count: grow(kind, count, number) for count in counts}
    heads = "".join(f" CPU ms at {count:,} | × |" for count in counts)
    print(f"\n| {kind}: step |{heads} wall ms | peak MB | |\n|---|{'---|---|' * len(counts)}---|---|---|")
    for name in STEPS:
        first, last = found[counts[0]][name], found[counts[-1]][name]
        cells = [
            f" {1000 * float(found[c][name]['cpu']):.0f} | {float(found[c][name]['cpu']) / float(first['cpu']):.2f} |"
            for c in counts
        ]
        print(
            f"| {name} |{''.join(cells)} {1000 * float(last['wall']):.0f} | {float(last['mb']):.0f} | {last['found']} |"
        )


def bloat(kind: str, *, years: int = 2) -> None:
    """Weeks of a store that keeps 100 days: what comes in goes out, feeds are polled, and sizes are looked at."""
    with tempfile.TemporaryDirectory() as scratch, database(kind, Path(scratch)) as url:
        store = Store(url)
        store.migrate()
        fill(store, 100 * A_DAY, now=NOW)
        cycle.prepare(store, now=NOW)
        print(f"\n| {kind}, weeks | MB | of the first | feed_states MB | articles |\n|---|---|---|---|---|")
        first = size(store)
        for week in range(years * 52 + 1):
            now = NOW + timedelta(weeks=week)
            if week % 13 == 0:
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
    given = parser.parse_args()
    for kind in [given.database] if given.database else ["sqlite", "postgresql"]:
        if given.bloat:
            bloat(kind)
        else:
            table(kind, given.articles, given.new)


if __name__ == "__main__":
    main()
