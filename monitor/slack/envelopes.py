"""Socket Mode: envelopes as they arrive over WebSockets that we open, and their acknowledgement within three seconds.

Read with aiohttp: the SDK's built-in client notices a cut after seconds and drops what is unread in a connection that
Slack replaces (docs/adr/0012). Protocol: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from monitor import log
from monitor.errors import DeliveryDelayedError, DeliveryError, MonitorError

ACK_SECONDS = 2.0  # of Slack's three; by then the person must not see an error because our store is slow
PING_SECONDS = 10.0
RETIRED_SECONDS = 60.0  # how long a connection that Slack recycles is still read
LONGEST_WAIT = 30.0
FIRST_WAIT = 0.1
BATCH = 500
LARGEST_CLICK = 1024 * 1024  # characters; a message of ours that comes back with a click is a fraction of it
LARGEST_FRAME = 32 * LARGEST_CLICK  # bytes; beyond it the connection ends, and Slack would send the frame again


@dataclass(slots=True, kw_only=True)
class Envelope:
    """What Slack sent in one frame: ``kind`` is interactive or slash_commands, ``payload`` what a person did."""

    id: str
    kind: str
    payload: Mapping[str, Any]
    socket: ClientWebSocketResponse
    acknowledged: bool = False


@dataclass(slots=True)
class Envelopes:
    """``for batch in Envelopes(open_url).batches(stop)``: a batch counts as kept, and is acknowledged, when the next
    one is asked for.

    What its taker has not kept after ACK_SECONDS is acknowledged all the same and stays the taker's to keep.
    ``open_url`` asks Slack for an address, once a connection; it may raise our delivery errors.
    """

    open_url: Callable[[], str]
    app_id: str = ""
    """The app that Slack greeted, once it has."""
    connections: int = 0
    _arrived: "SimpleQueue[Envelope | MonitorError]" = field(default_factory=SimpleQueue)
    _unsent: list[Envelope] = field(default_factory=list)
    _newest: ClientWebSocketResponse | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _greeted: bool = False

    def batches(self, stop: Event, *, tick: float = 0.2) -> Iterator[tuple[Envelope, ...]]:
        """Everything that arrived since the last time; nothing after ``tick`` seconds without any, until ``stop``.

        Raises DeliveryError when Slack refuses us for good. Reconnects by itself from everything else.
        """
        stopping = Event()
        thread = Thread(target=lambda: asyncio.run(self._listen(stopping)), name="socket-mode", daemon=True)
        thread.start()
        try:
            while True:
                ending = stop.is_set()
                batch = self._next(0.0 if ending else tick)
                if ending and not batch:
                    return
                yield batch
                self._from_elsewhere(batch)
        finally:
            stopping.set()
            thread.join()

    def _next(self, wait: float) -> tuple[Envelope, ...]:
        batch: list[Envelope] = []
        with contextlib.suppress(Empty):
            while len(batch) < BATCH:
                arrived = self._arrived.get(timeout=wait) if wait and not batch else self._arrived.get_nowait()
                if isinstance(arrived, MonitorError):
                    raise arrived
                batch.append(arrived)
        return tuple(batch)

    def _from_elsewhere(self, batch: Iterable[Envelope]) -> None:
        """Acknowledge from another thread."""
        held = tuple(batch)
        if held and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is over
                asyncio.run_coroutine_threadsafe(self._acknowledge(held), self._loop)

    async def _listen(self, stopping: Event) -> None:
        """Hold one connection, and the old one too while Slack replaces it."""
        self._loop = asyncio.get_running_loop()
        lines: set[asyncio.Task[None]] = set()
        failures = 0
        async with ClientSession(trust_env=True) as session:
            while not stopping.is_set():
                self._greeted = False
                renew = asyncio.Event()
                line = asyncio.create_task(self._hold(session, renew))
                lines.add(line)
                line.add_done_callback(lines.discard)
                await _until(renew, stopping)
                failures = 0 if self._greeted else failures + 1
                if failures:
                    await _until(asyncio.Event(), stopping, min(LONGEST_WAIT, FIRST_WAIT * 2**failures))
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)

    async def _hold(self, session: ClientSession, renew: asyncio.Event) -> None:
        """Read one connection to its end. ``renew`` asks for the next one: then, and when Slack announces it."""
        try:
            url = await asyncio.to_thread(self.open_url)
            async with session.ws_connect(url, heartbeat=PING_SECONDS, max_msg_size=LARGEST_FRAME) as socket:
                self.connections += 1
                try:
                    async for message in socket:
                        if message.type is WSMsgType.TEXT:
                            await self._take(socket, message.data, renew)
                finally:
                    self.connections -= 1
        except DeliveryDelayedError as error:
            _say(f"Slack gives no connection at the moment: {error}")
            await asyncio.sleep(min(LONGEST_WAIT, error.retry_after))
        except DeliveryError as error:
            self._arrived.put(error)
        except (ClientError, OSError, TimeoutError) as error:
            _say(f"the connection broke: {str(error) or type(error).__name__}")
        finally:
            renew.set()

    async def _take(self, socket: ClientWebSocketResponse, text: str, renew: asyncio.Event) -> None:
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            return
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "hello":
            self._greeted, self._newest = True, socket
            self.app_id = str((frame.get("connection_info") or {}).get("app_id") or "")
            unsent, self._unsent = self._unsent, []
            await self._acknowledge(unsent)
        elif kind == "disconnect":  # Slack goes on sending here until the new connection stands
            line = asyncio.current_task()
            if line is not None:
                asyncio.get_running_loop().call_later(RETIRED_SECONDS, line.cancel)
            renew.set()
        elif isinstance(kind, str) and isinstance(frame.get("envelope_id"), str):
            payload = frame.get("payload") if len(text) <= LARGEST_CLICK else None  # acknowledged, and nobody's click
            envelope = Envelope(
                id=frame["envelope_id"], kind=kind, payload=payload if isinstance(payload, dict) else {}, socket=socket
            )
            self._arrived.put(envelope)
            asyncio.get_running_loop().call_later(ACK_SECONDS, self._remind, envelope)

    def _remind(self, envelope: Envelope) -> None:
        if not envelope.acknowledged:
            asyncio.ensure_future(self._acknowledge((envelope,)))  # noqa: RUF006  (short, and nobody waits for it)

    async def _acknowledge(self, envelopes: Iterable[Envelope]) -> None:
        """Where the envelope came from; where that is gone, on the newest connection, or the next."""
        for envelope in envelopes:
            if envelope.acknowledged:
                continue
            envelope.acknowledged = True
            for socket in dict.fromkeys((envelope.socket, self._newest)):
                if socket is None or socket.closed:
                    continue
                with contextlib.suppress(ClientError, OSError):
                    await socket.send_json({"envelope_id": envelope.id})
                    break
            else:
                envelope.acknowledged = False
                self._unsent.append(envelope)


async def _until(asked: asyncio.Event, stopping: Event, seconds: float = math.inf) -> None:
    """Wait until it is asked for, the time is over, or all ends."""
    end = time.monotonic() + seconds
    while not asked.is_set() and not stopping.is_set() and time.monotonic() < end:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), FIRST_WAIT)


def _say(line: str) -> None:
    log.warning("listener_troubled", error=line)
