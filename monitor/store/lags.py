"""How long news waits on its way. Every query is bounded by its window and led by an index."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Select, case, cast, extract, func, literal, select

from monitor.core.freshness import EntryWait, MessageWait
from monitor.store.schema import UtcDateTime, articles, decisions, deliveries, digests, runs, told


def entry_waits(connection: Connection, *, since: datetime, now: datetime) -> list[EntryWait]:
    """The waits of every article that was first seen in (since, now].

    An article is stored when its poll's run ends, and decided when that of its first decision does: each carries the
    moment at which its run began.
    """
    first = select(func.min(decisions.c.decided_at)).where(decisions.c.article_id == articles.c.id).scalar_subquery()
    stored = func.coalesce(_end_of("ingest_feeds", articles.c.seen_at), articles.c.seen_at, type_=UtcDateTime)
    seen = (
        select(
            articles.c.feed_id,
            articles.c.dated,
            articles.c.published_at,
            articles.c.seen_at,
            articles.c.unseen_at,
            stored.label("stored_at"),
            first.label("decided_at"),
        )
        .where(articles.c.seen_at > since, articles.c.seen_at <= now)
        .cte("seen")
        .prefix_with("MATERIALIZED")  # else each of its lookups is done wherever its column is named
    )
    c = seen.c
    decided = func.coalesce(_end_of("classify_articles", c.decided_at), c.decided_at, type_=UtcDateTime)
    start = case((c.published_at > c.unseen_at, c.published_at), else_=c.unseen_at)
    at = literal(now, UtcDateTime)
    query = select(
        c.feed_id,
        _seconds(connection, at, c.seen_at),
        c.dated,
        _seconds(connection, c.stored_at, c.published_at),
        case((c.unseen_at.is_not(None), _seconds(connection, c.stored_at, start))),
        _seconds(connection, decided, c.stored_at),
    )
    return [
        EntryWait(
            feed_id=feed_id,
            since_seen=since_seen,
            dated=dated,
            published=published,
            poll=poll,
            decision=None if decision is None else max(decision, 0.0),
        )
        for feed_id, since_seen, dated, published, poll, decision in connection.execute(query)
    ]


def message_waits(
    connection: Connection, ledgers: Collection[str], *, since: datetime, now: datetime
) -> list[MessageWait]:
    """The waits of the parts of these digests and alerts that were cut since then. An edit that waits is none."""
    at = literal(now, UtcDateTime)
    query = _posted(
        ledgers,
        since,
        _seconds(connection, at, digests.c.composed_at),
        _seconds(connection, func.coalesce(deliveries.c.posted_at, at, type_=UtcDateTime), digests.c.composed_at),
        deliveries.c.posted_at.is_(None),
    ).where(deliveries.c.state != "refused")
    return [
        MessageWait(since_frozen=since_frozen, slack=max(slack, 0.0), waits=waits)
        for since_frozen, slack, waits in connection.execute(query)
    ]


def digest_lags(connection: Connection, ledgers: Collection[str], *, since: datetime) -> list[float]:
    """Seconds from the cut of each digest to its last part in the channel."""
    query = _posted(ledgers, since, func.max(_seconds(connection, deliveries.c.posted_at, deliveries.c.cut)))
    lags = connection.execute(query.group_by(deliveries.c.digest_id, deliveries.c.cut)).scalars()
    return [lag for lag in lags if lag is not None]


def alert_lags(
    connection: Connection, ledgers: Collection[str], *, since: datetime
) -> list[tuple[str, datetime, float]]:
    """(Ledger, decided, seconds from there to its post) of each alert, by the last of its articles worth an alert."""
    last = func.max(decisions.c.decided_at, type_=UtcDateTime)
    query = (
        _posted(ledgers, since, deliveries.c.digest_id, last, _seconds(connection, deliveries.c.posted_at, last))
        .join(told, (told.c.digest_id == deliveries.c.digest_id) & (told.c.cut == deliveries.c.cut))
        .join(articles, articles.c.id == told.c.article_id)
        .join(decisions, decisions.c.id == articles.c.decision_id)
        .where(deliveries.c.part == 0, decisions.c.alert, deliveries.c.posted_at.is_not(None))
        .where(decisions.c.decided_at <= digests.c.composed_at)
        .group_by(deliveries.c.digest_id, deliveries.c.cut, deliveries.c.posted_at)
    )
    return [(ledger, decided, max(lag, 0.0)) for ledger, decided, lag in connection.execute(query)]


def _posted(ledgers: Collection[str], since: datetime, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(deliveries)
        .join(digests, (digests.c.digest_id == deliveries.c.digest_id) & (digests.c.cut == deliveries.c.cut))
        .where(deliveries.c.digest_id.in_(ledgers), deliveries.c.cut > since)
    )


def _end_of(job: str, began: ColumnElement[Any]) -> Any:
    """When the run of a job that began then ended; NULL when it did not, or is forgotten."""
    return select(func.max(runs.c.finished_at)).where(runs.c.job == job, runs.c.started_at == began).scalar_subquery()


def _seconds(connection: Connection, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[float]:
    """From one moment to another, as each database reckons."""
    if connection.dialect.name == "sqlite":
        return (func.julianday(later, type_=Float) - func.julianday(earlier, type_=Float)) * 86400.0
    return cast(extract("epoch", later - earlier), Float)
