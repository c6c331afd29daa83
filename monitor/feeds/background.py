"""An event loop in a thread of its own, whose results a plain generator hands out as they are finished."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

DNS_THREADS = 32  # the default is a handful, and looking up a hundred hosts would wait in line
T = TypeVar("T")
TakeTurn = Callable[[], Awaitable[bool]]


def in_background(work: Callable[[TakeTurn, Callable[[T], None]], Awaitable[None]], *, ahead: int) -> Iterator[T]:
    """Run ``work(take_turn, finish)`` and yield what it gives to ``finish``.

    Before each piece ``work`` awaits ``take_turn()``, so that it is never more than ``ahead`` results further than
    the one who consumes them. Closing the generator cancels the work; what the work raises is raised here.
    """
    loop = asyncio.new_event_loop()
    finished: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
    turns = asyncio.Semaphore(ahead)

    async def run() -> None:
        await work(turns.acquire, lambda result: finished.put((result,)))

    task = loop.create_task(run())
    thread = threading.Thread(target=_run, args=(loop, task, finished.put), name="feeds", daemon=True)
    thread.start()
    try:
        while (item := finished.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            loop.call_soon_threadsafe(turns.release)
            yield item[0]
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()


def _run(
    loop: asyncio.AbstractEventLoop, task: asyncio.Task[None], put: Callable[[BaseException | None], None]
) -> None:
    executor = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")
    loop.set_default_executor(executor)
    try:
        loop.run_until_complete(task)
    except asyncio.CancelledError:
        pass
    except BaseException as error:  # it is raised again where the results are consumed
        put(error)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        executor.shutdown(wait=False, cancel_futures=True)
        put(None)
