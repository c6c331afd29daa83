"""Digests, what they told, and the outbox of their messages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from monitor.core.digest import Delivery, Digest, Message, Outgoing
from monitor.core.story import Story
from monitor.store.decisions import in_force
from monitor.store.schema import articles, decisions, deliveries, digests, story_members, told
from monitor.store.stories import get_stories
from monitor.store.upsert import insert_new

ALERTS = "alerts"  # the ledger of what alerts told
CHUNK = 500


def last_cut(connection: Connection, digest_id: str) -> datetime | None:
    """When this digest was last composed up to, or None for its first time."""
    query = select(digests.c.cut).where(digests.c.digest_id == digest_id).order_by(digests.c.cut.desc()).limit(1)
    return connection.execute(query).scalar()


def recent_counts(connection: Connection, digest_id: str, *, limit: int) -> list[int]:
    """Numbers of stories in the last digests of this id, newest first: the baseline."""
    query = (
        select(digests.c.stories).where(digests.c.digest_id == digest_id).order_by(digests.c.cut.desc()).limit(limit)
    )
    return [int(count) for count in connection.execute(query).scalars()]


def untold_stories(connection: Connection, digest_id: str, *, since: datetime, cut: datetime) -> tuple[Story, ...]:
    """Stories with a flagged article decided up to ``cut`` that this digest has not told.

    With a ``since`` before the last cut, what a slow transaction committed after its time is found too: the ledger
    keeps what was told from coming again. A story that grew after it was told comes with ``told`` filled in.
    """
    told_before = exists().where(told.c.digest_id == digest_id, told.c.article_id == story_members.c.article_id)
    query = (
        select(story_members.c.story_id)
        .join_from(story_members, decisions, decisions.c.article_id == story_members.c.article_id)
        .join(articles, in_force())
        .where(decisions.c.digest, decisions.c.decided_at > since, decisions.c.decided_at <= cut, ~told_before)
        .distinct()
    )
    return with_history(connection, digest_id, get_stories(connection, connection.execute(query).scalars()))


def with_history(connection: Connection, digest_id: str, stories: Sequence[Story]) -> tuple[Story, ...]:
    """``stories`` with what this digest told of them, and when an alert did."""
    ids = [story.id for story in stories]
    seen: dict[str, set[str]] = {}
    alerted: dict[str, datetime] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(told).where(
            told.c.digest_id.in_((digest_id, ALERTS)), told.c.story_id.in_(ids[start : start + CHUNK])
        )
        for row in connection.execute(query):
            if row.digest_id == digest_id:
                seen.setdefault(row.story_id, set()).add(row.article_id)
            if row.digest_id == ALERTS:
                alerted[row.story_id] = min(row.cut, alerted.get(row.story_id, row.cut))
    return tuple(
        replace(story, told=frozenset(seen.get(story.id, ())), alerted_at=alerted.get(story.id)) for story in stories
    )


def freeze(
    connection: Connection, digest: Digest, messages: Sequence[Message], *, told_stories: Sequence[Story], now: datetime
) -> bool:
    """Store a composed digest, its ledger and its messages. False when somebody else froze the same cut first.

    ``told_stories`` are all that count as told, those that were only counted (``left_out``) too.
    """
    key = {"digest_id": digest.id, "cut": digest.cut}
    row = {
        **key,
        "since": digest.since,
        "channel": digest.channel,
        "stories": len(told_stories),
        "articles": sum(len(story.members) for story in told_stories),
        "composed_at": now,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(digests).values(row))
    except IntegrityError:
        return False
    ledger = [
        {"digest_id": digest.id, "article_id": member.article.id, "story_id": story.id, "cut": digest.cut}
        for story in told_stories
        for member in story.members
    ]
    insert_new(connection, told, ledger, keys=("digest_id", "article_id"))
    rows = [
        {
            **key,
            "part": message.part,
            "channel": digest.channel,
            "key": f"{digest.id}/{digest.cut.isoformat()}/{message.part}",
            "payload": {"text": message.text, "blocks": list(message.blocks)},
            "state": "ready",
            "attempts": 0,
            "claimed_at": None,
            "ts": "",
            "posted_at": None,
            "error": "",
        }
        for message in messages
    ]
    connection.execute(insert(deliveries), rows)
    return True


def open_digests(connection: Connection) -> list[tuple[str, datetime]]:
    """Digests with messages that are not out yet, oldest first."""
    query = (
        select(deliveries.c.digest_id, deliveries.c.cut)
        .where(deliveries.c.state.in_(("ready", "claimed")))
        .distinct()
        .order_by(deliveries.c.cut, deliveries.c.digest_id)
    )
    return [(digest_id, cut) for digest_id, cut in connection.execute(query).all()]


def claim_next(
    connection: Connection, digest_id: str, cut: datetime, *, now: datetime, stale_after: timedelta
) -> Outgoing | None:
    """Claim the next part to post, in order; None when all are out or another worker holds the claim.

    A claim older than ``stale_after`` belonged to somebody who died: it is taken over, with ``claimed_at`` set to
    the first attempt so that the caller looks for the message in the channel before sending it again.
    """
    query = (
        select(deliveries)
        .where(
            deliveries.c.digest_id == digest_id, deliveries.c.cut == cut, deliveries.c.state.in_(("ready", "claimed"))
        )
        .order_by(deliveries.c.part)
        .limit(1)
    )
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None or (row["state"] == "claimed" and row["claimed_at"] > now - stale_after):
        return None
    taken = connection.execute(
        update(deliveries)
        .where(
            *_part(row["digest_id"], row["cut"], row["part"]),
            or_(
                deliveries.c.state == "ready",
                and_(deliveries.c.state == "claimed", deliveries.c.claimed_at == row["claimed_at"]),
            ),
        )
        .values(state="claimed", claimed_at=now, attempts=deliveries.c.attempts + 1)
    )
    return _outgoing(row) if taken.rowcount == 1 else None


def release(connection: Connection, item: Outgoing, *, ambiguous: bool, error: str) -> None:
    """Give a claimed part back for another try. After an ``ambiguous`` end the next try must look it up first."""
    values: dict[str, Any] = {"state": "ready", "error": error}
    if not ambiguous:
        values["claimed_at"] = item.claimed_at
    connection.execute(update(deliveries).where(*_part(item.digest_id, item.cut, item.message.part)).values(**values))


def record_posted(connection: Connection, item: Outgoing, *, ts: str, now: datetime) -> None:
    """The part is in the channel: keep the proof."""
    connection.execute(
        update(deliveries)
        .where(*_part(item.digest_id, item.cut, item.message.part))
        .values(state="posted", ts=ts, posted_at=now, error="")
    )


def record_refused(connection: Connection, item: Outgoing, *, error: str) -> None:
    """Slack will never take this part: keep why, and do not try again."""
    connection.execute(
        update(deliveries)
        .where(*_part(item.digest_id, item.cut, item.message.part))
        .values(state="refused", error=error)
    )


def deliveries_of(connection: Connection, digest_id: str, cut: datetime) -> list[Delivery]:
    """The proofs of one digest, in order of their parts."""
    query = (
        select(deliveries)
        .where(deliveries.c.digest_id == digest_id, deliveries.c.cut == cut, deliveries.c.state == "posted")
        .order_by(deliveries.c.part)
    )
    return [
        Delivery(
            digest_id=row.digest_id, cut=row.cut, part=row.part, channel=row.channel, ts=row.ts, posted_at=row.posted_at
        )
        for row in connection.execute(query)
    ]


def root_ts(connection: Connection, digest_id: str, cut: datetime) -> str:
    """The ts of the message that begins the thread; empty when it was refused."""
    query = select(deliveries.c.ts).where(*_part(digest_id, cut, 0), deliveries.c.state == "posted")
    return connection.execute(query).scalar() or ""


def refusals(connection: Connection, *, since: datetime) -> list[tuple[str, str, str]]:
    """(digest id, channel, error) of the parts refused for digests cut since then."""
    query = select(deliveries.c.digest_id, deliveries.c.channel, deliveries.c.error).where(
        deliveries.c.state == "refused", deliveries.c.cut >= since
    )
    return [(digest_id, channel, error) for digest_id, channel, error in connection.execute(query).all()]


def _part(digest_id: str, cut: datetime, part: int) -> tuple[Any, ...]:
    return deliveries.c.digest_id == digest_id, deliveries.c.cut == cut, deliveries.c.part == part


def _outgoing(row: RowMapping) -> Outgoing:
    return Outgoing(
        digest_id=row["digest_id"],
        cut=row["cut"],
        channel=row["channel"],
        key=row["key"],
        message=Message(part=row["part"], text=row["payload"]["text"], blocks=tuple(row["payload"]["blocks"])),
        attempts=row["attempts"],
        claimed_at=row["claimed_at"],
        error=row["error"],
    )
