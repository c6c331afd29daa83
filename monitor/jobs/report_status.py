"""The store -> how the monitor is: runs, counts by step, feeds, digests, the model."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from monitor.core.feed import FeedState, Health
from monitor.settings import Settings
from monitor.store import Connection, Store, alerts, articles, decisions, digests, feeds, models, mutes, outbox, runs

DAY = timedelta(hours=24)
JOBS = ("ingest_feeds", "classify_articles", "send_alerts", "send_digests", "train_classifier", "listen", "alarm")


def report_status(store: Store, settings: Settings, *, now: datetime) -> dict[str, Any]:
    """Plain data for people and machines; times are ISO 8601 in UTC."""
    with store.read() as connection:
        states = feeds.load_states(connection)
        return {
            "at": _iso(now),
            "store": store.url,
            "runs": _runs(connection),
            "articles": {
                "stored": articles.estimate_articles(connection),
                "last_24_h": articles.count_articles(connection, since=now - DAY),
                "undecided": articles.count_undecided(connection),
            },
            "last_24_h": decisions.count_decisions(connection, after=now - DAY, until=now),
            "feeds": count_feeds(settings, states),
            "model": _model(connection),
            "digests": [
                {"id": spec.id, "channel": spec.channel, "last_cut": _iso(digests.last_cut(connection, spec.id))}
                for spec in settings.digests
            ],
            "alerts": [
                {"id": spec.id, "channel": spec.channel, "last": _iso(alerts.last_alert(connection, spec.ledger))}
                for spec in settings.alerts
                if spec.enabled
            ],
            "muted": [
                {"outlet": mute.outlet, "until": _iso(mute.until), "by": mute.name}
                for mute in mutes.mutes_at(connection, now)
            ],
            "waiting_to_be_posted": len(outbox.open_bundles(connection)),
        }


def count_feeds(settings: Settings, states: dict[str, FeedState]) -> dict[str, int]:
    """Numbers of feeds by health; those that are switched off apart."""
    counts = Counter(
        states[feed.id].health.value if feed.id in states else Health.NEW.value
        for feed in settings.feeds
        if feed.enabled
    )
    disabled = sum(not feed.enabled for feed in settings.feeds)
    return dict(counts) | ({"disabled": disabled} if disabled else {})


def _runs(connection: Connection) -> list[dict[str, Any]]:
    last = [run for job in JOBS for run in runs.last_runs(connection, job=job, limit=1)]
    return [
        asdict(run) | {"started_at": _iso(run.started_at), "finished_at": _iso(run.finished_at)}
        for run in sorted(last, key=lambda run: run.started_at, reverse=True)
    ]


def _model(connection: Connection) -> dict[str, Any] | None:
    version = models.model_in_use(connection)
    for held, made_at, promoted_at, _ in models.list_models(connection):
        if held == version:
            return {"version": held, "made_at": _iso(made_at), "in_use_since": _iso(promoted_at)}
    return None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
