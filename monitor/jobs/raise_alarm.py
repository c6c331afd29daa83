"""Bad news -> the log and the alarm channel, once an incident; and that it is over, once.

The runs of ``alarm`` in the store are the memory. Of a store that fails, the alarm channel itself is.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor import log
from monitor.core.digest import Message
from monitor.errors import MonitorError
from monitor.slack import render_alarm
from monitor.store import Connection, Store, runs

AGAIN_AFTER = timedelta(hours=6)  # of an alarm without an incident
QUIET = timedelta(minutes=20)  # so long nothing of an incident must have failed before it counts as over
STORE_KEY = "alarm/store"
REMEMBERED = 50  # alarms that are looked through
LOOK_BACK = timedelta(days=2)  # into the channel


class Poster(Protocol):
    """What posts a message and finds it again: monitor.slack's clients."""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        """Post and return the ts."""

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None:
        """The ts of the newest message with this key, or None."""


def raise_alarm(
    store: Store,
    post: Poster | None,
    channel: str,
    title: str,
    lines: Sequence[str],
    *,
    about: str,
    now: datetime,
    word: str = "ALARM",
    incident: str = "",
    details: Sequence[str] = (),
) -> bool:
    """Tell of it, the same ``about`` (numbers in it aside) once; False when it was told before.

    With an ``incident`` that is once until ``end_incident``, else once in AGAIN_AFTER. Without Slack the log has it,
    as the event ``word``. When Slack fails that is said there, and the next time it is tried again: an alarm never
    raises what Slack raised. ``details`` are further lines, with titles of articles in them: they are for the channel.
    """
    key = hashlib.sha256(re.sub(r"\d+", "0", about).encode()).hexdigest()[:16]
    with store.alone("alarms"):
        with store.write() as connection:
            before = next((run for run in _alarms(connection) if _is_same(run, key, now)), None)
            if before is not None and before.state == "success":
                return False
            run_id = before.id if before is not None else runs.start_run(connection, "alarm", now=now)
            counts: dict[str, Any] = {"key": key, "title": title, "incident": incident, "channel": channel}
            counts["lines"] = [*lines, *details]
            runs.note_counts(connection, run_id, counts)
        # Whoever began to tell it may have died after Slack took it.
        ts = _find(post, channel, f"alarm/{key}", since=before.started_at) if before is not None else None
        if ts is None:
            ts = _tell(post, channel, title, lines, details, key=f"alarm/{key}", word=word)
        with store.write() as connection:
            error = "Slack was not told" if ts is None else ""
            runs.finish_run(connection, run_id, now=now, counts={**counts, "ts": ts}, error=error)
    return True


def end_incident(store: Store, post: Poster | None, channel: str, incident: str, *, now: datetime) -> None:
    """Tell that an incident is over, if one was told and no run of the job with its name failed for QUIET."""
    with store.read() as connection:
        if not _open(_alarms(connection), incident) or _fails(connection, now, job=incident):
            return
    with store.alone("alarms"):
        with store.read() as connection:
            over = _open(_alarms(connection), incident)
        for run in over:
            lines = [f"{run.counts['title']}: told on {run.started_at:%Y-%m-%d at %H:%M} UTC, and over now."]
            key = f"alarm/{run.counts['key']}/over/{run.id}"
            if _find(post, channel, key, since=run.started_at) is None:
                _tell(post, channel, f"{incident} works again", lines, key=key, word="OVER")
            with store.write() as connection:
                runs.note_counts(connection, run.id, {**run.counts, "over": True})


def raise_store_alarm(post: Poster | None, channel: str, lines: Sequence[str], *, now: datetime) -> bool:
    """Tell that the store fails, once until ``end_store_alarm``, whichever job meets it and wherever that runs.

    Only a bot token can look into the channel; with a webhook it is told each time.
    """
    if _store_alarm_stands(post, channel, now):
        return False
    return _tell(post, channel, "The store fails", lines, key=STORE_KEY, word="ALARM") is not None


def end_store_alarm(store: Store, post: Poster | None, channel: str, *, now: datetime) -> None:
    """Tell that the store works again, if it was told that it fails, and no run failed of it for QUIET."""
    if _store_alarm_stands(post, channel, now):
        with store.read() as connection:
            if _fails(connection, now, error=store.url):
                return
        lines = ["Every job goes on where it was."]
        _tell(post, channel, "The store works again", lines, key=f"{STORE_KEY}/over", word="OVER")


def _store_alarm_stands(post: Poster | None, channel: str, now: datetime) -> bool:
    raised = _find(post, channel, STORE_KEY, since=now - LOOK_BACK)
    over = _find(post, channel, f"{STORE_KEY}/over", since=now - LOOK_BACK) if raised else None
    return raised is not None and (over is None or float(over) < float(raised))


def _alarms(connection: Connection) -> list[runs.Run]:
    return runs.last_runs(connection, job="alarm", limit=REMEMBERED)


def _is_same(run: runs.Run, key: str, now: datetime) -> bool:
    if run.counts.get("key") != key or run.counts.get("over"):
        return False
    return bool(run.counts.get("incident")) or abs(now - run.started_at) < AGAIN_AFTER


def _open(alarms: Iterable[runs.Run], incident: str) -> list[runs.Run]:
    return [run for run in alarms if run.counts.get("incident") == incident and not run.counts.get("over")]


def _fails(connection: Connection, now: datetime, *, job: str = "", error: str = "") -> bool:
    last = runs.last_runs(connection, job=job, limit=REMEMBERED)
    failed = (run for run in last if run.state == "failed" and run.error.startswith(error))
    return any(abs(now - run.started_at) < QUIET for run in failed)


def _tell(
    post: Poster | None,
    channel: str,
    title: str,
    lines: Sequence[str],
    details: Sequence[str] = (),
    *,
    key: str,
    word: str,
) -> str | None:
    """The ts of the message; empty where there is no Slack, None when Slack was not told."""
    (log.error if word == "ALARM" else log.info)(word.lower(), title=title, lines=list(lines))
    log.debug("alarm_details", title=title, lines=list(details))
    if post is None or not channel:
        return ""
    try:
        return post.post(channel, render_alarm(title, [*lines, *details]), key=key)
    except MonitorError as error:
        log.error("alarm_not_told", title=title, error=str(error))
        return None


def _find(post: Poster | None, channel: str, key: str, *, since: datetime) -> str | None:
    """The ts of the message with this key, if there is a channel, and it can be looked into."""
    if post is None or not channel:
        return None
    try:
        return post.find(channel, key, since=since)
    except MonitorError:
        return None
