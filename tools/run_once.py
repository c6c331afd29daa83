"""`make run`: the main job once through the real DAGs, on the configured feeds, or on the sample when none answers."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from tools import sample
from tools.airflow_env import ROOT, airflow_environment, product_environment

HOME = ROOT / ".airflow"
LOG = HOME / "run.log"


class FailedError(Exception):
    """A DAG run did not end in success."""


class Runner:
    """Runs one DAG after the other in this process; what they print goes to the log, our own lines to the terminal."""

    def __init__(self, terminal: IO[str]) -> None:
        from airflow.dag_processing.dagbag import DagBag

        self._terminal = terminal
        bag = DagBag(dag_folder=str(ROOT / "dags"), bundle_name="dags-folder")
        if bag.import_errors:
            raise FailedError("\n".join(bag.import_errors.values()))
        self._dags = bag.dags

    def say(self, text: str = "") -> None:
        """One line to the terminal."""
        print(text, file=self._terminal, flush=True)

    def run(self, name: str, **conf: Any) -> list[Mapping[str, Any]]:
        """Run a DAG to its end; what each run of its job counted. Raises FailedError when it does not succeed."""
        self._terminal.write(f"  {name:<18}")
        self._terminal.flush()
        dag, began, clock = self._dags[name], datetime.now(UTC), time.monotonic()
        for task in dag.tasks:
            task.retries = 0  # somebody waits at the terminal: better to fail at once and say so
        state = str(dag.test(run_conf=conf).state)
        counts = _counts(name, since=began)
        self.say(f"{state:<9}{time.monotonic() - clock:6.1f} s   {_in_words(counts)}")
        if state != "success":
            raise FailedError(f"{name} ended as {state}: see {LOG}")
        return counts

    def cycle(self) -> None:
        """Ingest, train if there is no model, classify, alerts, digests: each must succeed."""
        from monitor import run

        polled = self.run("ingest_feeds", force=True)
        if polled and all(count["feeds"] == count["failed"] for count in polled):
            raise FailedError("no feed answered")
        if not run.has_model():
            self.run("train_classifier")
        self.run("classify_articles")
        self.run("send_alerts")
        self.run("send_digests", now=True)


def _counts(job: str, *, since: datetime) -> list[Mapping[str, Any]]:
    from monitor import run
    from monitor.store import runs

    with run.open_store(run.environment()) as store, store.read() as connection:
        return [
            done.counts for done in runs.last_runs(connection, job=job) if done.started_at >= since and not done.error
        ]


def _any_feed_answered(*, since: datetime) -> bool:
    from monitor import run
    from monitor.store import feeds

    with run.open_store(run.environment()) as store, store.read() as connection:
        answered = (state.last_success_at for state in feeds.load_states(connection).values())
        return any(at is not None and at >= since for at in answered)


def _in_words(counts: list[Mapping[str, Any]]) -> str:
    total: dict[str, int] = {}
    for count in counts:
        for name, value in count.items():
            if isinstance(value, int):
                total[name] = total.get(name, 0) + value
    return ", ".join(f"{value:,} {name}" for name, value in total.items())


@contextmanager
def quiet(log: Path) -> Iterator[IO[str]]:
    """Send everything that this process and its children print to ``log``; yields the terminal."""
    sys.stdout.flush()
    with log.open("ab") as file, open(os.dup(1), "w", encoding="utf-8") as terminal:
        errors = os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield terminal
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(terminal.fileno(), 1)
            os.dup2(errors, 2)
            os.close(errors)


def on_the_sample(runner: Runner) -> Path:
    """The same in a store of its own, on the bundled sample; returns its home."""
    home = Path(os.environ["MONITOR_HOME"]) / "sample"
    shutil.rmtree(home, ignore_errors=True)
    with sample.served(datetime.now(UTC)) as address:
        config = sample.write_config(home / "config", address)
        os.environ.update(MONITOR_CONFIG=str(config), MONITOR_HOME=str(home))
        for name in ("MONITOR_STORE", "SLACK_BOT_TOKEN"):  # the sample is no news for a Slack channel
            os.environ.pop(name, None)
        runner.cycle()
    return home


def main() -> int:
    """Returns the exit code: 0 when every DAG run ended in success."""
    os.environ.update(airflow_environment(HOME) | product_environment() | {"MONITOR_DEADLINES": "off"})
    LOG.unlink(missing_ok=True)
    with quiet(LOG) as terminal:
        print("Preparing Airflow (SQLite under .airflow) ...", file=terminal, flush=True)
        migrated = subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=False)
        if migrated.returncode:
            print(f"airflow db migrate failed: see {LOG}", file=terminal)
            return 1
        runner = Runner(terminal)
        runner.say(f"Running the DAGs on the feeds of {os.environ['MONITOR_CONFIG']}:")
        home, began = Path(os.environ["MONITOR_HOME"]), datetime.now(UTC)
        try:
            runner.cycle()
        except FailedError as error:
            if _any_feed_answered(since=began):
                runner.say(str(error))
                return 1
            runner.say("No feed could be reached: is this machine offline? The same on the bundled sample:")
            try:
                home = on_the_sample(runner)
            except FailedError as again:
                runner.say(str(again))
                return 1
        pages = sorted((home / "pages").glob("digest-*.txt"), key=lambda path: path.stat().st_mtime)
        first = next(page for page in pages if page.stat().st_mtime >= began.timestamp())
        runner.say("\n" + first.read_text(encoding="utf-8"))
        runner.say(f"Log: {LOG}\nThe digest as a page:")
        runner.say(str(first.with_suffix(".html")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
