"""Runs the server on a thread of its own."""

import asyncio
import copy
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.support.slack_twin.lint import Finding
from tests.support.slack_twin.live import ANALYST, COLLEAGUE, STRANGER, Envelope, Live, pressed, typed
from tests.support.slack_twin.page import channel_page
from tests.support.slack_twin.server import SCOPES, Fault, Server, Workspace


class SlackTwin:
    """``with SlackTwin() as twin:`` and point a client at ``twin.api_url`` with ``twin.token``."""

    DIGEST, ALERTS, OPERATORS = "C0TWINDIG01", "C0TWINALR01", "C0TWINOPS01"
    NOT_JOINED, ARCHIVED, PRIVATE = "C0TWINOUT01", "C0TWINARC01", "C0TWINPRV01"
    ANALYST, COLLEAGUE, STRANGER = ANALYST, COLLEAGUE, STRANGER
    """People; the stranger is in no channel."""

    def __init__(self, *, rate: float = 0.0, scopes: frozenset[str] = SCOPES, host: str = "127.0.0.1") -> None:
        """``host`` is how clients reach this machine; with any but the default the twin listens on every interface."""
        self.host = host
        self.token = "xoxb-twin-token"
        self.workspace = Workspace(token=self.token, rate=rate, scopes=scopes)
        for channel, name, member, archived, private in (
            (self.DIGEST, "dprk-digest", True, False, False),
            (self.ALERTS, "dprk-alerts", True, False, False),
            (self.OPERATORS, "feed-health", True, False, False),
            (self.NOT_JOINED, "not-joined", False, False, False),
            (self.ARCHIVED, "old-digest", True, True, False),
            (self.PRIVATE, "private-room", False, False, True),
        ):
            flags = {"is_member": member, "is_archived": archived, "is_private": private}
            self.workspace.channels[channel] = {"id": channel, "name": name, **flags}
            self.workspace.members[channel] = [ANALYST, COLLEAGUE]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._server.stopping.set)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._server = Server(self.workspace, channel_page)
        self._server.host = self.host
        runner = web.AppRunner(self._server.app, access_log=None, shutdown_timeout=0.2)

        async def start() -> None:
            await runner.setup()
            everywhere = "0.0.0.0"  # noqa: S104
            await web.TCPSite(runner, self.host if self.host == "127.0.0.1" else everywhere, 0).start()
            self._server.port = runner.addresses[0][1]

        self._loop.run_until_complete(start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self._server.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def webhook_url(self) -> str:
        """An incoming webhook of DIGEST."""
        return f"{self.url}/services/T0TWINTEAM1/B0TWINHOOK1/{self.DIGEST}"

    def page_url(self, channel: str = DIGEST) -> str:
        return f"{self.url}/channel/{channel}"

    def messages(self, channel: str = DIGEST) -> list[dict[str, Any]]:
        """What stands in a channel, threads included, in the order in which it came."""
        return copy.deepcopy(self.workspace.messages[channel])

    def requests(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of one method."""
        return [args for name, args in list(self.workspace.requests) if name == method]

    @property
    def app_token(self) -> str:
        return self.workspace.app_token

    @property
    def live(self) -> Live:
        """The sockets, the envelopes, and what came to answer addresses."""
        return self._server.live

    def ephemerals(self, user: str = ANALYST) -> list[dict[str, Any]]:
        """What only one person sees, posted in channels or answered."""
        posted = [shown for shown in self.workspace.ephemerals if shown["user"] == user]
        return copy.deepcopy(posted + [answer for answer in self.live.answers if answer["user"] == user])

    def press(
        self,
        message: dict[str, Any],
        value: str,
        *,
        user: str = ANALYST,
        channel: str = DIGEST,
        ts: str = "",
        private: bool = False,
        forged: dict[str, Any] | None = None,
    ) -> Envelope:
        """Somebody presses what has this value; ``forged`` replaces parts of the payload."""
        ts = ts or self.workspace.next_ts()
        payload = pressed(message, channel, value, user, ts=ts, private=private)
        payload["response_url"] = self.live.address(channel, user)
        return self.send("interactive", payload | (forged or {}))

    def type(
        self, text: str, *, user: str = ANALYST, channel: str = DIGEST, forged: dict[str, Any] | None = None
    ) -> Envelope:
        """Somebody types /watch and ``text``."""
        payload = typed(text, channel, user) | {"response_url": self.live.address(channel, user)}
        return self.send("slash_commands", payload | (forged or {}))

    def send(self, kind: str, payload: dict[str, Any], envelope_id: str = "") -> Envelope:
        """Send an envelope; with the id of one that exists, once more."""
        return self.live.envelopes[self._await(self.live.deliver(kind, payload, envelope_id))]

    def drop(self) -> None:
        """Cut the connections of Socket Mode."""
        self._await(self.live.drop())

    def recycle(self) -> None:
        """Replace the connection of Socket Mode, as Slack does every few hours."""
        self._await(self.live.recycle())

    def _await(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def lint(self) -> list[Finding]:
        return list(self.workspace.lint)

    def fault(self, kind: str, **how: Any) -> None:
        """Spoil coming requests: see Fault."""
        self.workspace.faults.append(Fault(kind=kind, **how))

    def heal(self) -> None:
        self.workspace.faults.clear()

    def clear(self) -> None:
        self.workspace.messages.clear()
        self.workspace.requests.clear()
        self.workspace.lint.clear()
