"""What people press changes what the next digest tells: the whole loop, with nothing in it replaced but Slack."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import run
from monitor.jobs import train_classifier
from monitor.run import work
from monitor.store import articles, clicks, labels
from tests.classifier.conftest import CORPUS
from tests.support.newsroom import until
from tests.support.project import Project
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings
from tests.support.slack_twin.live import values_of
from tests.support.texts import article, sighting

CIRCUS = (  # about both countries, so that a model flags it, and nothing that these readers want to hear of
    "Russian circus bears delight children on tour of Pyongyang",
    "Moscow circus acrobats and clowns end a summer season in Pyongyang",
    "Clowns of the Russian circus teach juggling at a school in Wonsan",
    "North Korean trapeze artists win first prize of a circus festival in Moscow",
)
SHELLS = "North Korea ships artillery shells to Russia through the port of Rason"
NEXT_CIRCUS = "Clowns and bears: a Russian circus plans a winter season in North Korea"
NEXT_MISSILES = "Putin thanks Kim Jong Un for ballistic missiles that Russia fired at Kharkiv"
TITLES = (*CIRCUS, SHELLS, NEXT_CIRCUS, NEXT_MISSILES)
PEOPLE = (SlackTwin.ANALYST, SlackTwin.COLLEAGUE)


@pytest.fixture
def twin(bare_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackTwin]:
    """A project with a Slack that has buttons, and with a ninth of the corpus: a model takes seconds, not a minute."""
    corpus = tmp_path / "texts" / "corpus"
    corpus.mkdir(parents=True)
    lines = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    (corpus / "part.jsonl").write_text("\n".join(lines[::9]), "utf-8")
    held_out = (CORPUS.parent / "evaluation.jsonl").read_text("utf-8").splitlines()
    (corpus.parent / "evaluation.jsonl").write_text("\n".join(held_out[::3]), "utf-8")
    monkeypatch.setattr(work, "corpus_folder", lambda: corpus)
    monkeypatch.setattr(train_classifier, "FLOORS", {"average_precision": 0.5})  # those of the whole are out of reach
    with SlackTwin() as running:
        monkeypatch.setenv("SLACK_BOT_TOKEN", running.token)
        monkeypatch.setenv("SLACK_APP_TOKEN", running.app_token)
        monkeypatch.setenv("SLACK_API_URL", running.api_url)
        monkeypatch.setenv("MONITOR_ALARM_CHANNEL", SlackTwin.OPERATORS)
        yield running
        assert running.lint() == []


def test_what_people_press_under_a_digest_changes_the_model_and_the_next_digest(
    twin: SlackTwin, bare_project: Project
) -> None:
    first = str(run.train()["version"])
    publish(bare_project, [*CIRCUS, SHELLS])
    run.classify()
    run.digests(force=True)
    assert {*CIRCUS, SHELLS} <= told(twin)

    with listening(twin):
        for who in PEOPLE:
            for title in CIRCUS:
                press(twin, "irrelevant", title, who)
            press(twin, "relevant", SHELLS, who)
        until(lambda: worked_off(bare_project, len(PEOPLE) * (len(CIRCUS) + 1)))
    given = said(bare_project)
    assert given == {(who, title, "0") for who in PEOPLE for title in CIRCUS} | {(who, SHELLS, "1") for who in PEOPLE}
    assert "marked not relevant by @anna · marked not relevant by @boris" in words(twin, SlackTwin.DIGEST)

    before = datetime.now(UTC)
    publish(bare_project, [NEXT_CIRCUS, NEXT_MISSILES])
    run.classify()
    by_the_old_model = run.preview("daily")
    assert NEXT_CIRCUS in by_the_old_model
    assert NEXT_MISSILES in by_the_old_model

    trained = run.train()
    assert (trained["promoted"], trained["labels"]) == (1, len(given)), trained["why"]
    heard = words(twin, SlackTwin.OPERATORS)
    assert f"A new model is in use: {trained['version']}" in heard
    assert f"It replaces {first}" in heard
    assert "average precision 0." in heard
    assert re.search(rf"no longer flagged \(0\.\d\d → 0\.\d\d\): {NEXT_CIRCUS}", heard)
    assert "label that did it: not relevant by" in heard

    run.classify(since=before)  # the very same articles, by the new model
    twin.clear()
    run.digests(force=True)
    assert NEXT_MISSILES in told(twin)
    assert NEXT_CIRCUS not in told(twin)


def publish(project: Project, titles: Sequence[str]) -> None:
    """Articles that a feed of the config brought just now."""
    now, store = datetime.now(UTC), project.store()
    brought = [article(id_of(title), title=title, published_at=now, seen_at=now) for title in titles]
    with store.write() as connection:
        articles.add_sightings(connection, "harbour-wire", [sighting(one) for one in brought], now=now)
    store.close()


def id_of(title: str) -> str:
    return f"a{TITLES.index(title)}"


@contextmanager
def listening(twin: SlackTwin) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run.listen, args=(stop,))
    thread.start()
    try:
        until(lambda: bool(twin.live.sockets))
        yield
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def press(twin: SlackTwin, verb: str, title: str, who: str) -> None:
    """Press the button with this verb under the story of this title."""
    message, value = next(
        (message, value)
        for message in twin.messages()
        for value in values_of(message)
        if value.startswith(f"{verb} ") and value.endswith(f" {id_of(title)}")
    )
    twin.press(message, value, user=who)


def worked_off(project: Project, count: int) -> bool:
    store = project.store()
    with store.read() as connection:
        found = clicks.count_clicks(connection)
    store.close()
    return found == {"done": count}


def said(project: Project) -> set[tuple[str, str, str]]:
    """(who, title, value) of every label."""
    store = project.store()
    with store.read() as connection:
        given = labels.all_labels(connection)
    store.close()
    return {(label.who, label.text.partition("\n")[0], label.value) for label in given}


def words(twin: SlackTwin, channel: str) -> str:
    return " ".join(text for message in twin.messages(channel) for text in strings(message.get("blocks", [])))


def told(twin: SlackTwin) -> set[str]:
    """Every text that stands in the digest's channel, titles among them."""
    return {text for message in twin.messages() for text in strings(message.get("blocks", []))}
