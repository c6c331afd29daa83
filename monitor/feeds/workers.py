"""The parse workers of one process: plain subprocesses, started when needed, killed one by one.

Not multiprocessing: Celery's daemonic workers may have no such children.
"""

import asyncio
import json
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Self

from monitor.feeds.document import DocumentState, ParsedDocument, unpack_document
from monitor.feeds.worker import RETIRES

PIPE_BUFFER = 1 << 20
GRACE_SECONDS = 2.0


class ParseWorkers:
    """At most ``count`` processes; each document has ``timeout`` seconds. One that dies takes one document with it."""

    def __init__(self, count: int, timeout: float) -> None:
        self._timeout = timeout
        self._slots: asyncio.Queue[Process | None] = asyncio.Queue()
        for _ in range(count):
            self._slots.put_nowait(None)
        self._running: set[Process] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        # Whoever cancels us must not leave a process behind that nobody waits for.
        stopping = asyncio.gather(*(self._stop(process) for process in self._running))
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            await stopping
            raise

    async def parse(self, body: bytes, *, url: str, content_type: str, selector: str = "") -> ParsedDocument:
        """Parse one document in a worker; TIMEOUT and CRASHED are states like any other."""
        process = await self._slots.get()
        try:
            if process is None or process not in self._running:
                process = await self._start()
            try:
                async with asyncio.timeout(self._timeout):
                    header = {"url": url, "content_type": content_type, "selector": selector}
                    answer = await _exchange(process, header, body)
                if answer[:1] == RETIRES:
                    await self._stop(process)
                return unpack_document(answer[1:])
            except TimeoutError:
                await self._kill(process)
                return ParsedDocument(
                    state=DocumentState.TIMEOUT, problem=f"parsing it took more than {self._timeout:g} s"
                )
            except (asyncio.IncompleteReadError, ConnectionError):
                await self._kill(process)
                return ParsedDocument(state=DocumentState.CRASHED, problem="the parser died of it")
            except asyncio.CancelledError:
                await self._kill(process)
                raise
        finally:
            self._slots.put_nowait(process)

    async def _start(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.feeds.worker", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=PIPE_BUFFER
        )
        self._running.add(process)
        return process

    async def _kill(self, process: Process) -> None:
        if process.returncode is None:
            process.kill()
        await self._stop(process)

    async def _stop(self, process: Process) -> None:
        assert process.stdin is not None  # noqa: S101  (it was started with a pipe)
        process.stdin.close()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        self._running.discard(process)  # only now: a stop that is cancelled is done again at the end


async def _exchange(process: Process, job: dict[str, str], body: bytes) -> bytes:
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    header = json.dumps(job).encode()
    process.stdin.write(b"".join((struct.pack(">I", len(header)), header, struct.pack(">I", len(body)), body)))
    await process.stdin.drain()
    (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
    return await process.stdout.readexactly(length)
