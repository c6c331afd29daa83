"""Models, labels, runs and versions of config."""

from datetime import datetime, timedelta

import pytest

from monitor.core.decision import Label
from monitor.errors import ModelMismatchError
from monitor.store import Store, labels, models, runs, schema


def test_the_model_promoted_last_is_in_use(store: Store, now: datetime) -> None:
    with store.write() as connection:
        assert models.model_in_use(connection) is None
        for version in ("v1", "v2"):
            models.save_model(connection, version=version, made_at=now, card={"v": version}, archive=b"\0" + b"x" * 9)
        assert models.promote_model(connection, "v2", now=now)
        assert models.promote_model(connection, "v1", now=now + timedelta(hours=1))
        assert not models.promote_model(connection, "v3", now=now)
        assert models.model_in_use(connection) == "v1"
        assert models.load_archive(connection, "v1") == b"\0" + b"x" * 9
        assert models.load_archive(connection, "v3") is None
        assert {version for version, *_ in models.list_models(connection)} == {"v1", "v2"}


def test_the_last_report_of_a_model_on_a_set_is_kept(store: Store, now: datetime) -> None:
    def evaluation(name: str, hours: int, **report: float) -> models.Evaluation:
        at = now + timedelta(hours=hours)
        return models.Evaluation(model="v1", evaluation_set=name, name=f"{name}.jsonl", at=at, report=report)

    first, second, again = evaluation("one", 0, ap=0.9), evaluation("two", 1, ap=0.8), evaluation("one", 2, ap=0.95)
    with store.write() as connection:
        for each in (first, second, again):
            models.save_evaluation(connection, each)
        assert models.list_evaluations(connection, "v1") == [again, second]
        assert models.list_evaluations(connection, "v2") == []


def test_people_who_disagree_are_both_kept(store: Store, now: datetime) -> None:
    given = [
        Label(article_id="a", kind="relevance", value=v, who=w, at=now, text="t") for v, w in (("1", "x"), ("0", "y"))
    ]
    with store.write() as connection:
        labels.add_labels(connection, given)
        labels.add_labels(connection, [])
        assert labels.all_labels(connection) == given


def test_a_run_that_ends_with_an_error_failed(store: Store, now: datetime) -> None:
    with store.write() as connection:
        good, bad = (runs.start_run(connection, job, now=now) for job in ("good", "bad"))
        runs.start_run(connection, "open", now=now)
        runs.finish_run(connection, good, now=now, counts={"articles": 3})
        runs.finish_run(connection, bad, now=now, counts={}, error="boom")
        told = {run.job: (run.state, run.error, dict(run.counts)) for run in runs.last_runs(connection)}
    assert told == {
        "good": ("success", "", {"articles": 3}),
        "bad": ("failed", "boom", {}),
        "open": ("running", "", {}),
    }


def test_the_last_runs_of_one_job_are_newest_first(store: Store, now: datetime) -> None:
    with store.write() as connection:
        for hour in range(3):
            runs.start_run(connection, "j", now=now + timedelta(hours=hour))
        runs.start_run(connection, "other", now=now)
        found = runs.last_runs(connection, job="j", limit=2)
    assert [run.started_at - now for run in found] == [timedelta(hours=2), timedelta(hours=1)]


def test_the_config_used_last_is_the_last_good_one(store: Store, now: datetime) -> None:
    with store.write() as connection:
        runs.remember_version(connection, "watch", "v1", "one", now=now)
        runs.remember_version(connection, "watch", "v2", "two", now=now + timedelta(hours=1))
        runs.remember_version(connection, "feeds", "f1", "feeds", now=now)
        assert runs.last_good_versions(connection) == {"watch": "two", "feeds": "feeds"}
        runs.remember_version(connection, "watch", "v1", "one", now=now + timedelta(hours=2))
        assert runs.last_good_versions(connection)["watch"] == "one"


def test_a_model_that_was_changed_in_the_store_is_not_handed_out(store: Store, now: datetime) -> None:
    with store.write() as connection:
        models.save_model(connection, version="m1", made_at=now, card={}, archive=b"a model")
        assert models.load_archive(connection, "m1") == b"a model"
        connection.execute(schema.models.update().values(archive=b"another"))
        with pytest.raises(ModelMismatchError, match="hash differs"):
            models.load_archive(connection, "m1")
