"""Several processes write at once, and nothing is lost."""

import subprocess
import sys
from datetime import UTC, datetime

from monitor.store import Store, articles

WRITERS, ROUNDS = 8, 10

WRITER = """
import sys
from datetime import UTC, datetime
from monitor.core.article import Article, Sighting
from monitor.store import Store, articles
url, me, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
store = Store(url)
store.migrate()
for round in range(rounds):
    sightings = [
        Sighting(
            entry_key=f"{key}-{round}",
            article=Article(
                id=f"{key}-{round}", feed_id=me, outlet="O", url="", title="T", summary="", language="en",
                published_at=now, seen_at=now,
            ),
        )
        for key in (me, "shared")
    ]
    with store.write() as connection:
        before = articles.count_articles(connection)  # read first: what a deferred transaction would fail on
        new = articles.add_sightings(connection, me, sightings, now=now)
        assert articles.count_articles(connection) == before + len(new)
store.close()
"""


def test_eight_processes_migrate_and_write_at_once_and_nothing_is_lost(sqlite_url: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, sqlite_url, f"w{n}", str(ROUNDS)], stderr=subprocess.PIPE)
        for n in range(WRITERS)
    ]
    errors = [writer.communicate(timeout=100)[1].decode() for writer in writers]
    assert [(w.returncode, e) for w, e in zip(writers, errors, strict=True)] == [(0, "")] * WRITERS
    store = Store(sqlite_url)
    with store.read() as connection:
        assert articles.count_articles(connection) == WRITERS * ROUNDS + ROUNDS
        assert articles.count_articles(connection, since=datetime(2026, 11, 24, tzinfo=UTC)) == 0
    store.close()
