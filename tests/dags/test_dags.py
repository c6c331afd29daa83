"""What every DAG promises, read from the DAGs as Airflow parses them."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tools.airflow_env import ROOT

if TYPE_CHECKING:
    from airflow.sdk import DAG

NAMES = sorted(
    file.stem for file in (ROOT / "dags").glob("*.py") if file.stem not in {"__init__", "alarms", "defaults"}
)


@pytest.fixture(params=NAMES)
def dag(request: pytest.FixtureRequest, dags: "dict[str, DAG]") -> "DAG":
    return dags[request.param]


def test_each_file_is_one_dag_of_its_name(dags: "dict[str, DAG]") -> None:
    assert sorted(dags) == NAMES
    assert {"ingest_feeds", "classify_articles", "send_alerts", "send_digests", "train_classifier"} <= set(dags)


def test_a_task_is_tried_again_later_and_later(dag: "DAG") -> None:
    for task in dag.tasks:
        if task.task_id != "fail_with_a_shard":  # it only repeats bad news
            assert task.retries >= 1
            assert task.retry_exponential_backoff > 1
            assert task.max_retry_delay <= timedelta(minutes=10)


def test_nothing_may_run_or_wait_for_ever(dag: "DAG") -> None:
    assert dag.dagrun_timeout is not None
    for task in dag.tasks:
        assert task.execution_timeout is not None
        assert task.execution_timeout < dag.dagrun_timeout


def test_a_dag_runs_once_at_a_time_and_does_not_make_up_for_the_past(dag: "DAG") -> None:
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_a_dag_starts_unpaused_lest_it_loses_events(dag: "DAG") -> None:
    assert dag.is_paused_upon_creation is False


def test_a_dag_carries_its_runbook(dag: "DAG") -> None:
    assert dag.doc_md is not None
    for chapter in ("**When**", "**Safe to run again**", "**When it fails**"):
        assert chapter in dag.doc_md


def test_a_dag_has_an_owner_and_tags_that_tell_what_it_is_about(dag: "DAG") -> None:
    assert dag.owner == "monitor"
    assert "monitor" in dag.tags
    assert len(dag.tags) >= 3


def test_what_people_wait_for_goes_first(dags: "dict[str, DAG]") -> None:
    order = ["send_alerts", "send_digests", "classify_articles", "ingest_feeds", "train_classifier"]
    weights = [{task.priority_weight for task in dags[name].tasks} for name in order]
    assert all(len(weight) == 1 for weight in weights)
    assert weights == sorted(weights, key=max, reverse=True)
    assert {task.weight_rule for task in dags["ingest_feeds"].tasks} == {"absolute"}, "not what is behind them too"


def test_only_shards_are_in_a_pool_and_it_is_made_at_every_start(dags: "dict[str, DAG]") -> None:
    pools = json.loads((ROOT / "docker" / "pools.json").read_text(encoding="utf-8"))
    used = {(task.task_id, task.pool) for dag in dags.values() for task in dag.tasks if task.pool != "default_pool"}
    assert used == {("ingest", "feeds")}
    assert set(pools) == {"feeds"}


PARSED = """
import importlib, json, sys, time
import airflow.sdk, airflow.sdk.exceptions
began = time.process_time()
for name in sys.argv[1:]:
    importlib.import_module(f"dags.{name}")
print(json.dumps([time.process_time() - began, [name for name in sys.modules if name.split(".")[0] == "monitor"]]))
"""


def test_all_dags_are_parsed_in_half_a_second_without_the_product() -> None:
    for _ in range(3):  # a busy machine is slower
        command = [sys.executable, "-c", PARSED, *NAMES]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds, loaded = json.loads(done.stdout.splitlines()[-1])
        assert loaded == []
        if seconds <= 0.5:
            return
    pytest.fail(f"it took {seconds} CPU seconds, what Airflow itself loads for the DAGs included")


def test_articles_or_the_hour_start_the_classification(dags: "dict[str, DAG]") -> None:
    timetable = dags["classify_articles"].timetable
    assert [asset.name for asset in timetable.asset_condition.objects] == ["articles"]
    assert timetable.timetable.expression == "5 * * * *"


def test_decisions_or_five_minutes_start_the_alerts(dags: "dict[str, DAG]") -> None:
    timetable = dags["send_alerts"].timetable
    assert [asset.name for asset in timetable.asset_condition.objects] == ["decisions"]
    assert timetable.timetable.expression == "*/5 * * * *"


def test_labels_or_the_week_start_the_training(dags: "dict[str, DAG]") -> None:
    timetable = dags["train_classifier"].timetable
    assert [asset.name for asset in timetable.asset_condition.objects] == ["labels"]
    assert timetable.timetable.expression == "30 3 * * 0"


def test_only_the_final_task_of_the_ingest_announces_articles(dags: "dict[str, DAG]") -> None:
    announcing = {task.task_id for task in dags["ingest_feeds"].tasks if task.outlets}
    assert announcing == {"announce"}


def test_a_run_that_goes_on_for_too_long_is_told_from_the_triggerer(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk._shared.module_loading import import_string

    from dags.alarms import deadline
    from monitor import run

    told: list[tuple[str, str, int]] = []
    monkeypatch.setattr(run, "tell_overdue", lambda dag_id, run_id, *, minutes: told.append((dag_id, run_id, minutes)))
    assert deadline(10) == {}  # for dag.test()
    monkeypatch.delenv("MONITOR_DEADLINES")
    alert = deadline(10)["deadline"]
    assert alert.interval == timedelta(minutes=10)
    late = {"dag_run": {"dag_id": "ingest_feeds", "dag_run_id": "scheduled-1"}}
    asyncio.run(import_string(alert.callback.path)(**alert.callback.kwargs, context=late))
    assert told == [("ingest_feeds", "scheduled-1", 10)]
