"""What is logged: one line an event, no secret, and titles of articles only for who debugs."""

import json
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from monitor import log, run
from monitor.store.schema import articles
from tests.support.project import Project
from tests.support.slack_twin import SlackTwin

MONITOR_YAML = """\
digests:
  - {{id: daily, channel: {digest}, cron: "0 7 * * *", time_zone: UTC}}
alerts:
  - {{id: urgent, channel: {alerts}}}
fetch: {{contact: nobody@sample.example, host_gap: 0, allow_hosts: ["127.0.0.1"]}}
"""
SECRETS = ("xoxb-1-2-abcDEF", "xapp-1-A1-9f", "T000/B000/s3cr3t", "hunter2")


@pytest.fixture
def cycle_log(project: Project, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a whole cycle with a broken feed and a Slack logs when everything is asked for."""
    with SlackTwin() as twin:
        monkeypatch.setenv("SLACK_BOT_TOKEN", twin.token)
        monkeypatch.setenv("SLACK_API_URL", twin.api_url)
        monkeypatch.setenv("MONITOR_LOG_LEVEL", "debug")
        project.write("monitor.yaml", MONITOR_YAML.format(digest=SlackTwin.DIGEST, alerts=SlackTwin.ALERTS))
        project.write("watch.yaml", "terms: [{name: bridge, any_of: [bridge], alert: true, always: true}]\n")
        feeds = (project.config / "feeds.yaml").read_text(encoding="utf-8")
        gone = "  - {id: gone, outlet: Gone, url: 'http://127.0.0.1:9/x', language: en, country: US, tier: general}\n"
        project.write("feeds.yaml", feeds + gone)
        project.capsys.readouterr()
        assert [step.error for step in run.cycle(force=True)] == [""] * 4
        run.tell_failure("ingest_feeds", "scheduled-1", "ingest", f"refused: {twin.token}")
        logged = project.capsys.readouterr().err
        assert twin.token not in logged
    return logged


@pytest.fixture(autouse=True)
def no_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the DAGs, which set structlog up, may have run in this process."""
    monkeypatch.setattr(structlog, "is_configured", lambda: False)


def events(logged: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.splitlines()]


def test_a_cycle_logs_its_events_and_titles_of_articles_only_at_debug(cycle_log: str, project: Project) -> None:
    found = events(cycle_log)
    by_name = {event["event"]: event for event in found}
    assert {event["job"] for event in found if event["event"] == "job_started"} == {
        event["job"] for event in found if event["event"] == "job_ended"
    }
    assert by_name["feeds_polled"].items() >= {"feeds": 7, "fetched": 6, "soft": 1}.items()
    assert by_name["articles_decided"]["decided"] == by_name["feeds_polled"]["new"] > 100
    assert {"feed_changed", "digest_frozen", "alert_frozen", "message_posted", "alarm"} <= by_name.keys()
    assert by_name["message_posted"].items() >= {"ledger": "daily", "channel": SlackTwin.DIGEST}.items()
    store = project.store()
    with store.read() as connection:
        titles = set(connection.execute(articles.select().with_only_columns(articles.c.title)).scalars())
    store.close()
    shown = json.dumps([event for event in found if event["level"] != "debug"], ensure_ascii=False)
    hidden = json.dumps([event for event in found if event["level"] == "debug"], ensure_ascii=False)
    assert len(titles) > 100
    assert [title for title in titles if title in shown] == []
    assert [title for title in titles if title in hidden] != []


def test_a_secret_in_a_reason_is_blotted_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITOR_LOG_LEVEL", raising=False)
    reason = (
        "xoxb-1-2-abcDEF, xapp-1-A1-9f and https://hooks.slack.com/services/T000/B000/s3cr3t were refused by "
        "postgresql://monitor:hunter2@db/monitor"
    )
    log.info("x", reason=reason, more=[{"deep": reason}])
    logged = capsys.readouterr().err
    assert [secret for secret in SECRETS if secret in logged] == []
    assert "@db/monitor" in logged


def test_text_keeps_an_event_on_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_LOG", "text")
    log.info("feed_changed", feed="wire", reason="first\r\nsecond \x1b[31m = red", counts={"a": 1})
    (line,) = capsys.readouterr().err.splitlines()
    assert 'level=info event=feed_changed feed=wire reason="first  second  [31m = red"' in line


def test_in_a_task_of_airflow_events_go_the_way_of_its_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_airflow, before, capture = structlog.is_configured(), structlog.get_config(), LogCapture()
    monkeypatch.setattr(structlog, "is_configured", lambda: True)
    every = structlog.make_filtering_bound_logger("debug")  # Airflow's own, loaded by other tests, lets less through
    structlog.configure(processors=[capture], wrapper_class=every)
    try:
        log.info("job_ended", job="ingest_feeds", new=3)
    finally:
        structlog.reset_defaults()
        if by_airflow:
            structlog.configure(**before)
    assert capture.entries == [{"event": "job_ended", "log_level": "info", "job": "ingest_feeds", "new": 3}]
    assert capsys.readouterr() == ("", "")
