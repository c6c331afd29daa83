"""`monitor listen` as a whole: real config, real store, real socket; what each command answers, and what it leaves."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from monitor import run
from monitor.core.decision import Prediction
from monitor.core.watch import WatchTerm
from monitor.errors import SettingsError
from monitor.run.listen import propose_term, read_term
from monitor.settings import read_watch
from monitor.store import Store, decisions, labels
from tests.support.news import make_stories, put_stories
from tests.support.newsroom import until
from tests.support.project import Project
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings
from tests.support.slack_twin.live import values_of


@pytest.fixture
def twin(project: Project) -> Iterator[SlackTwin]:
    """A project whose Slack is the twin, with stories in its store."""
    store = project.store()
    stories = make_stories(6)
    put_stories(store, stories, decided_at=datetime.now(UTC) - timedelta(minutes=5))
    predictions = [
        Prediction(article_id=told.article.id, model="m1", probability=told.decision.score, themes={})
        for story in stories
        for told in story.members
    ]
    with store.write() as connection:
        decisions.save_predictions(connection, predictions)
    store.close()
    with SlackTwin() as running:
        project.monkeypatch.setenv("SLACK_BOT_TOKEN", running.token)
        project.monkeypatch.setenv("SLACK_APP_TOKEN", running.app_token)
        project.monkeypatch.setenv("SLACK_API_URL", running.api_url)
        yield running


@pytest.fixture
def listening(twin: SlackTwin) -> Iterator[SlackTwin]:
    stop = threading.Event()
    thread = threading.Thread(target=run.listen, args=(stop,))
    thread.start()
    until(lambda: bool(twin.live.sockets))
    yield twin
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert twin.lint() == []


def ask(twin: SlackTwin, text: str, answers: int = 1) -> str:
    """What /watch answers, in so many messages."""
    before = len(twin.live.answers)
    twin.type(text)
    until(lambda: len(twin.live.answers) >= before + answers)
    return " ".join(string for answer in twin.live.answers[before:] for string in strings(answer["blocks"]))


def test_each_command_is_answered(listening: SlackTwin, project: Project) -> None:
    shown = ask(listening, "status")
    assert re.search(r"articles: \d+ stored", shown)
    assert "model: " in shown
    assert "fresh, last hour: " in shown
    assert "Nothing is muted." in shown
    assert "/watch find WORDS" in ask(listening, "help")
    assert "There is no 'dance'" in ask(listening, "dance")
    assert "Delegation number 7" in ask(listening, "find DELEGATION number 7")
    assert "Nothing stored has all of these words." in ask(listening, "find zeppelin")
    assert "Flagged: score 0.990" in ask(listening, "why <https://news.example/0?a=1&b=2>")
    assert "No stored article has this link" in ask(listening, "why https://news.example/none")
    assert "stories from" in ask(listening, "digest now", answers=5)
    assert "there is no digest 'nightly'" in ask(listening, "digest now nightly")
    assert listening.messages() == []


def test_a_term_is_tried_on_the_archive_and_its_approval_proposes_it_and_changes_no_config(
    listening: SlackTwin, project: Project
) -> None:
    before = (project.config / "watch.yaml").read_text(encoding="utf-8")
    shown = ask(listening, "try “harbour” -9.5")
    assert re.search(r"matches \d+ of \d+ articles of the last 90 days", shown)
    answer = listening.live.answers[-1]
    (value,) = values_of(answer)
    listening.press(answer, value, private=True)
    until(lambda: (project.config / "proposed").exists() and len(listening.live.answers) == 2)
    (proposed,) = (project.config / "proposed").iterdir()
    (term,) = read_watch(proposed.name, proposed.read_text(encoding="utf-8")).terms
    assert (term.any_of, term.weight) == (("harbour",), -9.5)
    assert "somebody has to merge it" in " ".join(strings(listening.live.answers[-1]["blocks"]))
    assert (project.config / "watch.yaml").read_text(encoding="utf-8") == before
    assert project.monitor("config", "check").code == 0


def test_a_trial_says_what_is_wrong_with_a_term(listening: SlackTwin) -> None:
    assert "any_of" in ask(listening, "try /(unclosed/")


def test_digests_get_buttons_only_where_somebody_listens(twin: SlackTwin, project: Project) -> None:
    project.monkeypatch.delenv("SLACK_APP_TOKEN")
    assert project.monitor("digest", "--now").code == 0
    assert not any(list(values_of(message)) for message in twin.messages())


def test_a_muted_outlet_is_left_out_and_the_digest_says_so(twin: SlackTwin, project: Project) -> None:
    project.write("feeds.yaml", (project.config / "feeds.yaml").read_text() + FEED)
    assert project.monitor("feeds", "mute", "harbour post", "--days", "3").code == 0
    assert project.monitor("digest", "--now").code == 0
    words = " ".join(string for message in twin.messages() for string in strings(message.get("blocks", [])))
    assert "Harbour Post muted by @" in words
    assert "news.example/5?" not in str([m.get("blocks") for m in twin.messages()])
    assert "Harbour Post until" in project.monitor("status").out
    assert project.monitor("feeds", "unmute", "harbour").code == 0
    assert project.monitor("feeds", "unmute", "harbour").code == 1


FEED = """
  - {id: harbour, outlet: Harbour Post, url: "https://harbour.example/rss", language: en, country: KR, tier: general}
"""


def test_an_outlet_that_no_feed_has_cannot_be_muted(project: Project) -> None:
    shown = project.monitor("feeds", "mute", "Nobody Daily")
    assert (shown.code, "no feed of the config" in shown.err) == (1, True)


def test_the_listener_needs_both_tokens(project: Project) -> None:
    shown = project.monitor("listen")
    assert (shown.code, "SLACK_APP_TOKEN" in shown.err) == (2, True)


def test_doctor_says_whether_somebody_listens(twin: SlackTwin, project: Project) -> None:
    assert "buttons in Slack do nothing meanwhile" in project.monitor("doctor").out.replace("\n", " ")
    process = subprocess.Popen([sys.executable, "-m", "monitor", "listen"], stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: bool(twin.live.sockets) and "connected" in str(run.status()["runs"]))
        assert run.is_listening()
        assert listener(project)["state"] == "ok"
        assert [c for c in psutil.Process(process.pid).net_connections() if c.status == psutil.CONN_LISTEN] == []
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert (process.returncode, "heard 0 clicks and commands" in said) == (0, True)
    assert listener(project)["state"] == "error"


def listener(project: Project) -> dict[str, str]:
    return next(finding for finding in run.doctor() if finding["what"] == "listener")


@pytest.mark.parametrize(
    ("words", "phrase", "weight"),
    [
        ("ghost fleet", "ghost fleet", 1.0),
        ("ghost  fleet +1.5", "ghost fleet", 1.5),
        ("«тень» -2", "тень", -2.0),
        ("미사일 +3", "미사일", 3.0),
        ("K-9", "K-9", 1.0),
    ],
)
def test_a_term_is_typed_as_a_phrase_and_a_weight_with_its_sign(words: str, phrase: str, weight: float) -> None:
    term = read_term(words)
    assert (term.any_of, term.weight) == ((phrase,), weight)


@pytest.mark.parametrize("words", ["", "   ", "\u202e\x07", "/(/"])
def test_what_is_no_term_is_refused_in_words(words: str) -> None:
    with pytest.raises(SettingsError, match="watch try"):
        read_term(words)


def test_a_proposal_holds_the_term_and_who_made_it_whatever_they_are_called(tmp_path: Path) -> None:
    term = WatchTerm(name="a: [b] # c", any_of=("a: [b] # c",), weight=1.0)
    now = datetime(2026, 11, 26, tzinfo=UTC)
    file = propose_term(tmp_path, term, name="eve\nterms: []", now=now)
    assert file.parent == tmp_path / "proposed"
    assert file.name.startswith("2026-11-26-a-b-c-")
    assert read_watch(file.name, file.read_text(encoding="utf-8")).terms == (term,)


def test_every_click_is_kept_when_the_listener_is_killed(twin: SlackTwin, project: Project) -> None:
    """What was acknowledged is in the queue: the next listener acts on it."""
    run.send(force=True)
    message, value = next((m, v) for m in twin.messages() for v in values_of(m) if v.startswith("relevant"))
    first = subprocess.Popen([sys.executable, "-m", "monitor", "listen"])
    until(lambda: bool(twin.live.sockets))
    twin.fault("timeout", method="chat.update", count=-1, seconds=30)
    envelope = twin.press(message, value)
    until(lambda: envelope.acks == 1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    twin.heal()
    stop = threading.Event()
    second = threading.Thread(target=run.listen, args=(stop,))
    second.start()
    until(lambda: any("@anna" in s for m in twin.messages() for s in strings(m.get("blocks", []))))
    stop.set()
    second.join(20)
    store = Store(f"sqlite:///{project.home / 'monitor.db'}")
    with store.read() as connection:
        assert len(labels.all_labels(connection)) == 1
    store.close()
