"""The stored archive under an old and a new watch: what is gained and lost, and what it costs."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.core.decision import Label
from monitor.core.gold import read_events
from monitor.core.trial import Trial
from monitor.core.watch import Watch, WatchTerm
from monitor.errors import ModelNotFoundError, MonitorError
from monitor.jobs.try_watch import try_watch
from monitor.store import Store, articles, labels, models
from tests.support.archives import archive, article_id, published, settings_with
from tests.support.texts import sighting

BRIDGE = WatchTerm(name="bridge", any_of=("bridge",), weight=1.0, themes=("economic_lifeline",), alert=True)
REVIEW = WatchTerm(name="reviews", any_of=("press review",), never=True)


@pytest.fixture
def filled(store: Store, now: datetime) -> Store:
    """Two weeks of four kinds of articles."""
    day = timedelta(days=1)
    titles = ("Bridge opens %40", "Press review of the day %80", "Treaty signed at last %90", "Cricket scores %2")
    archive(store, settings_with(), [published(t, now - n * day) for n in (13, 6, 1) for t in titles])
    return store


def tried(store: Store, now: datetime, *terms: WatchTerm, **options: object) -> Trial:
    settings = settings_with()
    new = Watch(terms=terms, version="new")
    return try_watch(store, settings, settings.watch, new, now=now, **{"days": 90, **options})  # type: ignore[arg-type]


def test_what_a_change_gains_and_loses_is_told(filled: Store, now: datetime) -> None:
    trial = tried(filled, now, BRIDGE, REVIEW)
    assert (trial.articles, trial.before.articles, trial.after.articles) == (12, 6, 6)
    assert (trial.gained, trial.lost) == (3, 3)
    assert trial.before.alerts_per_week == 0.0
    assert trial.after.alerts_per_week == pytest.approx(3 / (13 / 7), abs=0.1)
    assert trial.by_day == {(now - timedelta(days=n)).date(): (1, 1) for n in (13, 6, 1)}
    assert trial.by_language == {"en": (3, 3)}
    assert [(change.name, change.kind) for change in trial.changes] == [("bridge", "added"), ("reviews", "added")]
    assert {example.article.title for example in trial.examples_gained} == {"Bridge opens %40"}
    (cause,) = trial.examples_gained[0].causes
    assert (cause.term, cause.change, cause.weight, cause.found) == ("bridge", "new", 1.0, ("Bridge",))
    (cause,) = trial.examples_lost[0].causes
    assert (cause.term, cause.rule, cause.found) == ("reviews", "never", ("Press review",))


def test_an_unchanged_watch_changes_nothing(filled: Store, now: datetime) -> None:
    trial = tried(filled, now)
    assert (trial.gained, trial.lost, trial.before) == (0, 0, trial.after)
    assert trial.notices == ("the two watches mean the same",)


def test_only_the_days_that_are_asked_for_are_replayed(filled: Store, now: datetime) -> None:
    assert tried(filled, now, BRIDGE, days=7).articles == 8


def test_nothing_is_stored(filled: Store, now: datetime) -> None:
    before = tried(filled, now, BRIDGE)
    assert tried(filled, now, BRIDGE) == before
    with filled.read() as connection:
        assert articles.count_undecided(connection) == 0


def test_labels_and_events_judge_both_watches(filled: Store, now: datetime) -> None:
    day = now - timedelta(days=1)
    with filled.write() as connection:
        labels.add_labels(
            connection,
            [
                Label(article_id=article_id(title, day), kind="relevance", value=value, who="a", at=now, text="t")
                for title, value in (("Bridge opens %40", "1"), ("Press review of the day %80", "0"))
            ],
        )
    events, _ = read_events("g.csv", f"date,event,phrases\n{(now - timedelta(days=1)).date()},Bridge,bridge\n")
    trial = tried(filled, now, BRIDGE, REVIEW, events=events)
    assert trial.labels is not None
    assert [(side.precision, side.recall) for side in trial.labels] == [(0.0, 0.0), (1.0, 1.0)]
    assert trial.gold is not None
    assert [side.recall for side in trial.gold] == [0.0, 1.0]


def test_a_term_that_matches_nothing_and_articles_that_wait_are_noticed(filled: Store, now: datetime) -> None:
    with filled.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(published("New", now))], now=now)
    trial = tried(filled, now, replace(BRIDGE, any_of=("zeppelin",)))
    assert trial.notices == (
        "1 articles are not decided yet and were left out",
        "'bridge' matches nothing in this archive",
    )


def test_an_empty_archive_and_a_missing_model_are_said(sqlite_store: Store, now: datetime) -> None:
    with pytest.raises(ModelNotFoundError, match="monitor train"):
        tried(sqlite_store, now)
    archive(sqlite_store, settings_with(), [])
    with pytest.raises(MonitorError, match="nothing to replay"):
        tried(sqlite_store, now)
    with sqlite_store.read() as connection:
        assert models.card_in_use(connection) is not None
