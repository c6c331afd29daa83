"""What Prometheus scrapes, off the real endpoint and read with the library's own parser."""

import json
import socket
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor import metrics, run
from monitor.errors import MonitorError
from tests.support.project import Project

Samples = dict[tuple[str, tuple[str, ...]], float]


def read(text: str) -> Samples:
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation and family.type == "gauge" for family in families)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def scrape(served: metrics.Served) -> Samples:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        return read(answer.read().decode())


@pytest.fixture
def served(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[metrics.Served]:
    monkeypatch.setattr(metrics, "FRESH_SECONDS", 0.0)
    endpoint = run.serve_metrics("127.0.0.1", 0)
    yield endpoint
    endpoint.close()


def test_the_endpoint_tells_what_the_jobs_of_any_process_left_in_the_store(
    served: metrics.Served, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scrape(served)["monitor_feeds", ("new",)] == 6
    list(run.cycle(force=True))
    found = scrape(served)
    report = run.status()
    assert found["monitor_up", ()] == 1
    assert found["monitor_feeds", ("healthy",)] == found["monitor_feeds_seen_last_day", ()] == 6
    assert found["monitor_articles_last_day", ("decided",)] == report["last_24_h"]["decided"] > 100
    assert found["monitor_articles_last_day", ("flagged",)] == report["last_24_h"]["flagged"] > 0
    assert found["monitor_queue_depth", ("undecided",)] == 0
    assert found["monitor_told_last_day", ("daily", "digests")] == 1
    assert found["monitor_lag_samples", ("cut_to_digest",)] == 1
    assert found["monitor_fresh_left_out", ("first_polls",)] > 50
    assert found["monitor_fresh_objective_met", ("last_hour",)] == 1
    assert found["monitor_model_info", (report["model"]["version"],)] == 1
    assert found["monitor_job_last_duration_seconds", ("classify_articles",)] > 0
    assert found["monitor_runs_failed_last_day", ("ingest_feeds",)] == 0
    assert read(project.monitor("metrics").out).keys() == found.keys()
    monkeypatch.setenv("MONITOR_STORE", "postgresql://nobody@127.0.0.1:1/none")
    assert scrape(served) == {("monitor_up", ()): 0}
    assert project.monitor("metrics").code == 1


def test_scrapes_at_short_intervals_read_the_store_once() -> None:
    asked: list[int] = []

    def fail() -> dict[str, object]:
        asked.append(1)
        raise MonitorError("away")

    endpoint = metrics.serve(fail, "127.0.0.1", 0)
    assert [scrape(endpoint) for _ in range(3)] == [{("monitor_up", ()): 0}] * 3
    endpoint.close()
    assert len(asked) == 1


def test_an_address_that_is_taken_or_is_none_is_told(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shown = project.monitor("metrics", "--serve", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (shown.code, "cannot listen" in shown.err) == (1, True)
    assert project.monitor("metrics", "--serve", "9464").code == 2


def test_status_says_what_is_wrong_and_what_to_do(bare_project: Project) -> None:
    bare_project.write("watch.yaml", "terms: []\n")
    found = json.loads(bare_project.monitor("status", "--json").out)
    assert [one["what"] for one in found["troubles"]] == ["there is no model", "nothing ran yet"]
    run.ingest()
    shown = bare_project.monitor("status").out
    for words in (
        "run `monitor train`",
        "6 of 6 feeds answered in 24 h; 6 healthy",
        "nothing to measure",
        "ingest_feeds",
    ):
        assert words in " ".join(shown.split())
