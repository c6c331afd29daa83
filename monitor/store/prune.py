"""What a store need not keep for ever: found by an index, and deleted a little at a time.

Each function deletes ``limit`` rows at most, or what it is given, so that no transaction is long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, select, tuple_, update

from monitor.store.clicks import OVER
from monitor.store.outbox import OPEN_STATES
from monitor.store.schema import (
    articles,
    clicks,
    deliveries,
    digests,
    entries,
    evaluations,
    feed_history,
    feed_states,
    models,
    runs,
    stories,
    story_members,
    told,
    versions,
)

SHOWN_AGAIN = timedelta(days=30)  # a feed may leave an entry out for so long and show it again


def old_articles(connection: Connection, *, before: datetime, limit: int) -> list[tuple[str, datetime]]:
    """(Id, first seen) of articles first seen before then, the oldest first; nobody else changes them meanwhile."""
    query = (
        select(articles.c.id, articles.c.seen_at)
        .where(articles.c.seen_at < before)
        .order_by(articles.c.seen_at, articles.c.id)
        .limit(limit)
        .with_for_update()
    )
    return [(row.id, row.seen_at) for row in connection.execute(query)]


def delete_articles(connection: Connection, ids: Sequence[str], *, now: datetime) -> None:
    """Delete articles and all that hangs on them, but what people said of them. Stories that lose their last go too.

    The keys of entries that a feed still shows stay, so that it brings nothing new with them.
    """
    _leave_keys(connection, ids, now=now)
    members = select(story_members.c.story_id).where(story_members.c.article_id.in_(ids)).distinct()
    touched = list(connection.execute(members).scalars())
    connection.execute(delete(told).where(told.c.article_id.in_(ids)))
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))  # the rest goes with them
    held = select(story_members.c.story_id).where(story_members.c.story_id.in_(touched)).distinct()
    empty = set(touched) - set(connection.execute(held).scalars())
    for key in (stories.c.id, stories.c.merged_into):
        connection.execute(delete(stories).where(key.in_(empty)))


def _leave_keys(connection: Connection, ids: Sequence[str], *, now: datetime) -> None:
    mine = connection.execute(select(entries.c.feed_id, entries.c.entry_key).where(entries.c.article_id.in_(ids))).all()
    for feed_id, keys in _shown(connection, {row.feed_id for row in mine}).items():
        left = [row.entry_key for row in mine if row.feed_id == feed_id and row.entry_key in keys]
        if left:
            connection.execute(
                update(entries)
                .where(entries.c.feed_id == feed_id, entries.c.entry_key.in_(left))
                .values(article_id=None, last_shown_at=now)
            )


def _shown(connection: Connection, feed_ids: set[str]) -> dict[str, set[str]]:
    """By feed, the keys of the entries in the last document that was read to its end."""
    query = select(feed_states.c.feed_id, feed_states.c.entry_keys).where(feed_states.c.feed_id.in_(feed_ids))
    return {feed_id: set(keys) for feed_id, keys in connection.execute(query)}


def forget_entries(connection: Connection, *, now: datetime) -> int:
    """Delete the keys that outlived their articles and that no feed has shown for SHOWN_AGAIN; returns how many."""
    alone = entries.c.article_id.is_(None)
    kept = connection.execute(select(entries.c.feed_id, entries.c.entry_key).where(alone)).all()
    shown = _shown(connection, {row.feed_id for row in kept})
    for feed_id, keys in shown.items():
        mine = [row.entry_key for row in kept if row.feed_id == feed_id and row.entry_key in keys]
        connection.execute(
            update(entries)
            .where(alone, entries.c.feed_id == feed_id, entries.c.entry_key.in_(mine))
            .values(last_shown_at=now)
        )
    return connection.execute(delete(entries).where(alone, entries.c.last_shown_at < now - SHOWN_AGAIN)).rowcount


def old_bundles(connection: Connection, *, before: datetime, limit: int) -> list[tuple[str, datetime]]:
    """(Ledger, cut) of messages cut before then that are over and of whose articles none is kept."""
    found: dict[tuple[str, datetime], None] = {}
    for table in (digests, deliveries):
        tells = exists().where(told.c.digest_id == table.c.digest_id, told.c.cut == table.c.cut)
        part = deliveries.alias()
        waits = exists().where(
            part.c.digest_id == table.c.digest_id, part.c.cut == table.c.cut, part.c.state.in_(OPEN_STATES)
        )
        query = select(table.c.digest_id, table.c.cut).where(table.c.cut < before, ~tells, ~waits)
        found |= dict.fromkeys(connection.execute(query.distinct().limit(limit)))
    return list(found)


def delete_bundles(connection: Connection, bundles: Sequence[tuple[str, datetime]]) -> None:
    """Delete digests and alerts with their messages."""
    for table in (deliveries, digests):
        for ledger, cut in bundles:
            connection.execute(delete(table).where(table.c.digest_id == ledger, table.c.cut == cut))


def old_versions(connection: Connection, *, before: datetime) -> list[tuple[str, str]]:
    """(Kind, version) of config files last used before then, but the last of each kind.

    What they decided was decided before then too, on articles that were deleted: nothing that is kept names them.
    """
    query = select(versions.c.kind, versions.c.version).where(versions.c.last_used_at < before, _has_newer(versions))
    return [(row.kind, row.version) for row in connection.execute(query)]


def delete_versions(connection: Connection, which: Sequence[tuple[str, str]]) -> None:
    """Delete versions of config files."""
    connection.execute(delete(versions).where(tuple_(versions.c.kind, versions.c.version).in_(which)))


def delete_models(connection: Connection, *, before: datetime) -> int:
    """Delete the models that others replaced before then, or that were made before then and never used."""
    later = models.alias()
    replaced = exists().where(later.c.promoted_at > models.c.promoted_at, later.c.promoted_at < before)
    unused = models.c.promoted_at.is_(None) & (models.c.made_at < before)
    old = list(connection.execute(select(models.c.version).where(replaced | unused)).scalars())
    connection.execute(delete(evaluations).where(evaluations.c.model.in_(old)))
    return connection.execute(delete(models).where(models.c.version.in_(old))).rowcount


def delete_runs(connection: Connection, *, before: datetime, limit: int) -> int:
    """Forget runs that began before then, but the last of each job; returns how many."""
    return _delete_some(connection, runs, (runs.c.started_at < before) & _has_newer(runs), limit)


def delete_health_changes(connection: Connection, *, before: datetime, limit: int) -> int:
    """Forget changes of health before then, but the last of each feed; returns how many."""
    return _delete_some(connection, feed_history, (feed_history.c.at < before) & _has_newer(feed_history), limit)


def delete_clicks(connection: Connection, *, before: datetime, limit: int) -> int:
    """Forget clicks that are long over: Slack delivers none again after that. Returns how many."""
    return _delete_some(connection, clicks, clicks.c.state.in_(OVER) & (clicks.c.at < before), limit)


def _has_newer(table: Table) -> ColumnElement[bool]:
    """Is there a later row of the same job, feed or kind?"""
    of, when = {runs: ("job", "started_at"), feed_history: ("feed_id", "at"), versions: ("kind", "last_used_at")}[table]
    newer = table.alias()
    return exists().where(newer.c[of] == table.c[of], newer.c[when] > table.c[when])


def _delete_some(connection: Connection, table: Table, old: ColumnElement[bool], limit: int) -> int:
    """Keys first: PostgreSQL would read the whole table for a DELETE with a subquery."""
    (key,) = table.primary_key.columns
    keys: list[Any] = list(connection.execute(select(key).where(old).limit(limit)).scalars())
    return connection.execute(delete(table).where(key.in_(keys))).rowcount if keys else 0
