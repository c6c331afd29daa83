"""What people press and type in Slack -> the queue in the store; a second thread works it off."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Event, Thread
from typing import Any, Protocol

from monitor import log
from monitor.core.click import Click
from monitor.errors import MonitorError, StoreError
from monitor.store import Store, clicks, runs

BEAT_SECONDS = 10.0
IDLE_SECONDS = 5.0  # how long what Slack delayed waits, and what another listener left


class App(Protocol):
    """What hears of clicks: monitor.slack.SlackApp."""

    @property
    def connected(self) -> bool:
        """Does a connection stand?"""

    @property
    def ignored(self) -> int:
        """How much came that was no click of our people."""

    def clicks(self, stop: Event) -> Iterator[tuple[Click, ...]]:
        """Clicks as they come; they count as kept when the next are asked for."""


def listen(
    store: Store, app: App, work: Callable[[], Mapping[str, int]], *, stop: Event, clock: Callable[[], datetime]
) -> dict[str, Any]:
    """Queue clicks until ``stop``, and let ``work`` act on them; returns counts.

    ``work`` is done by one process at a time. While the store does not answer, clicks wait in memory. Raises what
    ends the listening: a token that Slack refuses, or what ``work`` did not expect.
    """
    with store.write() as connection:
        run_id = runs.start_run(connection, "listen", now=clock())
    woken, failures = Event(), list[BaseException]()
    woken.set()  # for what is in the queue already
    worker = Thread(target=_work, args=(store, work, woken, stop, failures), name="clicks")
    worker.start()
    counts: dict[str, Any] = {"clicks": 0}
    try:
        _queue(store, app, counts, run_id, woken, stop, clock)
    except BaseException as error:
        failures.append(error)
    stop.set()
    woken.set()
    worker.join()
    reason = (str(failures[0]) or type(failures[0]).__name__) if failures else ""
    with store.write() as connection:
        runs.finish_run(connection, run_id, now=clock(), counts=counts, error=reason)
    if failures:
        raise failures[0]
    return counts


def _queue(
    store: Store,
    app: App,
    counts: dict[str, Any],
    run_id: int,
    woken: Event,
    stop: Event,
    clock: Callable[[], datetime],
) -> None:
    waiting: list[Click] = []
    beat_at = 0.0
    for batch in app.clicks(stop):
        waiting += batch
        counts["clicks"] += len(batch)
        try:
            if waiting:
                with store.write() as connection:
                    clicks.add_clicks(connection, waiting)
                waiting.clear()
                woken.set()
            if time.monotonic() >= beat_at:
                counts |= {
                    "ignored": app.ignored,
                    "connected": app.connected,
                    "at": clock().isoformat(timespec="seconds"),
                }
                with store.write() as connection:
                    runs.note_counts(connection, run_id, counts)
                beat_at = time.monotonic() + BEAT_SECONDS
        except StoreError as error:
            log.error("clicks_wait_in_memory", clicks=len(waiting), error=str(error))


def _work(
    store: Store, work: Callable[[], Mapping[str, int]], woken: Event, stop: Event, failures: list[BaseException]
) -> None:
    """Work whenever there is something, and now and then all the same; at the end once more."""
    try:
        while True:
            woken.wait(IDLE_SECONDS)
            woken.clear()
            ending = stop.is_set()
            while _work_once(store, work) and not stop.is_set():
                pass
            if ending:
                return
    except BaseException as error:
        failures.append(error)
        stop.set()


def _work_once(store: Store, work: Callable[[], Mapping[str, int]]) -> bool:
    """True when there may be more to do at once."""
    try:
        with store.alone("clicks", patience=0) as alone:
            done = work() if alone else {}
    except MonitorError as error:
        log.error("clicks_wait", error=str(error))
        return False
    return bool(done.get("done") or done.get("refused"))
