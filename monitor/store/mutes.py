"""Outlets that people muted, one row each."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitor.core.click import Mute
from monitor.store.schema import mutes
from monitor.store.upsert import upsert


def mute_outlet(connection: Connection, mute: Mute) -> None:
    """Mute an outlet; a mute that it had before gives way to this one."""
    row = {"outlet": mute.outlet, "until": mute.until, "who": mute.who, "name": mute.name, "at": mute.at}
    upsert(connection, mutes, [row], keys=("outlet",))


def unmute_outlet(connection: Connection, outlet: str) -> bool:
    """Let an outlet be heard again; False when it was not muted."""
    return connection.execute(delete(mutes).where(mutes.c.outlet == outlet)).rowcount > 0


def mutes_at(connection: Connection, now: datetime) -> tuple[Mute, ...]:
    """What is muted at that moment, by outlet."""
    query = select(mutes).where(mutes.c.until > now).order_by(mutes.c.outlet)
    return tuple(
        Mute(outlet=row.outlet, until=row.until, who=row.who, name=row.name, at=row.at)
        for row in connection.execute(query)
    )
