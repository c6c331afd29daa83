"""Which digests wait for the picture of their trends, and what became of each."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, select, update

from monitor.store.schema import deliveries, digests


class Waiting(NamedTuple):
    """A digest that is out, and the thread that its picture belongs to."""

    digest_id: str
    cut: datetime
    channel: str
    thread_ts: str


def without_picture(connection: Connection, *, since: datetime) -> list[Waiting]:
    """Digests with stories, cut since then, whose messages are all out and whose picture is not, oldest first."""
    root, other = deliveries.alias(), deliveries.alias()
    still_open = exists().where(
        other.c.digest_id == digests.c.digest_id,
        other.c.cut == digests.c.cut,
        other.c.state.in_(("ready", "claimed")),
    )
    query = (
        select(digests.c.digest_id, digests.c.cut, digests.c.channel, root.c.ts)
        .join(root, and_(root.c.digest_id == digests.c.digest_id, root.c.cut == digests.c.cut, root.c.part == 0))
        .where(root.c.state == "posted")
        .where(digests.c.picture.is_(None), digests.c.cut >= since, digests.c.stories > 0, ~still_open)
        .order_by(digests.c.cut, digests.c.digest_id)
    )
    return [Waiting(*row) for row in connection.execute(query)]


def record_picture(connection: Connection, digest_id: str, cut: datetime, *, end: str) -> None:
    """Keep how it ended: the id of the file, or in words why there is none."""
    connection.execute(
        update(digests).where(digests.c.digest_id == digest_id, digests.c.cut == cut).values(picture=end)
    )
