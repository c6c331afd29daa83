"""Parse workers start inside a Celery task, whose process may have no multiprocessing children."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.feed_farm import FeedFarm

# The prefork pool that a Celery worker runs its tasks in, without a broker: its children are daemonic.
POOL = """
import json, multiprocessing, sys
from billiard.pool import Pool

def work(url):
    import billiard.process
    from monitor.feeds import fetch_all
    from tests.support.feeds import FARM_NOW, make_feed, quick_policy
    from monitor.core.feed import FetchRequest
    request = FetchRequest(feed=make_feed(url=url))
    (outcome,) = fetch_all([request], quick_policy(idle_timeout=9.0, total_timeout=9.0), now=FARM_NOW)
    return billiard.process.current_process().daemon, len(outcome.entries)

if __name__ == "__main__":
    pool = Pool(1)
    print(json.dumps(pool.apply(work, (sys.argv[1],))))
    pool.terminate()
    pool.join()
"""


def test_feeds_are_parsed_inside_a_daemonic_celery_process(tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    root = str(Path(__file__).parents[2])
    with FeedFarm(feeds=1).run() as farm:
        done = subprocess.run(
            [sys.executable, str(script), farm.url(0)],
            env={**os.environ, "PYTHONPATH": root},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert json.loads(done.stdout) == [True, farm.items]
