"""The store -> how the monitor is: runs, lags, freshness, queues, feeds, digests, the model; what is wrong.

The one place where these facts are put together: the terminal, Slack and the metrics show the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.core.article import READ_WITHIN
from monitor.core.assess import coverage
from monitor.core.compose import takes, without
from monitor.core.condition import troubles_of
from monitor.core.cuts import next_cut
from monitor.core.digest import AlertSpec
from monitor.core.feed import FeedState, Health
from monitor.core.freshness import (
    OBJECTIVE,
    STEPS,
    Freshness,
    assess,
    measured,
    overdue_feeds,
    quantile,
)
from monitor.core.pace import RUN, is_quiet
from monitor.settings import Settings
from monitor.store import (
    Connection,
    Store,
    alerts,
    articles,
    clicks,
    decisions,
    digests,
    feeds,
    labels,
    lags,
    models,
    mutes,
    outbox,
    runs,
)

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
HELD_FOR = timedelta(days=4)  # over a long weekend; what is older goes out no more
JOBS = (
    "ingest_feeds",
    "read_articles",
    "classify_articles",
    "send_alerts",
    "send_digests",
    "train_classifier",
    "audit_coverage",
    "review_articles",
    "report_week",
    "listen",
    "alarm",
)


def report_status(
    store: Store, settings: Settings, problems: Sequence[str] = (), *, now: datetime, whole: bool = True
) -> dict[str, Any]:
    """Plain data for people and machines; times are ISO 8601 in UTC, durations in seconds.

    ``problems`` are those of the config. What it costs has the bound of a day, but for the number of all articles that
    are stored; who asks every few seconds leaves it out (``whole``).
    """
    with store.read() as connection:
        states = feeds.load_states(connection)
        seen = coverage(settings.feeds, states, now)
        intervals = {feed.id: feed.interval for feed in settings.feeds if feed.enabled}
        overdue = overdue_feeds(intervals, states, now)
        report = {
            "at": _iso(now),
            "store": store.url,
            "coverage": {"enabled": seen.enabled, "seen": seen.seen, "troubles": list(seen.troubles)},
            "feeds": count_feeds(settings, states),
            "notes": dict(Counter(note for id_ in intervals if id_ in states for note in states[id_].notes)),
            "overdue": overdue,
            "articles": {
                "stored": articles.estimate_articles(connection) if whole else None,
                "last_24_h": articles.count_articles(connection, since=now - DAY),
                "undecided": articles.count_undecided(connection),
            },
            "last_24_h": decisions.count_decisions(connection, after=now - DAY, until=now),
            **_waits(connection, settings, intervals, overdue, now),
            "queues": _queues(connection, settings, now),
            "model": _model(connection, now),
            "runs": _runs(connection, now),
            "failed_24_h": runs.count_failed(connection, JOBS, since=now - DAY),
            **_told(connection, settings, now),
            "muted": [
                {"outlet": mute.outlet, "until": _iso(mute.until), "by": mute.name}
                for mute in mutes.mutes_at(connection, now)
            ],
            "config_problems": list(problems),
        }
    return report | {"troubles": [{"what": what, "advice": advice} for what, advice in troubles_of(report)]}


def count_feeds(settings: Settings, states: dict[str, FeedState]) -> dict[str, int]:
    """Numbers of feeds by health; those that are switched off apart."""
    counts = Counter(
        states[feed.id].health.value if feed.id in states else Health.NEW.value
        for feed in settings.feeds
        if feed.enabled
    )
    disabled = sum(not feed.enabled for feed in settings.feeds)
    return dict(counts) | ({"disabled": disabled} if disabled else {})


def _waits(
    connection: Connection,
    settings: Settings,
    intervals: Mapping[str, timedelta],
    overdue: int,
    now: datetime,
) -> dict[str, Any]:
    """Freshness in two windows, and the lags of the last 24 hours from step to step."""
    specs = {spec.ledger: spec for spec in settings.alerts}
    ledgers = [*(spec.id for spec in settings.digests), *specs]
    entries = lags.entry_waits(connection, since=now - DAY, now=now)
    messages = lags.message_waits(connection, ledgers, since=now - DAY, now=now)
    alerted = lags.alert_lags(connection, list(specs), since=now - DAY)
    news = measured(entries)
    return {
        "freshness": {
            name: _freshness(assess(entries, messages, intervals, window=window, overdue=overdue))
            for name, window in (("last_hour", HOUR), ("last_24_h", DAY))
        },
        "lags": {
            "publication_to_store": _spread(wait.published for wait in news),
            "store_to_flag": _spread(wait.decision for wait in news if wait.decision is not None),
            "flag_to_alert": _spread(lag for ledger, decided, lag in alerted if not _was_held(specs[ledger], decided)),
            "cut_to_digest": _spread(
                lags.digest_lags(connection, [spec.id for spec in settings.digests], since=now - DAY)
            ),
        },
    }


def _was_held(spec: AlertSpec, decided: datetime) -> bool:
    """Did the channel not want to be disturbed when it was decided, or by the time when a run would have told it?"""
    return is_quiet(spec, decided) or is_quiet(spec, decided + RUN)


def _freshness(found: Freshness) -> dict[str, Any]:
    return {
        "objective": OBJECTIVE,
        "met": found.met,
        "share": found.share,
        "entries": found.entries,
        "slack_share": found.slack_share,
        "messages": found.messages,
        "slow": found.slowest,
        "late": {step: found.slow.get(step, 0) for step in STEPS},
        "overdue": found.overdue,
        "left_out": {"undated": found.undated, "old": found.old, "first_polls": found.first_polls},
    }


def _spread(values: Iterable[float]) -> dict[str, float | int | None]:
    held = sorted(max(value, 0.0) for value in values)
    p50, p95 = quantile(held, 0.5), quantile(held, 0.95)
    return {
        "p50": None if p50 is None else round(p50, 1),
        "p95": None if p95 is None else round(p95, 1),
        "count": len(held),
    }


def _queues(connection: Connection, settings: Settings, now: datetime) -> dict[str, int]:
    """What waits for whom."""
    reading = [feed.id for feed in settings.feeds if feed.enabled and feed.full_text]
    muted = {mute.outlet for mute in mutes.mutes_at(connection, now)}
    held = 0
    for spec in (spec for spec in settings.alerts if spec.enabled):
        if (since := alerts.hears_since(connection, spec.ledger)) is not None:
            since = max(since, now - HELD_FOR)
            untold = without(alerts.untold_alerts(connection, spec.ledger, since=since), muted)
            held += sum(takes(spec, story) for story in untold)
    return {
        "undecided": articles.count_undecided(connection),
        "unread": articles.count_without_text(connection, reading, since=now - READ_WITHIN, now=now),
        "deliveries": outbox.count_open(connection),
        "clicks": sum(clicks.count_clicks(connection, clicks.WAITING).values()),
        "held_alerts": held,
    }


def _model(connection: Connection, now: datetime) -> dict[str, Any] | None:
    used = models.used_since(connection)
    if used is None:
        return None
    version, made_at, promoted_at = used
    return {
        "version": version,
        "made_at": _iso(made_at),
        "in_use_since": _iso(promoted_at),
        "age_seconds": round((now - made_at).total_seconds()),
        "labels_waiting": labels.count_labels(connection, since=models.last_made(connection)),
    }


def _runs(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The last run of each job that ever ran, newest first."""
    last = [run for job in JOBS for run in runs.last_runs(connection, job=job, limit=1)]
    return [
        {
            "job": run.job,
            "started_at": _iso(run.started_at),
            "finished_at": _iso(run.finished_at),
            "age_seconds": round((now - run.started_at).total_seconds()),
            "seconds": round((run.finished_at - run.started_at).total_seconds(), 1) if run.finished_at else None,
            "last_success": _iso(runs.last_success(connection, run.job)),
            "state": run.state,
            "counts": dict(run.counts),
            "error": run.error,
        }
        for run in sorted(last, key=lambda run: run.started_at, reverse=True)
    ]


def _told(connection: Connection, settings: Settings, now: datetime) -> dict[str, Any]:
    """Digests and alerts: the last, the next, how many in a day."""
    return {
        "digests": [
            {
                "id": spec.id,
                "channel": spec.channel,
                "last_cut": _iso(digests.last_cut(connection, spec.id)),
                "next_cut": _iso(next_cut(spec.cron, spec.time_zone, now)),
                "last_24_h": digests.count_cuts(connection, spec.id, since=now - DAY),
            }
            for spec in settings.digests
        ],
        "alerts": [
            {
                "id": spec.id,
                "channel": spec.channel,
                "last": _iso(alerts.last_alert(connection, spec.ledger)),
                "last_24_h": digests.count_cuts(connection, spec.ledger, since=now - DAY, empty=False),
            }
            for spec in settings.alerts
            if spec.enabled
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
