"""What is past the retention leaves the store whole, and comes back as it was."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from monitor.core.feed import FeedState
from monitor.jobs.exchange_records import export_records, import_records
from monitor.jobs.prune_store import prune_store
from monitor.store import Store, articles, digests, feeds, labels, outbox, runs
from monitor.store.records import OF_ARTICLE
from monitor.store.schema import articles as article_table
from monitor.store.schema import (
    decisions,
    deliveries,
    entries,
    evidence,
    message_revisions,
    metadata,
    revisions,
    stories,
)
from tests.support.bulk import DIGEST, fill
from tests.support.texts import article, sighting

A_DAY, DAYS, DAY = 60, 2, timedelta(days=1)
EXPORTED = (*(table.name for table in OF_ARTICLE), "articles", "stories", "digests", "deliveries", "message_revisions")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few articles are several transactions."""
    monkeypatch.setattr("monitor.jobs.prune_store.AT_ONCE", 25)


@pytest.fixture
def filled(store: Store, now: datetime) -> Store:
    fill(store, DAYS * A_DAY, now=now, a_day=A_DAY)
    with store.write() as connection:
        connection.execute(
            revisions.insert().values(article_id="a00000001", at=now, title="before", summary="\u2028 <b>\U0001f600")
        )
        connection.execute(
            stories.insert().values(id="joined", title="t", first_seen_at=now, last_seen_at=now, merged_into="st0")
        )
        ledger, cut, part = connection.execute(
            select(deliveries.c.digest_id, deliveries.c.cut, deliveries.c.part)
        ).first()
        sent = {"digest_id": ledger, "cut": cut, "part": part, "at": now}
        connection.execute(message_revisions.insert().values(**sent, payload={"text": "before the edit"}))
        known = {"article_id": "a00000001", "story_id": "st0", "content": {"title": "as it was told"}}
        connection.execute(evidence.insert().values(**sent, **known))
    return store


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """Another store, to read a file into."""
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    yield other
    other.close()


def rows(*stores: Store) -> dict[str, list[str]]:
    """Every row of the tables that travel, of all the stores together; ids that a database counts are left out."""
    found: dict[str, set[str]] = {name: set() for name in EXPORTED}
    for store in stores:
        with store.read() as connection:
            known = dict(connection.execute(select(decisions.c.id, decisions.c.model)).all())
            for name in EXPORTED:
                for row in connection.execute(select(metadata.tables[name])).mappings():
                    values = {
                        key: str(value)
                        for key, value in row.items()
                        if key not in {"id"} or name in {"articles", "stories"}
                    }
                    if name == "articles":
                        values["decision_id"] = known.get(row["decision_id"], "none")
                    if name == "decisions":
                        values["themes"] = json.dumps(row["themes"])
                    found[name].add(json.dumps(values, sort_keys=True))
    return {name: sorted(some) for name, some in found.items()}


def counted(store: Store, name: str) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one())


def read_in(store: Store, folder: Path) -> int:
    return sum(import_records(store, file)["new"] for file in sorted(folder.glob("*.jsonl.gz")))


def test_what_is_past_the_retention_is_in_files_and_comes_back_as_it_was(
    filled: Store, empty: Store, tmp_path: Path, now: datetime
) -> None:
    before = rows(filled)
    report = prune_store(filled, tmp_path / "archive", retention=DAY, now=now)
    assert (report.articles, report.digests) == (A_DAY, 4)
    assert counted(filled, "articles") == A_DAY
    assert read_in(empty, tmp_path / "archive") == A_DAY
    assert rows(filled, empty) == before


def test_everything_that_hung_on_the_articles_is_gone(filled: Store, tmp_path: Path, now: datetime) -> None:
    prune_store(filled, tmp_path, retention=timedelta(0), now=now)
    left = {table.name: counted(filled, table.name) for table in metadata.sorted_tables}
    assert {name for name, count in left.items() if count and name in EXPORTED} == set()
    assert left["labels"] == DAYS * A_DAY // 10


@pytest.mark.parametrize("sync", range(1, 9))
def test_whoever_dies_over_it_loses_nothing_and_the_next_run_goes_on(
    sqlite_store: Store, empty: Store, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, sync: int
) -> None:
    fill(sqlite_store, 2 * A_DAY, now=now, a_day=A_DAY)
    before, real, calls = rows(sqlite_store), os.fsync, 0

    def dies(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == sync:
            raise KeyboardInterrupt
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dies)
        try:
            prune_store(sqlite_store, tmp_path / "archive", retention=DAY / 2, now=now)
        except KeyboardInterrupt:
            read_in(empty, tmp_path / "archive")  # what was written is whole at any time
    prune_store(sqlite_store, tmp_path / "archive", retention=DAY / 2, now=now)
    read_in(empty, tmp_path / "archive")
    assert calls >= sync, "there are fewer places to die in than this test tries"
    assert rows(sqlite_store, empty) == before
    assert counted(sqlite_store, "articles") == A_DAY // 2


def test_a_full_disk_deletes_nothing(sqlite_store: Store, tmp_path: Path, now: datetime) -> None:
    fill(sqlite_store, A_DAY, now=now, a_day=A_DAY)
    (tmp_path / "file").write_text("in the way of a folder")
    with pytest.raises(Exception, match="cannot be written"):
        prune_store(sqlite_store, tmp_path / "file", retention=timedelta(0), now=now)
    assert counted(sqlite_store, "articles") == A_DAY


def test_an_entry_that_its_feed_still_shows_does_not_come_back_as_new(
    store: Store, tmp_path: Path, now: datetime
) -> None:
    shown = [sighting(article(f"a{n}", url=f"https://wire.example/{n}", seen_at=now)) for n in (1, 2)]

    def poll(keys: list[str], at: datetime) -> int:
        with store.write() as connection:
            feeds.save_states(connection, [FeedState(feed_id="wire", entry_keys=tuple(keys))])
            found = [one for one in shown if one.entry_key in keys]
            return len(articles.add_sightings(connection, "wire", found, now=at))

    first, second = (one.entry_key for one in shown)
    assert poll([first, second], now) == 2
    later = now + 400 * DAY
    prune_store(store, tmp_path, retention=40 * DAY, now=later)
    assert counted(store, "articles") == 0
    assert poll([first, second], later) == 0
    assert poll([first], later + DAY) == 0  # the other is left out for a poll
    prune_store(store, tmp_path, retention=40 * DAY, now=later + DAY)
    assert poll([first, second], later + 2 * DAY) == 0
    poll([first], later + 3 * DAY)
    for days in (3, 34):
        report = prune_store(store, tmp_path, retention=40 * DAY, now=later + days * DAY)
    assert (report.entries, counted(store, "entries")) == (1, 1)


def test_an_article_that_is_read_in_again_has_its_entry_again(store: Store, tmp_path: Path, now: datetime) -> None:
    one = sighting(article("a1", url="https://wire.example/1", seen_at=now))
    with store.write() as connection:
        feeds.save_states(connection, [FeedState(feed_id="wire", entry_keys=(one.entry_key,))])
        articles.add_sightings(connection, "wire", [one], now=now)
    prune_store(store, tmp_path, retention=DAY, now=now + 2 * DAY)
    assert read_in(store, tmp_path) == 1
    with store.read() as connection:
        assert connection.execute(select(entries.c.article_id, entries.c.last_shown_at)).all() == [("a1", None)]


def test_what_was_sent_stays_as_long_as_one_of_its_articles(sqlite_store: Store, tmp_path: Path, now: datetime) -> None:
    fill(sqlite_store, DAYS * A_DAY, now=now, a_day=A_DAY)
    with sqlite_store.write() as connection:
        cut = digests.last_cut(connection, DIGEST)
        assert cut is not None
        # An alert that a later outlet was added to: its ledger names an article newer than its cut.
        connection.execute(article_table.update().where(article_table.c.id == f"a{A_DAY - 10:08}").values(seen_at=now))
    prune_store(sqlite_store, tmp_path, retention=timedelta(hours=1), now=now)
    with sqlite_store.read() as connection:
        assert outbox.deliveries_of(connection, DIGEST, cut)


def test_the_last_run_of_each_job_and_config_stay(sqlite_store: Store, tmp_path: Path, now: datetime) -> None:
    with sqlite_store.write() as connection:
        for days in (200, 150, 100):
            runs.start_run(connection, "train_classifier", now=now - days * DAY)
            runs.remember_version(connection, "watch", f"w{days}", "terms: []", now=now - days * DAY)
    report = prune_store(sqlite_store, tmp_path, retention=40 * DAY, now=now)
    assert (report.runs, report.versions) == (2, 2)
    with sqlite_store.read() as connection:
        assert [version.version for version in runs.known_versions(connection, "watch")] == ["w100"]


def test_without_a_retention_articles_stay_for_ever(sqlite_store: Store, tmp_path: Path, now: datetime) -> None:
    fill(sqlite_store, A_DAY, now=now, a_day=A_DAY)
    report = prune_store(sqlite_store, tmp_path, retention=None, now=now + 4000 * DAY)
    assert (report.articles, report.digests, counted(sqlite_store, "articles")) == (0, 0, A_DAY)
    assert report.runs > 0
    assert list(tmp_path.glob("*.jsonl.gz")) == []


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_a_store_is_exported_and_read_in_again_row_for_row(
    filled: Store, empty: Store, tmp_path: Path, name: str
) -> None:
    written = export_records(filled, tmp_path / name, since=None, before=None)
    assert import_records(empty, tmp_path / name) == {"read": written, "new": DAYS * A_DAY}
    assert rows(empty) == rows(filled)
    assert import_records(empty, tmp_path / name)["new"] == 0
    assert rows(empty) == rows(filled)


def test_what_is_read_in_is_not_told_again(filled: Store, empty: Store, tmp_path: Path, now: datetime) -> None:
    message = [outbox.Message(part=0, text="waits", blocks=(), stories=())]
    with filled.write() as connection:
        outbox.put(connection, "evening", now, "#d", message)
    export_records(filled, tmp_path / "all.jsonl.gz", since=None, before=None)
    import_records(empty, tmp_path / "all.jsonl.gz")

    def untold(store: Store) -> set[str]:
        with store.read() as connection:
            return {one.id for one in digests.untold_stories(connection, DIGEST, since=now - 9 * DAY, cut=now)}

    assert untold(empty) == untold(filled)
    with empty.read() as connection:
        assert outbox.open_bundles(connection) == []


def test_only_the_window_that_is_asked_for_is_exported(
    sqlite_store: Store, empty: Store, tmp_path: Path, now: datetime
) -> None:
    fill(sqlite_store, DAYS * A_DAY, now=now, a_day=A_DAY)
    export_records(sqlite_store, tmp_path / "some", since=now - 2 * DAY, before=now - DAY)
    assert import_records(empty, tmp_path / "some")["new"] == A_DAY
    with empty.read() as connection:
        assert (articles.count_articles(connection), labels.count_labels(connection, since=None)) == (A_DAY, 0)


def test_a_file_that_is_no_export_says_where(empty: Store, tmp_path: Path) -> None:
    broken: dict[str, Callable[[], Any]] = {
        "no JSON": lambda: b"{}\nhello\n",
        "another table": lambda: b'{"users": [{}]}\n',
        "a column that we do not know": lambda: b'{"articles": [{"id": "a", "later": 1}]}\n',
        "a row without its key": lambda: b'{"articles": [{}]}\n',
        "a list": lambda: b"[]\n",
        "damaged": lambda: b"\x1f\x8b\x08\x00",
    }
    for what, content in broken.items():
        (tmp_path / what).write_bytes(content())
        with pytest.raises(Exception, match=what):
            import_records(empty, tmp_path / what)
    assert counted(empty, "articles") == 0
