"""Socket Mode over a real WebSocket: every envelope is acknowledged in time, and only our people's clicks come in."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from monitor.core.click import Click
from monitor.errors import DeliveryError
from monitor.slack import SlackApp
from tests.support.slack_twin import SlackTwin

MESSAGE = {
    "ts": "1764000000.000100",
    "thread_ts": "1764000000.000001",
    "blocks": [
        {
            "type": "actions",
            "block_id": "st-1 a1",
            "elements": [
                {"type": "button", "action_id": "relevant", "value": f"relevant st-{n} a{n}"} for n in range(1_000)
            ]
            + [{"type": "overflow", "action_id": "more", "options": [{"value": "why st-1 a1"}]}],
        }
    ],
}


@dataclass
class Ear:
    """Takes clicks on a thread of its own; ``keep`` is what it does with a batch."""

    app: SlackApp
    keep: Callable[[tuple[Click, ...]], object] = lambda _batch: None
    heard: list[Click] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        for batch in self.app.clicks(self.stop):
            self.keep(batch)
            self.heard += batch


@pytest.fixture
def twin() -> Iterator[SlackTwin]:
    with SlackTwin() as running:
        yield running


@pytest.fixture
def ear(twin: SlackTwin) -> Iterator[Ear]:
    made = Ear(SlackApp(twin.token, twin.app_token, twin.api_url))
    thread = threading.Thread(target=made.run)
    thread.start()
    until(lambda: made.app.connected)
    yield made
    made.stop.set()
    thread.join(10)
    assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_a_press_is_heard_with_who_and_where_and_acknowledged(twin: SlackTwin, ear: Ear) -> None:
    envelope = twin.press(MESSAGE, "why st-1 a1")
    until(lambda: envelope.acks == 1)
    (click,) = ear.heard
    assert (click.who, click.name, click.verb, click.story, click.article) == (
        twin.ANALYST,
        "anna",
        "why",
        "st-1",
        "a1",
    )
    assert (click.channel, click.thread) == (twin.DIGEST, MESSAGE["thread_ts"])


def test_a_command_is_heard_as_verb_and_words(twin: SlackTwin, ear: Ear) -> None:
    twin.type("Find  ghost fleet")
    until(lambda: bool(ear.heard))
    assert [(c.command, c.verb, c.words) for c in ear.heard] == [(True, "find", "ghost fleet")]


def test_a_command_without_a_word_asks_for_help(twin: SlackTwin, ear: Ear) -> None:
    twin.type("")
    until(lambda: bool(ear.heard))
    assert ear.heard[0].verb == "help"


def test_an_envelope_is_acknowledged_only_when_its_click_is_kept(twin: SlackTwin, ear: Ear) -> None:
    kept = threading.Event()
    ear.keep = lambda batch: batch and kept.wait(1)
    envelope = twin.press(MESSAGE, "why st-1 a1")
    time.sleep(0.3)
    assert envelope.acks == 0
    kept.set()
    until(lambda: envelope.acks == 1)


def test_an_envelope_is_acknowledged_in_three_seconds_when_nobody_can_keep_its_click(twin: SlackTwin, ear: Ear) -> None:
    stuck = threading.Event()
    ear.keep = lambda batch: batch and stuck.wait(8)
    envelope = twin.press(MESSAGE, "why st-1 a1")
    until(lambda: envelope.acks == 1)
    assert 1.5 < envelope.waited < 3
    stuck.set()
    until(lambda: len(ear.heard) == 1)


def test_nothing_is_lost_when_slack_replaces_the_connection(twin: SlackTwin, ear: Ear) -> None:
    twin.press(MESSAGE, "relevant st-1 a1")
    twin.recycle()
    twin.press(MESSAGE, "relevant st-2 a2")
    until(lambda: all(e.acks for e in twin.live.envelopes.values()) and len(ear.heard) == 2)
    assert twin.live.opened == 2


def test_a_broken_connection_is_opened_again_at_once(twin: SlackTwin, ear: Ear) -> None:
    twin.drop()
    twin.press(MESSAGE, "relevant st-1 a1")
    until(lambda: len(ear.heard) == 1)
    assert max(e.waited for e in twin.live.envelopes.values()) < 3


def test_an_outage_of_slack_is_waited_out(twin: SlackTwin, ear: Ear) -> None:
    twin.fault("http", method="apps.connections.open", count=2)
    twin.fault("reset", method="apps.connections.open")
    twin.drop()
    twin.press(MESSAGE, "relevant st-1 a1")
    until(lambda: len(ear.heard) == 1)


def test_a_token_that_slack_refuses_ends_the_listening(twin: SlackTwin) -> None:
    app = SlackApp(twin.token, "xapp-wrong", twin.api_url)
    with pytest.raises(DeliveryError, match="invalid_auth"):
        list(app.clicks(threading.Event()))


@pytest.mark.parametrize(
    "forged",
    [
        {"team": {"id": "T0OTHER0001"}},
        {"user": {"id": "U0X", "username": "eve", "team_id": "T0OTHER0001"}},
        {"api_app_id": "A0OTHER0001"},
        {"type": "view_submission"},
        {"type": "block_actions", "actions": []},
        {"actions": [{"action_id": "x", "value": "relevant st-1 a1"}]},
        {"actions": [{"action_id": "x", "value": "DROP TABLE", "action_ts": "1764000000.1"}]},
        {"actions": [{"action_id": "x", "value": "relevant st-1 a1", "action_ts": "999999999999.1"}]},
        {"actions": "x", "user": None},
    ],
    ids=str,
)
def test_what_is_not_a_click_of_our_people_is_acknowledged_and_left_out(
    twin: SlackTwin, ear: Ear, forged: dict[str, object]
) -> None:
    envelope = twin.press(MESSAGE, "why st-1 a1", forged=forged)
    until(lambda: envelope.acks == 1)
    assert (ear.heard, ear.app.ignored) == ([], 1)


@pytest.mark.parametrize(
    "forged", [{"team_id": "T0OTHER0001"}, {"api_app_id": "A0OTHER0001"}, {"user_id": ""}], ids=str
)
def test_a_command_from_elsewhere_is_left_out(twin: SlackTwin, ear: Ear, forged: dict[str, object]) -> None:
    envelope = twin.type("status", forged=forged)
    until(lambda: envelope.acks == 1)
    assert ear.heard == []


def test_answers_go_to_slack_alone() -> None:
    from monitor.core.digest import Message

    app = SlackApp("xoxb-x", "xapp-x")
    with pytest.raises(DeliveryError, match=r"evil\.example"):
        app.answer("https://evil.example/slack.com", Message(part=0, text="x", blocks=()))


def test_a_click_of_megabytes_is_acknowledged_and_left_out(twin: SlackTwin, ear: Ear) -> None:
    envelope = twin.press(MESSAGE, "relevant st-1 a1", forged={"padding": "x" * 2_000_000})
    until(lambda: envelope.acks == 1)
    assert (ear.heard, ear.app.ignored) == ([], 1)


def test_an_address_without_encryption_is_not_listened_at(monkeypatch: pytest.MonkeyPatch) -> None:
    app = SlackApp("xoxb-x", "xapp-x")
    monkeypatch.setattr(app, "_call", lambda *_, **__: {"url": "ws://evil.example/link"})
    with pytest.raises(DeliveryError, match="no secure address"):
        app._open()
