"""Is the news late? One message when it begins to be, one when it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import log
from monitor.core.condition import WHY_SLOW
from monitor.core.freshness import GRACE, OBJECTIVE, Freshness, assess, overdue_feeds
from monitor.settings import Settings
from monitor.slack import render_alarm
from monitor.store import Store, feeds, lags, outbox, runs

WINDOW = timedelta(hours=1)
FEW = 3  # late ones in an hour that are no incident: of a handful of entries one is more than 5 %
MESSAGES_OF = "@freshness"  # in the outbox; no digest of a config can have this id
MEMORY = "freshness"  # in the runs: the last one tells whether an incident is open
REMEMBERED = 20  # looked through for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What changed: ``began`` or ended, and what people are told."""

    began: bool
    title: str
    lines: tuple[str, ...]


def watch_freshness(store: Store, settings: Settings, *, channel: str, now: datetime) -> Incident | None:
    """Look at the last hour, and tell ``channel`` once when the objective begins to be missed and once when it is met.

    What is remembered and the message are stored in one transaction; the message goes out with the digests, as soon as
    Slack takes it. Without a channel the log alone has it. None while nothing changes.
    """
    with store.alone(MEMORY, patience=0) as alone:
        if not alone:
            return None
        found = _look(store, settings, now)
        with store.write() as connection:
            # The one that was written last: a clock that was ahead dates others after it.
            last = max(runs.last_runs(connection, job=MEMORY, limit=REMEMBERED), key=lambda run: run.id, default=None)
            since = last.started_at if last is not None and last.counts["missed"] else None
            incident = _change(found, since, now)
            if incident is None:
                return None
            run_id = runs.start_run(connection, MEMORY, now=now)
            counts = {"missed": int(incident.began), "slow": found.slowest}
            runs.finish_run(connection, run_id, now=now, counts=counts)
            if channel:
                outbox.put(connection, MESSAGES_OF, now, channel, [render_alarm(incident.title, incident.lines)])
    if incident.began:
        log.error("freshness_missed", slow=found.slowest, lines=incident.lines)
    else:
        log.info("freshness_met", lines=incident.lines)
    return incident


def _look(store: Store, settings: Settings, now: datetime) -> Freshness:
    intervals = {feed.id: feed.interval for feed in settings.feeds if feed.enabled}
    ledgers = [*(spec.id for spec in settings.digests), *(spec.ledger for spec in settings.alerts)]
    with store.read() as connection:
        entries = lags.entry_waits(connection, since=now - WINDOW, now=now)
        messages = lags.message_waits(connection, ledgers, since=now - WINDOW, now=now)
        overdue = overdue_feeds(intervals, feeds.load_states(connection), now)
    return assess(entries, messages, intervals, window=WINDOW, overdue=overdue)


def _change(found: Freshness, since: datetime | None, now: datetime) -> Incident | None:
    if since is None and not found.met and found.late > FEW:
        return Incident(began=True, title="News is late", lines=(*_figures(found), WHY_SLOW[found.slowest]))
    if since is not None and found.met:
        minutes = max(round((now - since).total_seconds() / 60), 0)
        return Incident(
            began=False, title="News is in time again", lines=(*_figures(found), f"It was late for {minutes} min.")
        )
    return None


def _figures(found: Freshness) -> Iterator[str]:
    if found.share is not None:
        yield (
            f"In the last hour {found.share:.0%} of {found.entries} entries were decided within one poll interval of "
            f"their feed and {GRACE:.0f} s; the objective is {OBJECTIVE:.0%}."
        )
    if found.slow.get("slack"):
        yield f"Slack took {found.slack_share:.0%} of {found.messages} messages within {GRACE:.0f} s."
    if found.overdue:
        yield f"{found.overdue} of {found.feeds} feeds are overdue for a poll."
    if late := {step: count for step, count in found.slow.items() if count}:
        yield "Late by step: " + ", ".join(f"{step} {count}" for step, count in late.items()) + "."
