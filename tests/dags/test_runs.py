"""Runs of each DAG with the jobs replaced by their answers: what a run's state, skips and events say."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitor import run

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.sdk import DAG

Once = Callable[..., "DagRun"]


@pytest.fixture
def once(dags: "dict[str, DAG]", monkeypatch: pytest.MonkeyPatch) -> Once:
    """Run a DAG to its end as an asset event starts it: without a logical date, which dag.test() would make up."""

    def run_once(name: str, **conf: Any) -> "DagRun":
        for task in dags[name].tasks:
            monkeypatch.setattr(task, "retries", 0)
        return dags[name].test(logical_date=None, run_conf=conf)

    return run_once


def states(done: "DagRun") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for instance in done.get_task_instances():
        found.setdefault(instance.task_id, []).append(str(instance.state))
    return {task: sorted(all_states) for task, all_states in found.items()}


def events_of(name: str, done: "DagRun") -> int:
    """How many events of the asset ``name`` this run emitted."""
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    with create_session() as session:
        query = select(func.count()).select_from(AssetEvent).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        return int(session.scalar(query.where(AssetModel.name == name, AssetEvent.source_run_id == done.run_id)) or 0)


def answer(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """Let functions of monitor.run give these answers."""
    for name, value in answers.items():
        monkeypatch.setattr(run, name, value if callable(value) else lambda *_, value=value, **__: value)


def test_new_articles_of_several_shards_are_one_event(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, shards=[0, 1, 2], ingest={"new": 2})
    done = once("ingest_feeds")
    assert done.state == "success"
    assert events_of("articles", done) == 1


def test_nothing_new_is_no_event(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, shards=[0, 1], ingest={"new": 0})
    done = once("ingest_feeds")
    assert done.state == "success"
    assert states(done)["announce"] == ["skipped"]
    assert events_of("articles", done) == 0


def test_each_shard_knows_its_number_and_how_many_there_are(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, bool]] = []

    def ingest(shard: int, of: int, *, force: bool) -> dict[str, int]:
        asked.append((shard, of, force))
        return {"new": 0}

    answer(monkeypatch, shards=[0, 1], ingest=ingest)
    once("ingest_feeds", force=True)
    assert sorted(asked) == [(0, 2, True), (1, 2, True)]


def test_a_shard_that_fails_fails_the_run_but_not_the_others_articles(
    once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def ingest(shard: int, of: int, *, force: bool) -> dict[str, int]:
        if shard:
            raise RuntimeError("network is down")
        return {"new": 1}

    answer(monkeypatch, shards=[0, 1, 2], ingest=ingest, tell_failure=lambda **news: told.append(news["dag_id"]))
    done = once("ingest_feeds")
    assert done.state == "failed"
    assert states(done)["ingest"] == ["failed", "failed", "success"]
    assert events_of("articles", done) == 1
    assert told == ["ingest_feeds"], "one alarm a run, however many shards failed"


def test_decisions_are_announced(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, classify={"decided": 3})
    assert events_of("decisions", once("classify_articles")) == 1


def test_nothing_to_decide_is_a_skip(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, classify={"decided": 0})
    done = once("classify_articles")
    assert states(done) == {"classify": ["skipped"]}
    assert events_of("decisions", done) == 0


QUIET = {"alerts": [], "grown": 0, "posted": 0, "refused": 0}


def test_nothing_urgent_is_a_skip(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, alerts=QUIET)
    assert states(once("send_alerts")) == {"send": ["skipped"]}


@pytest.mark.parametrize("news", [{"alerts": [{"id": "alerts/urgent"}]}, {"grown": 1}, {"posted": 1}, {"refused": 1}])
def test_an_alert_a_growing_story_or_one_that_waited_is_a_success(
    once: Once, monkeypatch: pytest.MonkeyPatch, news: dict[str, Any]
) -> None:
    answer(monkeypatch, alerts=QUIET | news)
    assert states(once("send_alerts")) == {"send": ["success"]}


def test_no_digest_due_is_a_skip(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, digests={"digests": [], "posted": 0, "refused": 0})
    assert states(once("send_digests")) == {"send": ["skipped"]}


def test_a_digest_can_be_asked_for_by_hand(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def digests(only: str, *, force: bool) -> dict[str, Any]:
        asked.append((only, force))
        return {"digests": ["x"], "posted": 1, "refused": 0}

    answer(monkeypatch, digests=digests)
    assert once("send_digests", digest="morning", now=True).state == "success"
    assert asked == [("morning", True)]


def test_a_failed_run_is_told_once_with_its_task(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []

    def classify() -> dict[str, Any]:
        raise RuntimeError("no model")

    answer(monkeypatch, classify=classify, tell_failure=lambda **news: told.append(news))
    done = once("classify_articles")
    assert done.state == "failed"
    assert [(news["dag_id"], news["run_id"], news["task_id"]) for news in told] == [
        ("classify_articles", done.run_id, "classify")
    ]


def test_a_run_whose_time_was_up_is_told_with_what_to_look_at(
    dags: "dict[str, DAG]", monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, str]] = []
    answer(monkeypatch, tell_failure=lambda **news: told.append(news))
    dag: Any = dags["ingest_feeds"]
    dag.on_failure_callback({"dag": dag, "run_id": "r1", "reason": "timed_out"})
    assert [news["dag_id"] for news in told] == ["ingest_feeds"]
    assert "pool" in told[0]["error"]


def test_the_weekly_report_is_written(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, weekly_reports={"pages": []})
    assert states(once("report_week")) == {"write": ["success"]}


def test_training_reports_what_it_made(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, train={"trained": 1, "promoted": 1})
    assert states(once("train_classifier")) == {"train": ["success"]}


def test_training_with_nothing_new_is_skipped(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, train={"trained": 0, "promoted": 0, "why": "nothing changed"})
    assert states(once("train_classifier")) == {"train": ["skipped"]}


def test_the_audit_reports_what_changed(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"labels": 0, "enough": False}
    answer(monkeypatch, audit={"enabled": 2, "changes": ["The Wire is dead"]}, prune={}, new_labels=few)
    assert once("audit_coverage").state == "success"


def test_enough_new_labels_start_a_training(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, audit={"enabled": 2, "changes": []}, prune={}, new_labels={"labels": 25, "enough": True})
    done = once("audit_coverage")
    assert events_of("labels", done) == 1


def test_a_few_new_labels_wait_for_the_weekly_training(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, audit={"enabled": 2, "changes": []}, prune={}, new_labels={"labels": 3, "enough": False})
    done = once("audit_coverage")
    assert done.state == "success"
    assert states(done)["look_for_labels"] == ["skipped"]
    assert events_of("labels", done) == 0


def test_a_sample_from_below_the_line_is_drawn_once_a_week(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, review={"drawn": 1, "articles": 20})
    assert states(once("review_articles")) == {"review": ["success"]}
    answer(monkeypatch, review={"drawn": 0, "articles": 0})
    assert states(once("review_articles")) == {"review": ["skipped"]}


@pytest.mark.parametrize("day", [None, "2026-11-01"])
def test_articles_are_decided_again_only_when_a_day_is_given(
    once: Once, monkeypatch: pytest.MonkeyPatch, day: str | None
) -> None:
    asked: list[datetime | None] = []

    def classify(*, since: datetime | None, until: datetime | None) -> dict[str, int]:
        asked.extend((since, until))
        return {"decided": 1}

    answer(monkeypatch, classify=classify)
    done = once("classify_articles", **({"again_since": day, "again_until": "2026-11-09"} if day else {}))
    assert done.state == "success"
    assert asked == [datetime(2026, 11, at, tzinfo=UTC) if day else None for at in (1, 9)]


def test_a_digest_of_the_past_can_be_shown_in_a_test_channel(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def past_digest(*what: Any, **how: Any) -> dict[str, Any]:
        asked.append((*what, how))
        return {"case": "anew"}

    answer(monkeypatch, past_digest=past_digest)
    done = once("send_digests", digest="daily", at="2026-11-01T08:00", anew=True, test="#test")
    assert states(done) == {"send": ["success"]}
    assert asked == [("daily", datetime(2026, 11, 1, 8, tzinfo=UTC), {"anew": True, "to": "#test"})]
