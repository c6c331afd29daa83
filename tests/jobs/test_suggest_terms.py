"""Phrases out of people's labels, and out of what rises this month."""

from datetime import datetime, timedelta

from monitor.core.decision import Label
from monitor.core.watch import Watch
from monitor.jobs.suggest_terms import suggest
from monitor.store import Store, labels
from tests.support.archives import archive, published, settings_with

NOTHING = Watch(terms=(), version="w")


def test_labels_and_the_archive_both_give_phrases(store: Store, now: datetime) -> None:
    months = [published(f"Treaty talks, day {n} %90", now - timedelta(days=40 + n)) for n in range(8)]
    recent = [published(f"Zeppelin factory, day {n} %90", now - timedelta(days=1 + n)) for n in range(8)]
    archive(store, settings_with(), [*months, *recent])
    with store.write() as connection:
        labels.add_labels(
            connection,
            [
                Label(
                    article_id=f"{title}{n}",
                    kind="relevance",
                    value=value,
                    who="ann",
                    at=now,
                    text=f"{title}, load {n}",
                )
                for title, value in (("Lorries with shells", "1"), ("Lorries with apples", "0"))
                for n in range(6)
            ],
        )
    found = suggest(store, NOTHING, now=now, limit=3)
    assert "shells" in {word for one in found.labelled for word in one.term.any_of[0].lower().split()}
    assert "zeppelin" in {word for one in found.rising for word in one.term.any_of[0].lower().split()}
    assert found.notices == ()
    assert (found.relevant, found.irrelevant, found.this_month, found.before) == (6, 6, 8, 8)


def test_too_few_texts_are_said_to_be_too_few(sqlite_store: Store, now: datetime) -> None:
    archive(sqlite_store, settings_with(), [published("Treaty %90", now - timedelta(days=1))])
    found = suggest(sqlite_store, NOTHING, now=now, limit=3)
    assert (found.labelled, found.rising) == ((), ())
    assert [notice.split(":")[0] for notice in found.notices] == ["labels", "archive"]
