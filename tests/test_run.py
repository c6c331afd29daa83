"""The whole main job put together: it goes on where it can, and says what is wrong."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor import run
from monitor.errors import BelowFloorError, ModelNotFoundError, MonitorError, SettingsError, StoreError
from monitor.store import Store, models, outbox, runs, schema
from tests.support.project import KeptModel, Project
from tests.support.slack_twin import SlackTwin


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackTwin]:
    """A Slack to post to, set up in the environment."""
    with SlackTwin() as started:
        monkeypatch.setenv("SLACK_BOT_TOKEN", started.token)
        monkeypatch.setenv("SLACK_API_URL", started.api_url)
        monkeypatch.setenv("MONITOR_ALARM_CHANNEL", SlackTwin.OPERATORS)
        yield started


def said(twin: SlackTwin, channel: str = SlackTwin.OPERATORS) -> list[str]:
    return [message["text"] for message in twin.messages(channel)]


def state_of(project: Project, job: str) -> tuple[str, str]:
    store = project.store()
    with store.read() as connection:
        (last,) = runs.last_runs(connection, job=job, limit=1)
    store.close()
    return last.state, last.error


def test_a_cycle_brings_feeds_to_a_digest_and_the_next_tells_nothing_again(project: Project) -> None:
    steps = {step.name: step for step in run.cycle()}
    assert [step.error for step in steps.values()] == [""] * 4
    assert steps["ingest"].counts["new"] == steps["classify"].counts["decided"] > 100
    sent = steps["digests"].sent
    assert sent is not None
    assert "First lorries cross new Tumen road bridge" in sent.texts[0]
    assert [page.exists() for page in sent.report.pages] == [True]
    assert run.ingest(force=True)["new"] == 0
    assert run.classify()["decided"] == 0
    assert run.digests(force=True)["digests"][0]["stories"] == 0


def test_deciding_again_sends_nothing_twice_and_alerts_nothing_old(project: Project) -> None:
    run.ingest()
    run.classify()
    first = run.send(force=True)
    told = {told.article.id for story in first.report.digests[0].stories for told in story.members}
    watch = (project.config / "watch.yaml").read_text(encoding="utf-8")
    project.write("watch.yaml", watch + "\n  - {name: all of it, any_of: ['/./'], always: true, alert: true}\n")
    again = run.classify(since=datetime(2020, 1, 1, tzinfo=UTC), now=datetime.now(UTC) + timedelta(days=3))
    assert again["decided"] == again["flagged"] > len(told)
    assert again["alerts"] == 0
    second = run.send(force=True, now=datetime.now(UTC) + timedelta(days=3, minutes=1))
    (digest,) = second.report.digests
    anew = {member.article.id for story in digest.stories for member in story.members} - told
    assert anew
    assert all(not story.told or anew & {m.article.id for m in story.members} for story in digest.stories)
    assert {story.id for story in digest.older} == {s.id for s in digest.stories if not s.told}


def test_shards_share_the_feeds_between_them(project: Project) -> None:
    assert run.shards() == [0]
    assert sum(run.ingest(shard, 3)["feeds"] for shard in range(3)) == 6


def test_a_broken_config_goes_on_with_the_last_good_one_and_says_so(project: Project, twin: SlackTwin) -> None:
    run.classify()
    project.write("watch.yaml", "terms: [{nmae: x}]")
    assert run.classify()["decided"] == 0
    run.digests(force=True)
    assert "last good one" in str(twin.messages(SlackTwin.DIGEST))
    assert said(twin) == ["The config has problems; the monitor goes on with the last good one"]


def test_a_config_that_never_was_good_is_an_error(bare_project: Project) -> None:
    bare_project.write("feeds.yaml", "feeds: 3")
    with pytest.raises(SettingsError, match=r"feeds\.yaml:1"):
        run.ingest()


def test_without_a_model_classifying_fails_and_the_digest_says_why(bare_project: Project) -> None:
    with pytest.raises(ModelNotFoundError, match="monitor train"):
        run.classify()
    assert state_of(bare_project, "classify_articles")[0] == "failed"
    assert "monitor train" in run.preview("daily")
    assert not run.has_model()


def test_a_model_that_is_damaged_in_the_store_is_as_good_as_none(project: Project) -> None:
    assert run.has_model()
    shutil.rmtree(project.home / "models")
    store = project.store()
    with store.write() as connection:
        connection.execute(schema.models.update().values(archive=b"damaged"))
    store.close()
    assert not run.has_model()


def test_a_step_that_failed_stops_no_other(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MonitorError("no network")

    monkeypatch.setattr("monitor.jobs.ingest_feeds.ingest_feeds", fail)
    steps = list(run.cycle(force=True))
    assert [(step.name, step.error) for step in steps] == [
        ("ingest", "no network"),
        ("classify", ""),
        ("alerts", ""),
        ("digests", ""),
    ]
    assert state_of(project, "ingest_feeds") == ("failed", "no network")


def test_a_model_below_its_floors_fails_the_run(bare_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = bare_project.home / "corpus"
    corpus.mkdir(parents=True)
    source = run.corpus_folder() / "en-positive-a.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines()[:30]
    others = (run.corpus_folder() / "en-negative-a.jsonl").read_text(encoding="utf-8").splitlines()[:30]
    (corpus / "few.jsonl").write_text("\n".join(lines + others), encoding="utf-8")
    monkeypatch.setattr("monitor.run.work.corpus_folder", lambda: corpus)
    monkeypatch.setattr("monitor.jobs.train_classifier.FLOORS", {"average_precision": 1.1})
    with pytest.raises(BelowFloorError, match="floor"):
        run.train()
    assert state_of(bare_project, "train_classifier")[0] == "failed"
    assert not run.has_model()


def use_corpus(project: Project, monkeypatch: pytest.MonkeyPatch, *, step: int, spoilt: bool = False) -> None:
    """Let training read every so manyth text; spoilt: with the labels of relevance turned round."""
    corpus = project.home / "texts" / "corpus"
    corpus.mkdir(parents=True)
    files = sorted(run.corpus_folder().glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [json.loads(line) for line in lines[::step]]
    rows = [
        {**row, "relevant": int(row["relevant"]) ^ spoilt, "themes": [] if spoilt else row["themes"]} for row in rows
    ]
    (corpus / "some.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    shutil.copy(run.corpus_folder().parent / "evaluation.jsonl", corpus.parent)
    monkeypatch.setattr("monitor.run.work.corpus_folder", lambda: corpus)
    monkeypatch.setattr("monitor.jobs.train_classifier.FLOORS", {})


def model_of(project: Project) -> str:
    store = project.store()
    with store.read() as connection:
        version = models.model_in_use(connection)
    store.close()
    return version or ""


def test_a_worse_model_is_told_in_slack_with_the_figures_of_both_and_the_old_one_stays(
    project: Project, kept_model: KeptModel, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_corpus(project, monkeypatch, step=40, spoilt=True)
    counts = run.train()
    assert (counts["trained"], counts["promoted"]) == (1, 0)
    assert model_of(project) == kept_model.version
    assert said(twin) == [f"The new model is not put in use; {kept_model.version} stays"]
    told = str(twin.messages(SlackTwin.OPERATORS)[0]["blocks"])
    assert "worse on evaluation.jsonl: average precision 0." in told
    assert "95 % interval" in told
    assert f"monitor models show {counts['version']}" in told


def test_a_model_that_is_not_worse_is_told_in_slack_with_figures_before_and_after(
    project: Project, kept_model: KeptModel, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_corpus(project, monkeypatch, step=12)
    counts = run.train(seed=1, force=True)
    assert model_of(project) == counts["version"]
    assert said(twin) == [f"A new model is in use: {counts['version']}"]
    told = str(twin.messages(SlackTwin.OPERATORS)[0]["blocks"])
    assert f"replaces {kept_model.version}" in told
    assert "average precision 0." in told
    assert "before 0." in told
    assert "monitor models rollback" in told


def test_the_first_model_is_no_news_for_slack(
    bare_project: Project, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_corpus(bare_project, monkeypatch, step=40)
    assert run.train()["promoted"] == 1
    assert said(twin) == []


def test_a_failed_run_is_told_once_to_the_alarm_channel(project: Project, twin: SlackTwin) -> None:
    for run_id in ("scheduled-1", "scheduled-2"):
        run.tell_failure("ingest_feeds", run_id, "ingest", "the network is down")
    run.tell_failure("ingest_feeds", "scheduled-3", "ingest", "the disk is full")
    assert said(twin) == ["ingest_feeds failed", "ingest_feeds failed"]


def test_a_failed_run_without_a_reason_is_told_with_what_its_job_left(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MonitorError("the network is down")

    monkeypatch.setattr("monitor.jobs.ingest_feeds.ingest_feeds", fail)
    with pytest.raises(MonitorError):
        run.ingest()
    run.tell_failure("ingest_feeds", "r1", "", "")
    logged = json.loads(capsys.readouterr().err)
    assert (logged["title"], logged["lines"]) == ("ingest_feeds failed", ["r1", "the network is down"])


def test_a_store_that_is_away_is_told_once_whatever_fails_of_it(
    project: Project, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_STORE", "postgresql://nobody@127.0.0.1:1/none")
    for job in ("ingest_feeds", "send_digests", "ingest_feeds"):
        run.tell_failure(job, "scheduled-1", "", "")
    assert said(twin) == ["The store fails"]


def test_runs_of_a_dag_that_are_late_are_told_once(project: Project, twin: SlackTwin) -> None:
    for run_id in ("scheduled-1", "scheduled-2"):
        run.tell_overdue("ingest_feeds", run_id, minutes=10)
    run.tell_overdue("send_alerts", "scheduled-3", minutes=10)
    assert said(twin) == ["ingest_feeds is late", "send_alerts is late"]
    assert "has not ended after 10 min" in str(twin.messages(SlackTwin.OPERATORS)[0]["blocks"])


def test_an_alarm_without_slack_is_in_the_log(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    run.tell_failure("send_digests", "r1", "send", "boom")
    logged = json.loads(capsys.readouterr().err)
    assert logged.pop("timestamp")
    assert logged == {
        "level": "error",
        "event": "alarm",
        "title": "send_digests failed",
        "lines": ["Task send of r1", "boom"],
    }


def test_a_refused_token_costs_no_digest(project: Project, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    report = run.digests(force=True)
    assert "SLACK_BOT_TOKEN" in report["troubles"][0]
    monkeypatch.setenv("SLACK_BOT_TOKEN", twin.token)
    run.digests()
    store = project.store()
    with store.read() as connection:
        assert outbox.open_bundles(connection) == []
    store.close()


ALERTS = """\
alerts:
  - {id: urgent, channel: C0TWINALR01}
"""
BRIDGE = "terms: [{name: bridge, any_of: [bridge], alert: true, always: true}]\n"


def with_alerts(project: Project) -> None:
    project.write("monitor.yaml", (project.config / "monitor.yaml").read_text(encoding="utf-8") + ALERTS)
    project.write("watch.yaml", BRIDGE)


def test_an_alert_term_brings_a_story_to_the_alert_channel_at_once_and_to_the_digest_in_one_line(
    project: Project, twin: SlackTwin
) -> None:
    with_alerts(project)
    steps = {step.name: step for step in run.cycle(force=True)}
    alerts = said(twin, SlackTwin.ALERTS)
    assert any("bridge" in text for text in alerts)
    assert len(steps["alerts"].counts["alerts"]) == len(alerts)
    assert "alerted" in str(twin.messages(SlackTwin.DIGEST))
    assert run.alerts()["posted"] == 0
    assert state_of(project, "send_alerts") == ("success", "")


def test_an_alert_channel_that_is_gone_is_told_once_and_the_digest_goes_on(project: Project, twin: SlackTwin) -> None:
    with_alerts(project)
    twin.workspace.channels[SlackTwin.ALERTS]["is_archived"] = True
    run.ingest()
    run.classify()
    assert "unarchive" in run.alerts()["troubles"][0]
    assert run.alerts()["troubles"] == []
    assert run.digests(force=True)["posted"] > 1
    assert said(twin) == ["Slack does not take everything"]


def test_a_webhook_is_enough_for_digests_and_alerts(
    project: Project, twin: SlackTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_alerts(project)
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    monkeypatch.setenv("SLACK_WEBHOOK_URL", twin.webhook_url)
    steps = {step.name: step for step in run.cycle(force=True)}
    assert [step.error for step in steps.values()] == [""] * 4
    assert len(twin.messages(SlackTwin.DIGEST)) == len(twin.requests("webhook")) > 3
    (slack,) = [finding for finding in run.doctor() if finding["what"] == "slack"]
    assert (slack["state"], slack["found"]) == ("warning", "an incoming webhook, no bot token")
    assert "without threads" in slack["advice"]


def test_coverage_is_audited_and_recorded(project: Project) -> None:
    run.ingest()
    counts = run.audit()
    assert counts["enabled"] == counts["seen"] == 6
    assert state_of(project, "audit_coverage") == ("success", "")


def test_the_command_says_how_much_is_seen(project: Project) -> None:
    run.ingest()
    shown = project.monitor("audit")
    assert (shown.code, shown.out.splitlines()[0]) == (0, "6 of 6 feeds answered")


def test_an_earlier_model_comes_back_into_use(project: Project, kept_model: KeptModel) -> None:
    later = KeptModel("later", kept_model.card, kept_model.archive)
    store = project.store()
    with store.write() as connection:
        at = datetime.now(UTC) + timedelta(seconds=1)
        models.save_model(connection, version="later", made_at=at, card=later.card, archive=later.archive)
        models.promote_model(connection, "later", now=at)
    store.close()
    assert run.rollback() == kept_model.version


@pytest.mark.postgres
def test_a_server_without_our_tables_is_left_to_its_operator(
    project: Project, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_STORE", postgres_url)
    with pytest.raises(StoreError, match="monitor store migrate"):
        run.status()
    run.migrate("head")
    assert run.status()["articles"]["stored"] == 0
    Store(postgres_url).close()


def test_what_people_answer_below_the_line_stands_in_the_next_weekly_report(project: Project) -> None:
    page = project.home / "week.html"
    run.ingest()
    run.classify()
    run.report(page)
    assert 'id="missed"' not in page.read_text(encoding="utf-8")
    run.review()
    for question in run.questions("ann", wanted=20, review=True).asked:
        run.label(question.article.id, question.decision.digest, who="ann")
    run.report(page)
    (point,) = run.learning_report()["recall"]
    shown = page.read_text(encoding="utf-8")
    assert 'id="missed"' in shown
    assert f"Recall is about {point[1]:.0%}" in shown
