"""Reading a body: unpacked as it comes, never more than allowed, and known to be whole or not."""

import asyncio
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from aiohttp import ClientResponse

CHUNK = 64 * 1024
SMALL_BODY = 1024 * 1024  # bodies beyond this take turns, so that a few large ones cannot fill the memory
GZIP, ZLIB, RAW = 31, 15, -15  # zlib's window bits
_GZIP_MAGIC = b"\x1f\x8b"


class BodyError(Exception):
    """A body that cannot be used. Its text is fit to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was read, unpacked. ``complete`` is False when the packed stream ended too early."""

    data: bytes
    complete: bool


class _Unpacker:
    """Unpacks gzip or deflate piece by piece into at most ``limit`` bytes."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._gzip = encoding == "gzip"
        self._limit = limit
        self._inflate = zlib.decompressobj(GZIP) if self._gzip else None
        self._parts: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take the next packed piece. Raises BodyError when it is not packed as declared, or unpacks to too much."""
        while data:
            if self._inflate is None:  # servers disagree on what deflate is: with or without the zlib header
                self._inflate = zlib.decompressobj(ZLIB if data[0] & 0x0F == 8 else RAW)
            if self._inflate.eof:
                if not (self._gzip and data.startswith(_GZIP_MAGIC)):
                    return  # padding after the end
                self._inflate = zlib.decompressobj(GZIP)
            try:
                self._add(self._inflate.decompress(data, self._limit + 1 - self.size))
            except zlib.error as error:
                raise BodyError(
                    f"the body is not the {'gzip' if self._gzip else 'deflate'} it says it is; tell the outlet"
                ) from error
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail

    def _add(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._limit:
            raise BodyError(_too_large(self._limit))
        self._parts.append(data)

    def finish(self) -> Body:
        """What came, and whether the stream reached its end."""
        complete = self._inflate is None or self._inflate.eof
        if self._inflate is not None and not complete:
            self._add(self._inflate.flush())
        return Body(data=b"".join(self._parts), complete=complete)


class _Plain:
    """The same for a body that is not packed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take the next piece; BodyError when it is too much."""
        self.size += len(data)
        if self.size > self._limit:
            raise BodyError(_too_large(self._limit))
        self._parts.append(data)

    def finish(self) -> Body:
        """What came."""
        return Body(data=b"".join(self._parts), complete=True)


class Turn:
    """One reader's turn to hold a large body; ``turns`` are shared by all, ``clock`` stands still while waiting."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._held = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._held:
            self._turns.release()

    async def take(self, clock: asyncio.Timeout) -> None:
        """Wait for the turn, once; nobody reads from the server meanwhile, so nothing piles up."""
        if not self._held:
            with stopped(clock):
                await self._turns.acquire()
            self._held = True


@contextmanager
def stopped(clock: asyncio.Timeout) -> Iterator[None]:
    """Waiting for others does not count against the time of a fetch."""
    loop, deadline = asyncio.get_running_loop(), clock.when()
    start = loop.time()
    clock.reschedule(None)
    try:
        yield
    finally:
        if deadline is not None:
            clock.reschedule(deadline + loop.time() - start)


async def read_body(
    response: ClientResponse, *, max_compressed: int, max_body: int, turn: Turn, clock: asyncio.Timeout
) -> Body:
    """Read and unpack the body of ``response`` (opened with ``auto_decompress=False``).

    Raises BodyError; what aiohttp raises for a broken connection is left to the caller.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower().removeprefix("x-")
    if encoding not in {"", "identity", "gzip", "deflate"}:
        raise BodyError(f'the body is packed as "{encoding}", which we did not ask for')
    declared = response.content_length or 0
    if declared > (max_compressed if encoding in {"gzip", "deflate"} else max_body):
        raise BodyError(_too_large(max_body))
    unpacker = _Unpacker(encoding, max_body) if encoding in {"gzip", "deflate"} else _Plain(max_body)
    received = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        received += len(chunk)
        if received > max_compressed and isinstance(unpacker, _Unpacker):
            raise BodyError(_too_large(max_compressed))
        unpacker.feed(chunk)
        if unpacker.size > SMALL_BODY:
            await turn.take(clock)
    body = unpacker.finish()
    return _unpack_file(body, max_body) if body.data.startswith(_GZIP_MAGIC) else body


def _unpack_file(body: Body, limit: int) -> Body:
    """A file that is itself gzip, such as ``sitemap.xml.gz``."""
    inner = _Unpacker("gzip", limit)
    inner.feed(body.data)
    unpacked = inner.finish()
    return Body(data=unpacked.data, complete=body.complete and unpacked.complete)


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit / 1024 / 1024:g} MB; look for a smaller feed of this outlet"
