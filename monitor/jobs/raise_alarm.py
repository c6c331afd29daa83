"""Bad news -> the log and the alarm channel, once."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor import log
from monitor.core.digest import Message
from monitor.errors import MonitorError
from monitor.slack import render_alarm
from monitor.store import Store, runs

AGAIN_AFTER = timedelta(hours=6)
REMEMBERED = 50  # alarms that are looked through


class Poster(Protocol):
    """What posts a message: monitor.slack.SlackClient."""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        """Post and return the ts."""


def raise_alarm(
    store: Store | None,
    post: Poster | None,
    channel: str,
    title: str,
    lines: Sequence[str],
    *,
    about: str,
    now: datetime,
    word: str = "ALARM",
    details: Sequence[str] = (),
) -> bool:
    """Tell of it, the same ``about`` at most once in AGAIN_AFTER; False when it was told before.

    The runs of ``alarm`` in the store are the memory; without a store it is told each time. Without Slack the log has
    it, as the event ``word``, and when Slack fails too, that is said there: an alarm never raises what Slack raised.
    ``details`` are further lines, with titles of articles in them: they are for the channel.
    """
    key = hashlib.sha256(about.encode()).hexdigest()[:16]
    if store is not None:
        with store.write() as connection:
            told = runs.last_runs(connection, job="alarm", limit=REMEMBERED)
            if any(run.counts.get("key") == key and run.started_at > now - AGAIN_AFTER for run in told):
                return False
            run_id = runs.start_run(connection, "alarm", now=now)
            runs.finish_run(connection, run_id, now=now, counts={"key": key, "title": title})
    (log.error if word == "ALARM" else log.info)(word.lower(), title=title, lines=list(lines))
    log.debug("alarm_details", title=title, lines=list(details))
    if post is not None and channel:
        try:
            post.post(channel, render_alarm(title, [*lines, *details]), key=f"alarm/{key}/{now.isoformat()}")
        except MonitorError as error:
            log.error("alarm_not_told", title=title, error=str(error))
    return True
