"""Parse workers end with their owner, whatever happens to it."""

import asyncio
import gc
from contextlib import suppress

from monitor.feeds.document import DocumentState
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


def test_a_document_that_takes_too_long_or_kills_its_parser_costs_that_document_only() -> None:
    async def three() -> list[DocumentState]:
        async with ParseWorkers(1, timeout=0.001) as workers:
            states = [(await workers.parse(BODY, url="", content_type="")).state]
            workers._timeout = 20.0
            dying = asyncio.create_task(workers.parse(BODY, url="", content_type=""))
            while not workers._running:  # noqa: ASYNC110  (it has no event to wait for)
                await asyncio.sleep(0.001)
            next(iter(workers._running)).kill()
            states.append((await dying).state)
            states.append((await workers.parse(BODY, url="", content_type="")).state)
            return states

    assert asyncio.run(three()) == [DocumentState.TIMEOUT, DocumentState.CRASHED, DocumentState.EMPTY]
