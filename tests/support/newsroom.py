"""A digest in the stand-in for Slack, and somebody who listens to what is pressed under it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.click import Click
from monitor.core.decision import Label
from monitor.core.digest import Message
from monitor.jobs.answer_command import answer_command
from monitor.jobs.handle_clicks import Rights, handle_clicks
from monitor.jobs.listen import listen
from monitor.jobs.send_digests import send_digests
from monitor.settings import Settings
from monitor.slack import SlackApp
from monitor.store import Store, clicks, labels
from tests.support.news import make_settings, make_stories, put_stories
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings
from tests.support.slack_twin.live import values_of


@dataclass
class Newsroom:
    """A posted digest, and a listener that can be started and stopped."""

    twin: SlackTwin
    store: Store
    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)
    failed: list[BaseException] = field(default_factory=list)

    def start(self) -> None:
        self.app = SlackApp(self.twin.token, self.twin.app_token, self.twin.api_url)
        self.rights = Rights(self.app)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        until(lambda: self.app.connected or bool(self.failed))

    def _run(self) -> None:
        try:
            listen(self.store, self.app, self.work, stop=self.stop, clock=lambda: datetime.now(UTC))
        except BaseException as error:
            self.failed.append(error)

    def work(self) -> dict[str, int]:
        now = datetime.now(UTC)
        return handle_clicks(self.store, self.settings, self.app, self.answer, self.rights, now=now)

    def answer(self, click: Click) -> tuple[Message, ...]:
        return answer_command(self.store, self.settings, click, now=datetime.now(UTC))

    def close(self) -> None:
        self.stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()

    def messages(self) -> list[dict]:
        """Those that tell stories."""
        return [m for m in self.twin.messages() if any(values_of(m))]

    def values(self, verb: str) -> list[tuple[dict, str]]:
        """(message, value) of every button or option with this verb."""
        return [(m, value) for m in self.messages() for value in values_of(m) if value.split()[0] == verb]

    def press(self, verb: str, at: int = 0, **how: object) -> str:
        """Press the button of the at-th story; returns the article's id."""
        message, value = self.values(verb)[at]
        self.twin.press(message, value, **how)
        return value.split()[2]

    def labels(self) -> list[Label]:
        with self.store.read() as connection:
            return labels.all_labels(connection)

    def words(self) -> str:
        return " ".join(text for m in self.twin.messages() for text in strings(m.get("blocks", [])))

    def settled(self) -> bool:
        """Is every envelope acknowledged, and every click over?"""
        # In this order: a click is queued before it is acknowledged, so that what is counted after that is all of it.
        acked = all(e.acked_at for e in list(self.twin.live.envelopes.values()))
        with self.store.read() as connection:
            counts = clicks.count_clicks(connection)
        return acked and sum(counts.values()) > 0 and not {"queued", "kept"} & counts.keys()

    def whispers(self, user: str = SlackTwin.ANALYST) -> str:
        return " ".join(text for shown in self.twin.ephemerals(user) for text in strings(shown.get("blocks", [])))


def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def open_newsroom(twin: SlackTwin, store: Store, home: Path, stories: int, **values: object) -> Newsroom:
    """A digest of so many stories is posted; nobody listens yet."""
    settings = make_settings(**values)
    now = datetime.now(UTC)
    put_stories(store, make_stories(stories), decided_at=now - timedelta(minutes=5))
    client = SlackApp(twin.token, twin.app_token, twin.api_url)
    send_digests(store, settings, client, now=now, home=home, force=True, buttons=True)
    return Newsroom(twin, store, settings)
