"""Socket Mode: people press buttons and type commands, and the app hears of it over a WebSocket."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

TEAM, APP = "T0TWINTEAM1", "A0TWINAPP01"
ANALYST, COLLEAGUE, STRANGER = "U0TWINANA01", "U0TWINCOL01", "U0TWINSTR01"
NAMES = {ANALYST: "anna", COLLEAGUE: "boris", STRANGER: "stranger"}


@dataclass(slots=True, kw_only=True)
class Envelope:
    """One envelope and what became of it. ``sent`` counts deliveries, ``acks`` the answers to them."""

    id: str
    kind: str
    payload: dict[str, Any]
    sent_at: float = 0.0
    acked_at: float | None = None
    sent: int = 0
    acks: int = 0

    @property
    def waited(self) -> float:
        """Seconds from its first delivery to its first acknowledgement; infinite when there is none."""
        return self.acked_at - self.sent_at if self.acked_at is not None else float("inf")


@dataclass(slots=True)
class Live:
    """The sockets of one app. Like Slack it sends an envelope to one of them, and again on another where that broke
    before the answer came.
    """

    app: str = APP
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What came to answer addresses."""
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: int = 0
    base: str = ""

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "connection_info": {"app_id": self.app}, "num_connections": 1})
        for envelope in list(self.envelopes.values()):
            if envelope.acked_at is None:
                await self._send(envelope)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(json.loads(message.data)["envelope_id"])
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
        return socket

    def _acked(self, envelope_id: str) -> None:
        envelope = self.envelopes[envelope_id]
        envelope.acks += 1
        envelope.acked_at = envelope.acked_at or time.monotonic()

    async def deliver(self, kind: str, payload: dict[str, Any], envelope_id: str = "") -> str:
        """Send an envelope, or one that exists once more; it waits where nobody listens."""
        envelope_id = envelope_id or secrets.token_hex(12)
        envelope = self.envelopes.setdefault(
            envelope_id, Envelope(id=envelope_id, kind=kind, payload=payload, sent_at=time.monotonic())
        )
        await self._send(envelope)
        return envelope_id

    async def _send(self, envelope: Envelope) -> None:
        for socket in reversed(self.sockets):
            if not socket.closed:
                frame = {"envelope_id": envelope.id, "type": envelope.kind, "payload": envelope.payload}
                try:
                    await socket.send_json({**frame, "accepts_response_payload": envelope.kind == "slash_commands"})
                except ConnectionError:
                    continue
                envelope.sent += 1
                return

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self.sockets):
            transport = socket._req.transport if socket._req is not None else None
            self.sockets.remove(socket)
            if transport is not None:
                transport.abort()

    async def recycle(self) -> None:
        """Announce that the connection will be replaced, and close it as soon as another one stands."""
        old = list(self.sockets)
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        while not [socket for socket in self.sockets if socket not in old]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for socket in old:
            await socket.close()

    def address(self, channel: str, user: str) -> str:
        """A new address for answers."""
        key = secrets.token_hex(8)
        self.addresses[key] = {"channel": channel, "user": user, "left": 5}
        return f"{self.base}/answers/{key}"

    async def answer(self, request: web.Request) -> web.Response:
        slot = self.addresses.get(request.match_info["key"])
        if slot is None or not slot["left"]:
            return web.Response(status=404, text="used_url")
        slot["left"] -= 1
        self.answers.append({**slot, **json.loads(await request.read())})
        return web.Response(text="ok")


def pressed(
    message: dict[str, Any], channel: str, value: str, user: str, *, ts: str, private: bool = False
) -> dict[str, Any]:
    """The payload of a press of the button or option with this ``value`` in ``message``."""
    block, element, option = next(
        (block, element, option)
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
        if isinstance(element, dict)
        for option in (element, *element.get("options", ()))
        if option.get("value") == value
    )
    action = {"action_id": element["action_id"], "block_id": block.get("block_id"), "type": element["type"]}
    action |= {"action_ts": ts} | ({"value": value} if option is element else {"selected_option": option})
    thread = {"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}
    return {
        "type": "block_actions",
        "user": {"id": user, "username": NAMES.get(user, user.lower()), "team_id": TEAM},
        "team": {"id": TEAM, "domain": "twin"},
        "api_app_id": APP,
        "container": {
            "type": "message",
            "message_ts": message.get("ts", ts),
            "channel_id": channel,
            "is_ephemeral": private,
            **thread,
        },
        "channel": {"id": channel, "name": channel.lower()},
        "trigger_id": secrets.token_hex(8),
        "actions": [action],
    }


def typed(text: str, channel: str, user: str) -> dict[str, Any]:
    """The payload of a slash command."""
    return {
        "command": "/watch",
        "text": text,
        "team_id": TEAM,
        "channel_id": channel,
        "user_id": user,
        "user_name": NAMES.get(user, user.lower()),
        "api_app_id": APP,
        "trigger_id": secrets.token_hex(8),
    }


def values_of(message: dict[str, Any]) -> Iterator[str]:
    """Every value that can be pressed in a message."""
    for block in message.get("blocks") or ():
        for element in block.get("elements", ()):
            for option in (element, *element.get("options", ())) if isinstance(element, dict) else ():
                if "value" in option:
                    yield option["value"]
