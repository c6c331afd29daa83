"""Every article is decided once, in safe chunks; deciding again changes what changed and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from monitor.core.article import Article
from monitor.core.decision import ModelCard, Prediction, Reason, Thresholds
from monitor.core.watch import Watch, WatchTerm
from monitor.jobs import classify_articles as job
from monitor.jobs.classify_articles import ClassifyReport, classify_articles
from monitor.store import Store, articles, decisions, stories
from tests.support.news import make_settings
from tests.support.texts import article, sighting

THRESHOLDS = Thresholds(digest=0.5, alert=0.95)


@dataclass
class WordModel:
    """A classifier that knows one word: 0.99 with it, 0.01 without."""

    version: str = "m1"
    word: str = "Pyongyang"
    asked: int = 0

    @property
    def card(self) -> ModelCard:
        return ModelCard(
            version=self.version,
            made_at=datetime.fromisoformat("2026-01-01T00:00+00:00"),
            product_version="0",
            seed=0,
            corpus_digest="",
            corpus_items=0,
            labels=0,
            gazetteer_digest="",
            thresholds=THRESHOLDS,
            figures={},
        )

    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:  # noqa: ARG002
        self.asked += len(articles)
        return [
            Prediction(
                article_id=shown.id,
                model=self.version,
                probability=0.99 if self.word in shown.title else 0.01,
                themes={"sanctions": 0.9},
                reasons=(Reason(kind="phrase", text=self.word, weight=1.0),),
            )
            for shown in articles
        ]


def put(store: Store, *shown: Article) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(one) for one in shown], now=shown[0].seen_at)


def test_each_article_is_decided_once(store: Store, now: datetime) -> None:
    put(store, article("a1", title="Pyongyang and Moscow"), article("a2", title="Cricket"))
    settings, model = make_settings(), WordModel()
    first = classify_articles(store, settings, model, now=now)
    assert first == ClassifyReport(decided=2, flagged=1, alerts=1, predicted=2, stories=1)
    assert classify_articles(store, settings, model, now=now) == ClassifyReport()
    with store.read() as connection:
        held = decisions.decisions_in_force(connection, ["a1", "a2"])
        told = stories.newest_stories(connection, limit=9)
    assert {key: decision.digest for key, decision in held.items()} == {"a1": True, "a2": False}
    assert [member.article.id for story in told for member in story.members] == ["a1"]


def test_a_run_that_is_killed_keeps_its_finished_chunks(
    sqlite_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    put(sqlite_store, *(article(f"a{n}", title="Pyongyang") for n in range(5)))

    class Dies(WordModel):
        def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:
            if self.asked >= 2:
                raise KeyboardInterrupt
            return super().predict(articles, reasons=reasons)

    with pytest.raises(KeyboardInterrupt):
        classify_articles(sqlite_store, make_settings(), Dies(), now=now)
    with sqlite_store.read() as connection:
        assert articles.count_undecided(connection) == 3
    assert classify_articles(sqlite_store, make_settings(), WordModel(), now=now).decided == 3


def test_a_limit_is_kept_and_progress_is_told(
    sqlite_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    put(sqlite_store, *(article(f"a{n}") for n in range(9)))
    seen: list[tuple[int, int]] = []

    def track(steps: object, total: int) -> object:
        for chunk in steps:  # type: ignore[attr-defined]
            seen.append((len(chunk), total))
            yield chunk

    report = classify_articles(sqlite_store, make_settings(), WordModel(), now=now, limit=5, track=track)  # type: ignore[arg-type]
    assert report.decided == 5
    assert seen == [(2, 3), (2, 3), (1, 3)]


def test_articles_of_one_event_share_a_story_across_runs(store: Store, now: datetime) -> None:
    put(store, article("a1", title="Kim arrives in Pyongyang by train"))
    classify_articles(store, make_settings(), WordModel(), now=now)
    later = now + timedelta(hours=1)
    put(store, article("a2", title="Kim arrives in Pyongyang by train", published_at=later, seen_at=later))
    assert classify_articles(store, make_settings(), WordModel(), now=later).stories == 0
    with store.read() as connection:
        (story,) = stories.newest_stories(connection, limit=9)
    assert [member.article.id for member in story.members] == ["a1", "a2"]


def test_a_new_watch_decides_again_without_asking_the_model(store: Store, now: datetime) -> None:
    put(store, article("a1", title="A bridge over the Tumen"))
    model = WordModel()
    classify_articles(store, make_settings(), model, now=now)
    term = WatchTerm(name="bridge", any_of=("bridge",), always=True, alert=True)
    settings = make_settings(watch=Watch(terms=(term,), version="w2"))
    again = classify_articles(store, settings, model, now=now + timedelta(hours=1), since=now - timedelta(days=1))
    assert (again.decided, again.flagged, again.predicted) == (1, 1, 0)
    with store.read() as connection:
        assert decisions.decisions_in_force(connection, ["a1"])["a1"].versions.watch == "w2"
    assert classify_articles(store, settings, model, now=now, since=now - timedelta(days=1)) == ClassifyReport()


def test_deciding_again_raises_no_alert_and_takes_none_back_that_still_waits(
    sqlite_store: Store, now: datetime
) -> None:
    put(sqlite_store, article("a1", title="Pyongyang"), article("a2", title="A bridge over the Tumen"))
    assert classify_articles(sqlite_store, make_settings(), WordModel(), now=now).alerts == 1
    term = WatchTerm(name="bridge", any_of=("bridge",), always=True, alert=True)
    settings = make_settings(watch=Watch(terms=(term,), version="w2"))
    again = classify_articles(sqlite_store, settings, WordModel(), now=now, since=now - timedelta(days=1))
    assert (again.decided, again.flagged, again.alerts) == (2, 2, 1)
    with sqlite_store.read() as connection:
        held = decisions.decisions_in_force(connection, ["a1", "a2"])
    assert {key: decision.alert for key, decision in held.items()} == {"a1": True, "a2": False}


def test_only_articles_seen_since_then_are_decided_again(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, article("a1"))
    classify_articles(sqlite_store, make_settings(), WordModel(), now=now)
    report = classify_articles(
        sqlite_store, make_settings(version="s2"), WordModel(), now=now, since=now + timedelta(seconds=1)
    )
    assert report == ClassifyReport()


def test_what_is_flagged_anew_but_old_is_never_alerted(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, article("a1", title="Pyongyang"))
    classify_articles(sqlite_store, make_settings(), WordModel(word="nothing"), now=now)
    report = classify_articles(
        sqlite_store,
        make_settings(),
        WordModel(version="m2"),
        now=now + timedelta(days=3),
        since=now - timedelta(days=1),
    )
    assert (report.flagged, report.alerts) == (1, 0)
    with sqlite_store.read() as connection:
        assert decisions.decisions_in_force(connection, ["a1"])["a1"].late


def test_old_entries_of_a_first_run_are_late(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, article("a1", title="Pyongyang", published_at=now - timedelta(days=30)))
    report = classify_articles(sqlite_store, make_settings(), WordModel(), now=now)
    assert (report.flagged, report.alerts) == (1, 0)


def test_the_operators_threshold_beats_the_models(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, article("a1", title="Pyongyang"))
    settings = make_settings()
    strict = replace(settings, thresholds=replace(settings.thresholds, digest=0.999))
    assert classify_articles(sqlite_store, strict, WordModel(), now=now).flagged == 0
