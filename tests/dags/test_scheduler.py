"""A whole production, as docker-compose.yml has it: what dag.test() cannot show."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from monitor.store import Store, articles
from monitor.store import runs as store_runs
from tests.conftest import missing
from tests.support.celery_airflow import CeleryAirflow, celery_airflow
from tests.support.slack_twin import SlackTwin
from tools import sample

pytestmark = [pytest.mark.scheduler, pytest.mark.redis, pytest.mark.postgres]

CHAIN = ("ingest_feeds", "classify_articles", "send_alerts", "send_digests")
MONITOR = """\
digests:
  - {id: daily, channel: C0TWINDIG01, cron: "* * * * *", time_zone: UTC}
alerts:
  - {id: urgent, channel: C0TWINALR01}
fetch:
  contact: nobody@sample.example
  host_gap: 0
  allow_hosts: ["127.0.0.1"]
"""


@dataclass(frozen=True)
class Seen:
    """A production that did its work, and the Slack that heard of it."""

    production: CeleryAirflow
    twin: SlackTwin


def wait_for(what: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def seen(trained: Path, postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Nobody triggers anything: schedules and asset events carry the sample's entries to Slack."""
    if shutil.which("redis-server") is None:
        missing("Redis")
    folder = tmp_path_factory.mktemp("production")
    with ExitStack() as held:
        address = held.enter_context(sample.served(datetime.now(UTC)))
        twin = held.enter_context(SlackTwin())
        config = sample.write_config(folder / "config", address)
        (config / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
        product = {
            "MONITOR_HOME": str(folder / "home"),
            "MONITOR_CONFIG": str(config),
            "MONITOR_ALARM_CHANNEL": SlackTwin.OPERATORS,
            "SLACK_BOT_TOKEN": twin.token,
            "SLACK_API_URL": twin.api_url,
        }
        started = celery_airflow(folder, product, server=postgres_server, trained=trained, dags=CHAIN)
        with started as production:
            wait_for(lambda: bool(twin.messages(SlackTwin.ALERTS)), seconds=400)
            # The first digest may have been composed before there was anything to tell.
            production.call("POST", "/api/v2/dags/send_digests/dagRuns", {"logical_date": None, "conf": {"now": True}})
            wait_for(lambda: ("manual", "success") in production.runs("send_digests"), seconds=300)
            yield Seen(production, twin)
    left = [one.pid for one in psutil.process_iter() if str(folder) in _airflow_home(one)]
    assert left == [], "stopping must leave no process behind"


def _airflow_home(process: psutil.Process) -> str:
    try:
        return process.environ().get("AIRFLOW_HOME", "")
    except psutil.Error:
        return ""


def test_new_articles_start_the_classification_and_its_decisions_the_alerts(seen: Seen) -> None:
    for dag in ("classify_articles", "send_alerts"):
        assert ("asset_triggered", "success") in seen.production.runs(dag)
    assert seen.twin.messages(SlackTwin.ALERTS)


def test_feeds_are_parsed_inside_celery_tasks_that_may_have_no_multiprocessing_children(seen: Seen) -> None:
    assert seen.production.done_by_celery() >= len(CHAIN)
    store = Store(seen.production.store_url)
    with store.read() as connection:
        polls = store_runs.last_runs(connection, job="ingest_feeds")
        assert articles.count_articles(connection) == 122
    store.close()
    assert sum(poll.counts["new"] for poll in polls) == 122


def test_the_digest_reaches_its_channel(seen: Seen) -> None:
    assert "Rajin" in str(seen.twin.messages(SlackTwin.DIGEST))


def test_nobody_is_alarmed(seen: Seen) -> None:
    assert [message["text"] for message in seen.twin.messages(SlackTwin.OPERATORS)] == []
