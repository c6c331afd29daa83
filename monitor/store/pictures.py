"""Which digests wait for the picture of their trends, and what became of each."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from monitor.store.schema import deliveries, digests

STALE_CLAIM = timedelta(minutes=15)  # longer than any upload takes: an older claim belonged to somebody who died
_CLAIMED = "claimed "


class Waiting(NamedTuple):
    """A digest that is out, and the thread that its picture belongs to."""

    digest_id: str
    cut: datetime
    channel: str
    thread_ts: str


def without_picture(connection: Connection, *, since: datetime, now: datetime) -> list[Waiting]:
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
        .where(_free(now), digests.c.cut >= since, digests.c.stories > 0, ~still_open)
        .order_by(digests.c.cut, digests.c.digest_id)
    )
    return [Waiting(*row) for row in connection.execute(query)]


def claim_picture(connection: Connection, one: Waiting, *, now: datetime) -> bool:
    """Take it on; False when somebody else did. A claim that is STALE_CLAIM old is anybody's again."""
    taken = connection.execute(
        update(digests).where(*_key(one), _free(now)).values(picture=f"{_CLAIMED}{now.isoformat()}")
    )
    return taken.rowcount == 1


def record_picture(connection: Connection, one: Waiting, *, end: str | None) -> None:
    """Keep how it ended: the id of the file, in words why there is none, or None to try again."""
    connection.execute(update(digests).where(*_key(one)).values(picture=end))


def _free(now: datetime) -> ColumnElement[bool]:
    stale = f"{_CLAIMED}{(now - STALE_CLAIM).isoformat()}"
    return or_(digests.c.picture.is_(None), and_(digests.c.picture.startswith(_CLAIMED), digests.c.picture < stale))


def _key(one: Waiting) -> tuple[ColumnElement[bool], ...]:
    return digests.c.digest_id == one.digest_id, digests.c.cut == one.cut
