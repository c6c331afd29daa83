"""What one new article costs, however many stories are stored: the real job on a real store.

python benchmarks/story_cost.py [DATABASE]   a temporary SQLite file if none is named
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from monitor.core.article import Article, Sighting
from monitor.core.decision import Decision, ModelCard, Prediction, Thresholds, Versions
from monitor.core.digest import AlertSpec
from monitor.core.feed import FetchPolicy
from monitor.core.group import REACH, new_story_id
from monitor.core.watch import Watch
from monitor.jobs.classify_articles import OPEN_STORIES, classify_articles
from monitor.settings import Settings, ThresholdOverrides
from monitor.store import Store, articles, decisions, schema, stories

CORPUS = Path(__file__).parent.parent / "models" / "corpus"
STORIES_A_DAY = 40
CURVE = (1_000, 10_000, 100_000)


class _Yes:
    """A model that flags everything at once: what remains is deciding, storing and grouping."""

    version = "m1"
    card = ModelCard(
        version="m1", made_at=datetime(2026, 1, 1, tzinfo=UTC), product_version="0", seed=0, corpus_digest="",
        corpus_items=0, labels=0, gazetteer_digest="", thresholds=Thresholds(digest=0.5, alert=0.99), figures={},
    )  # fmt: skip

    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:  # noqa: ARG002
        return [Prediction(article_id=a.id, model="m1", probability=0.9, themes={}, reasons=()) for a in articles]


def curve(address: str = "", *, tries: int = 30) -> None:
    """Medians of one new article through the real job, with ever more stories in the store, 40 begun a day.

    The ratio is of CPU time: other work on the machine does not count.

    ``address``: a database to fill, by default a temporary SQLite file.
    """
    rows = corpus_rows()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    print(f"{'stored stories':>14}{'articles':>10}{'open':>6}{'wall ms':>9}{'CPU ms':>9}{'× first':>9}")
    with TemporaryDirectory() as folder:
        store = Store(address or f"sqlite:///{folder}/curve.db")
        store.migrate()
        held, first = 0, 0.0
        for count in CURVE:
            fill(store, rows, range(held, count), start)
            held = count
            walls, times = [], []
            for number in range(tries):
                now = start + timedelta(days=held / STORIES_A_DAY, minutes=number)
                fresh = _stored(rows, 10_000_000 + held + number, now)
                with store.write() as connection:
                    sighting = Sighting(entry_key=fresh.id, article=fresh)
                    articles.add_sightings(connection, "curve", [sighting], now=now)
                begun, busy = time.perf_counter(), time.process_time()
                classify_articles(store, SETTINGS, _Yes(), now=now)
                walls.append(1000 * (time.perf_counter() - begun))
                times.append(1000 * (time.process_time() - busy))
            with store.read() as connection:
                near = len(stories.open_stories(connection, since=now - REACH, limit=OPEN_STORIES))
                stored = articles.count_articles(connection)
            first = first or median(times)
            print(f"{held:14,}{stored:10,}{near:6}{median(walls):9.1f}{median(times):9.1f}{median(times) / first:9.2f}")
        store.close()


def fill(store: Store, rows: Sequence[Mapping[str, str]], numbers: Sequence[int], start: datetime) -> None:
    """Stories of one to three articles, all told, as the jobs leave them."""
    for at in range(0, len(numbers), 2000):
        held = []
        for number in numbers[at : at + 2000]:
            now = start + timedelta(days=number / STORIES_A_DAY)
            told = [_stored(rows, 3 * number + part, now) for part in range(1 + number % 3)]
            held.append((new_story_id(told[0]), told))
        every = [(story_id, article) for story_id, told in held for article in told]
        with store.write() as connection:
            sightings = [Sighting(entry_key=article.id, article=article) for _, article in every]
            articles.add_sightings(connection, "curve", sightings, now=every[-1][1].seen_at)
            decisions.save_decisions(connection, [_flagged(article, article.seen_at) for _, article in every])
            connection.execute(
                insert(schema.stories),
                [
                    {"id": story_id, "title": told[0].title, "first_seen_at": told[0].seen_at,
                     "last_seen_at": told[-1].seen_at, "merged_into": None}
                    for story_id, told in held
                ],
            )  # fmt: skip
            connection.execute(
                insert(schema.story_members),
                [{"article_id": a.id, "story_id": story_id, "joined_at": a.seen_at} for story_id, a in every],
            )
            connection.execute(
                insert(schema.told),
                [
                    {"digest_id": "daily", "article_id": a.id, "story_id": story_id, "cut": a.seen_at}
                    for story_id, a in every
                ],
            )


def _stored(rows: Sequence[Mapping[str, str]], number: int, now: datetime) -> Article:
    row = rows[number % len(rows)]
    return Article(
        id=f"{number:012}", feed_id="curve", outlet=f"Outlet {number % 50}", url=f"https://curve.example/{number}",
        title=row["title"], summary=row.get("summary") or "", language=row["lang"], published_at=now, seen_at=now,
    )  # fmt: skip


def _flagged(article: Article, now: datetime) -> Decision:
    return Decision(
        article_id=article.id, versions=Versions(model="m1", watch="w1", settings="s1"), score=0.9, digest=True,
        alert=False, themes=(), reasons=(), terms=(), decided_at=now,
    )  # fmt: skip


SETTINGS = Settings(
    feeds=(), watch=Watch(terms=(), version="w1"), themes=(), digests=(), alerts=AlertSpec(),
    fetch=FetchPolicy(user_agent="benchmark"), thresholds=ThresholdOverrides(), retention=timedelta(days=9999),
    version="s1", texts={},
)  # fmt: skip


def corpus_rows() -> list[dict[str, str]]:
    """The relevant texts of the training corpus."""
    rows = [json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [row for row in rows if row["relevant"]]


if __name__ == "__main__":
    curve(*sys.argv[1:])
