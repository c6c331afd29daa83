"""Feed states and their history."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from monitor.core.feed import FeedState, Habit, Health, HealthChange
from monitor.store.schema import feed_history, feed_states
from monitor.store.upsert import upsert


def load_states(connection: Connection) -> dict[str, FeedState]:
    """Every feed that was ever polled, by id."""
    return {row["feed_id"]: _state(row) for row in connection.execute(select(feed_states)).mappings()}


def save_states(connection: Connection, states: Iterable[FeedState]) -> None:
    """Insert or replace the states of feeds."""
    upsert(connection, feed_states, [_row(state) for state in states], keys=("feed_id",))


def add_health_changes(connection: Connection, changes: Iterable[HealthChange]) -> None:
    """Append to the history."""
    rows = [
        {"feed_id": c.feed_id, "at": c.at, "health": c.health.value, "notes": list(c.notes), "reason": c.reason}
        for c in changes
    ]
    if rows:
        connection.execute(insert(feed_history), rows)


def health_history(connection: Connection, feed_id: str) -> list[HealthChange]:
    """Every change of one feed's health, oldest first."""
    rows = connection.execute(select(feed_history).where(feed_history.c.feed_id == feed_id).order_by(feed_history.c.id))
    return [
        HealthChange(
            feed_id=row.feed_id, at=row.at, health=Health(row.health), notes=tuple(row.notes), reason=row.reason
        )
        for row in rows
    ]


def lock_announced(connection: Connection) -> dict[str, str]:
    """By feed, the trouble that people heard of last (empty: none); another audit waits until this transaction ends."""
    query = select(feed_states.c.feed_id, feed_states.c.announced).order_by(feed_states.c.feed_id).with_for_update()
    return {feed_id: trouble or "" for feed_id, trouble in connection.execute(query).all()}


def remember_announced(connection: Connection, troubles: Mapping[str, str]) -> None:
    """Note by feed what people hear now. Polls leave it alone: it is no part of a FeedState."""
    for feed_id, trouble in troubles.items():
        connection.execute(update(feed_states).where(feed_states.c.feed_id == feed_id).values(announced=trouble))


def _row(state: FeedState) -> dict[str, Any]:
    return {
        "feed_id": state.feed_id,
        "url": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "failures": state.failures,
        "interval_seconds": state.interval.total_seconds() if state.interval is not None else None,
        "next_fetch_at": state.next_fetch_at,
        "last_fetch_at": state.last_fetch_at,
        "last_success_at": state.last_success_at,
        "last_full_fetch_at": state.last_full_fetch_at,
        "last_new_at": state.last_new_at,
        "health": state.health.value,
        "notes": list(state.notes),
        "reason": state.reason,
        "entry_keys": list(state.entry_keys),
        "habit": _habit_row(state.habit),
    }


def _state(row: RowMapping) -> FeedState:
    seconds = row["interval_seconds"]
    return FeedState(
        feed_id=row["feed_id"],
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        failures=row["failures"],
        interval=timedelta(seconds=seconds) if seconds is not None else None,
        next_fetch_at=row["next_fetch_at"],
        last_fetch_at=row["last_fetch_at"],
        last_success_at=row["last_success_at"],
        last_full_fetch_at=row["last_full_fetch_at"],
        last_new_at=row["last_new_at"],
        health=Health(row["health"]),
        notes=tuple(row["notes"]),
        reason=row["reason"],
        entry_keys=tuple(row["entry_keys"]),
        habit=_habit(row["habit"] or {}),
    )


def _habit_row(habit: Habit) -> dict[str, Any]:
    return {
        "days": [list(day) for day in habit.days],
        "newest_at": habit.newest_at.isoformat() if habit.newest_at is not None else None,
        "lost": habit.lost,
        "lost_at": habit.lost_at.isoformat() if habit.lost_at is not None else None,
    }


def _habit(row: Mapping[str, Any]) -> Habit:
    newest_at, lost_at = row.get("newest_at"), row.get("lost_at")
    return Habit(
        days=tuple((int(day), int(gaps), float(longest)) for day, gaps, longest in row.get("days", ())),
        newest_at=datetime.fromisoformat(newest_at) if newest_at else None,
        lost=row.get("lost", 0),
        lost_at=datetime.fromisoformat(lost_at) if lost_at else None,
    )
