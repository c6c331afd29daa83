"""Parse workers start inside a Celery task, whose process may have no multiprocessing children."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.feed_farm import FeedFarm

ROOT = Path(__file__).parents[2]
APP = """
import os
from celery import Celery

app = Celery(broker=os.environ["BROKER"], backend=os.environ["BACKEND"])

@app.task
def poll(url):
    import multiprocessing, billiard.process
    from monitor.core.feed import FetchRequest
    from monitor.feeds import fetch_all
    from tests.support.feeds import FARM_NOW, make_feed, quick_policy

    try:
        child = multiprocessing.Process(target=print)
        child.start()
        refused = ""
    except AssertionError as error:
        refused = str(error)
    request = FetchRequest(feed=make_feed(url=url))
    (outcome,) = fetch_all([request], quick_policy(idle_timeout=9.0, total_timeout=9.0), now=FARM_NOW)
    return billiard.process.current_process().daemon, refused, len(outcome.entries)
"""
ASK = "import app, json, sys; print(json.dumps(app.poll.delay(sys.argv[1]).get(timeout=45)))"


@contextmanager
def running(command: list[str], log: Path, **more: object) -> Iterator[None]:
    """A process for as long as the block lasts."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, **more) as process:  # type: ignore[call-overload]
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.redis
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server")
def test_feeds_are_parsed_inside_a_celery_task_that_may_have_no_multiprocessing_children(tmp_path: Path) -> None:
    socket = tmp_path / "redis"
    (tmp_path / "app.py").write_text(APP)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "BROKER": f"redis+socket://{socket}",
        "BACKEND": f"redis+socket://{socket}",
    }
    redis = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    worker = [sys.executable, "-m", "celery", "-A", "app", "worker", "--pool", "prefork", "--concurrency", "1"]
    with FeedFarm(feeds=1).run() as farm, running(redis, tmp_path / "redis.log"):
        deadline = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with running([*worker, *quiet], tmp_path / "celery.log", cwd=tmp_path, env=environment):
            done = subprocess.run(
                [sys.executable, "-c", ASK, farm.url(0)],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
    assert json.loads(done.stdout) == [True, "daemonic processes are not allowed to have children", farm.items]
