"""Parse workers end with their owner, whatever happens to it."""

import asyncio
import gc
from contextlib import suppress

from monitor.feeds.workers import ParseWorkers

BODY = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


def test_an_owner_that_is_cancelled_while_it_stops_leaves_no_process_behind() -> None:
    async def stop_half_way() -> None:
        workers = ParseWorkers(2, timeout=10.0)
        await asyncio.gather(*(workers.parse(BODY, url="http://a.example/", content_type="") for _ in range(2)))
        stopping = asyncio.create_task(workers.__aexit__())
        await asyncio.sleep(0)
        stopping.cancel()
        with suppress(asyncio.CancelledError):
            await stopping

    asyncio.run(stop_half_way())
    gc.collect()  # a process that nobody waited for warns here, and a warning is an error


def test_a_parse_that_is_cancelled_twice_leaves_no_process_behind() -> None:
    async def cancel_twice() -> None:
        async with ParseWorkers(1, timeout=10.0) as workers:
            await workers.parse(BODY, url="http://a.example/", content_type="")
            parsing = asyncio.create_task(workers.parse(BODY, url="http://a.example/", content_type=""))
            for _ in range(2):
                await asyncio.sleep(0)
                parsing.cancel()
            with suppress(asyncio.CancelledError):
                await parsing

    asyncio.run(cancel_twice())
    gc.collect()
