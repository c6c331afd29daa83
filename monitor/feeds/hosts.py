"""Politeness: how many requests a host gets at a time, and how far apart."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

from yarl import URL

from monitor.core.feed import FetchRequest


def host_of(url: str) -> str:
    """The host that a URL leads to, lower case; empty when it has none."""
    try:
        return (URL(url).host or "").lower()
    except ValueError:
        return ""


class HostGaps:
    """Keeps requests to one host at least ``gap`` seconds apart, whoever makes them."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._free_at: dict[str, float] = {}

    async def wait(self, host: str) -> None:
        """Reserve the next start of a request to ``host`` and return when it is there."""
        if self._gap <= 0:
            return
        now = asyncio.get_running_loop().time()
        start = max(now, self._free_at.get(host, 0.0))
        self._free_at[host] = start + self._gap
        await asyncio.sleep(start - now)

    @asynccontextmanager
    async def enter(self, host: str, slots: asyncio.Semaphore) -> AsyncIterator[None]:
        """Hold one of ``slots`` from a moment at which a request to ``host`` may start.

        A slot is not held while waiting for the host; and having waited for a slot, the host is looked at again, or
        requests whose turns came long ago would start together when slots become free.
        """
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(max(self._free_at.get(host, 0.0) - clock(), 0.0))
            await slots.acquire()
            if self._gap <= 0 or self._free_at.get(host, 0.0) <= clock():
                break
            slots.release()
        self._free_at[host] = clock() + self._gap
        try:
            yield
        finally:
            slots.release()


def lanes(requests: Sequence[FetchRequest], per_host: int) -> Iterator[deque[FetchRequest]]:
    """The queue of each lane: a host has at most ``per_host`` lanes, all on one queue.

    A request that hangs holds its own lane; the other lanes go on with the host's queue.
    """
    by_host: dict[str, deque[FetchRequest]] = defaultdict(deque)
    for request in requests:
        by_host[host_of(request.feed.url)].append(request)
    for queue in by_host.values():
        for _ in range(min(per_host, len(queue))):
            yield queue
