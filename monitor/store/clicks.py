"""The queue of what people pressed and typed: each once, however often Slack delivered it.

``queued`` waits to be acted on, ``kept`` is acted on but not shown yet, ``done`` and ``refused`` are over.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from monitor.core.click import Click
from monitor.store.schema import clicks
from monitor.store.upsert import insert_new

WAITING, OVER = ("queued", "kept"), ("done", "refused")


def add_clicks(connection: Connection, given: Iterable[Click]) -> None:
    """Queue clicks; those that are known stay as they are."""
    rows = [
        {
            "key": click.key,
            "at": click.at,
            "who": click.who,
            "name": click.name,
            "article_id": click.article,
            "verb": click.verb,
            "state": "queued",
            "content": {name: value for name, value in asdict(click).items() if name != "at"},
        }
        for click in given
    ]
    insert_new(connection, clicks, rows, keys=("key",))


def clicks_in(connection: Connection, state: str, *, limit: int) -> tuple[Click, ...]:
    """Clicks in one state, in the order in which people made them."""
    query = select(clicks.c.content, clicks.c.at).where(clicks.c.state == state)
    rows = connection.execute(query.order_by(clicks.c.at, clicks.c.key).limit(limit))
    return tuple(Click(**content, at=at) for content, at in rows)


def move_clicks(connection: Connection, keys: Iterable[str], state: str) -> None:
    """Let clicks enter a state; one that is over keeps nothing that answers it."""
    connection.execute(update(clicks).where(clicks.c.key.in_(list(keys))).values(state=state))


def undone(connection: Connection, article_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """By (person, article), when they last took back what they had said. Slack may deliver that first."""
    query = (
        select(clicks.c.who, clicks.c.article_id, func.max(clicks.c.at))
        .where(clicks.c.article_id.in_(list(article_ids)), clicks.c.verb == "undo")
        .group_by(clicks.c.who, clicks.c.article_id)
    )
    return {(who, article_id): at for who, article_id, at in connection.execute(query)}


def names_of(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """By id, what people were called when they last clicked."""
    last = func.max(clicks.c.at)
    query = select(clicks.c.who, clicks.c.name, last).where(clicks.c.who.in_(list(people)))
    return {
        who: name for who, name, _ in connection.execute(query.group_by(clicks.c.who, clicks.c.name).order_by(last))
    }


def count_clicks(connection: Connection, states: Collection[str] = ()) -> dict[str, int]:
    """Numbers of clicks by state; of ``states`` alone where some are named."""
    query = select(clicks.c.state, func.count()).group_by(clicks.c.state)
    if states:
        query = query.where(clicks.c.state.in_(states))
    return {state: int(count) for state, count in connection.execute(query)}


def erase_clicks(connection: Connection, who: str) -> int:
    """Forget everything that one person pressed or typed; returns how many."""
    return connection.execute(delete(clicks).where(clicks.c.who == who)).rowcount
