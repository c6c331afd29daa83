"""The outbox: frozen messages, and what became of each. Who posts holds ``Store.alone``: a claim that is found is dead.

``ledger`` is the id of a digest or of a channel for alerts; with ``cut`` it names one bundle of messages, the parts.
"""

from collections.abc import Collection, Container, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Text, func, insert, literal_column, select, update

from monitor.core.digest import Delivery, Message, Outgoing
from monitor.store.evidence import keep_former
from monitor.store.schema import deliveries, told

LONGEST_WAIT = timedelta(days=1)
OPEN_STATES = ("ready", "claimed")
# As words, not parameters: SQLite takes a partial index only for the very condition that it was made with.
OPEN = deliveries.c.state.in_([literal_column(f"'{state}'", Text) for state in OPEN_STATES])


def put(connection: Connection, ledger: str, cut: datetime, channel: str, messages: Sequence[Message]) -> None:
    """Store messages that are to be posted."""
    rows = [
        {
            "digest_id": ledger,
            "cut": cut,
            "part": message.part,
            "channel": channel,
            "key": f"{ledger}/{cut.isoformat()}/{message.part}",
            "payload": _payload(message),
            "state": "ready",
            "attempts": 0,
            "claimed_at": None,
            "not_before": None,
            "ts": "",
            "posted_at": None,
            "error": "",
        }
        for message in messages
    ]
    connection.execute(insert(deliveries), rows)


def revise(
    connection: Connection, ledger: str, cut: datetime, before: Message, after: Message, *, now: datetime
) -> None:
    """Let a part that was posted be edited into ``after``; ``before`` is kept as what stood there until ``now``."""
    edited = connection.execute(
        update(deliveries)
        .where(*_part(ledger, cut, after.part), deliveries.c.state == "posted")
        .values(payload=_payload(after), state="ready", claimed_at=None)
    )
    if edited.rowcount:
        keep_former(connection, ledger, cut, before.part, _payload(before), at=now)


def parts_of(connection: Connection, ledger: str, cut: datetime) -> tuple[Message, ...]:
    """The messages of one digest or alert, in order, as they were frozen or last revised."""
    query = select(deliveries).where(*_bundle(ledger, cut)).order_by(deliveries.c.part)
    return tuple(_message(row) for row in connection.execute(query).mappings())


def open_bundles(connection: Connection) -> list[tuple[str, datetime]]:
    """(ledger, cut) of digests and alerts with messages that are not out yet, oldest first."""
    query = select(deliveries.c.digest_id, deliveries.c.cut).where(OPEN)
    found = {(ledger, cut) for ledger, cut in connection.execute(query)}
    return sorted(found, key=lambda bundle: (bundle[1], bundle[0]))


def count_open(connection: Connection) -> int:
    """How many messages are not out yet."""
    return int(connection.execute(select(func.count()).select_from(deliveries).where(OPEN)).scalar_one())


def claim_next(
    connection: Connection, ledger: str, cut: datetime, *, now: datetime, stuck: Container[str] = ()
) -> Outgoing | None:
    """Claim the next part to post, in order; None when all are out, its channel is ``stuck``, or it is too early.

    A claim that is found belonged to somebody who died: its ``claimed_at`` makes the caller look for the message in
    the channel before sending it again.
    """
    query = select(deliveries).where(*_bundle(ledger, cut), OPEN).order_by(deliveries.c.part).limit(1)
    row = connection.execute(query).mappings().first()
    if row is None or row["channel"] in stuck or _must_wait(row["not_before"], now):
        return None
    connection.execute(
        update(deliveries)
        .where(*_part(ledger, cut, row["part"]))
        .values(
            state="claimed", claimed_at=func.coalesce(deliveries.c.claimed_at, now), attempts=deliveries.c.attempts + 1
        )
    )
    return _outgoing(row)


def _must_wait(not_before: datetime | None, now: datetime) -> bool:
    """Nobody asks to wait for more than a day: that was a clock that was ahead."""
    return not_before is not None and now < not_before < now + LONGEST_WAIT


def release(
    connection: Connection, item: Outgoing, *, unsure: datetime | None, error: str, not_before: datetime | None = None
) -> None:
    """Give a claimed part back for another try, not ``not_before``.

    ``unsure`` is the first attempt that may have arrived: with it, the next try looks the part up first.
    """
    values = {"state": "ready", "claimed_at": unsure, "error": error, "not_before": not_before}
    connection.execute(update(deliveries).where(*_part(item.digest_id, item.cut, item.message.part)).values(**values))


def record_posted(connection: Connection, item: Outgoing, *, ts: str, now: datetime) -> None:
    """The part is in the channel: keep the proof. An edit does not change when it was posted."""
    connection.execute(
        update(deliveries)
        .where(*_part(item.digest_id, item.cut, item.message.part))
        .values(state="posted", ts=ts, posted_at=func.coalesce(deliveries.c.posted_at, now), not_before=None, error="")
    )


def note_plainer(connection: Connection, item: Outgoing, *, code: str) -> None:
    """Slack refused the layout of a part with ``code``: the same words went out without it."""
    payload = {**_payload(item.message), "plain": code}
    connection.execute(
        update(deliveries).where(*_part(item.digest_id, item.cut, item.message.part)).values(payload=payload)
    )


def record_refused(connection: Connection, item: Outgoing, *, error: str) -> None:
    """Slack will never take this part: keep why, and do not try again. What was posted stays so without its edit."""
    connection.execute(
        update(deliveries)
        .where(*_part(item.digest_id, item.cut, item.message.part))
        .values(state="posted" if item.ts else "refused", error=error)
    )


def readdress(connection: Connection, ledger: str, cut: datetime, channel: str) -> None:
    """Send what a channel did not take to another one; what was posted, or is under way, stays where it is."""
    connection.execute(
        update(deliveries)
        .where(
            *_bundle(ledger, cut),
            deliveries.c.state == "ready",
            deliveries.c.ts == "",
            deliveries.c.channel != channel,
        )
        .values(channel=channel, error="")
    )


def deliveries_of(connection: Connection, ledger: str, cut: datetime) -> list[Delivery]:
    """The proofs of one digest or alert, in order of their parts."""
    query = select(deliveries).where(*_bundle(ledger, cut), deliveries.c.state == "posted").order_by(deliveries.c.part)
    return [
        Delivery(
            digest_id=row.digest_id, cut=row.cut, part=row.part, channel=row.channel, ts=row.ts, posted_at=row.posted_at
        )
        for row in connection.execute(query)
    ]


def root_ts(connection: Connection, item: Outgoing) -> str:
    """The ts of the message whose thread ``item`` belongs into; empty when it begins one, or the root is not there."""
    if not item.message.part:
        return ""
    query = select(deliveries.c.ts).where(
        *_part(item.digest_id, item.cut, 0), deliveries.c.channel == item.channel, deliveries.c.state != "refused"
    )
    return connection.execute(query).scalar() or ""


def showing(connection: Connection, pressed: Collection[tuple[str, str]]) -> list[Outgoing]:
    """The messages that stand in channels and tell one of these stories, each with an article that was told in it."""
    story_ids, article_ids = {story for story, _ in pressed}, {article for _, article in pressed}
    tells = told.c.story_id.in_(list(story_ids)) | told.c.article_id.in_(list(article_ids))
    bundles = select(told.c.digest_id, told.c.cut).where(tells).distinct().subquery()
    query = select(deliveries).join(
        bundles, (bundles.c.digest_id == deliveries.c.digest_id) & (bundles.c.cut == deliveries.c.cut)
    )
    found = [_outgoing(row) for row in connection.execute(query.where(deliveries.c.ts != "")).mappings()]
    return [item for item in found if not story_ids.isdisjoint(item.message.stories)]


def message_of(connection: Connection, item: Outgoing) -> Message:
    """A part as it is frozen now; nobody else changes it before this transaction ends."""
    query = select(deliveries).where(*_part(item.digest_id, item.cut, item.message.part)).with_for_update()
    return _message(connection.execute(query).mappings().one())


def redraw(connection: Connection, item: Outgoing, message: Message) -> None:
    """Keep a part as its caller edits it in the channel; whatever else waits to be done with it still is."""
    connection.execute(
        update(deliveries).where(*_part(item.digest_id, item.cut, item.message.part)).values(payload=_payload(message))
    )


def refusals(connection: Connection, *, since: datetime) -> list[tuple[str, str, str]]:
    """(ledger, channel, error) of the parts refused for digests and alerts cut since then."""
    query = select(deliveries.c.digest_id, deliveries.c.channel, deliveries.c.error).where(
        deliveries.c.state == "refused", deliveries.c.cut >= since
    )
    return [(ledger, channel, error) for ledger, channel, error in connection.execute(query).all()]


def _bundle(ledger: str, cut: datetime) -> tuple[Any, ...]:
    return deliveries.c.digest_id == ledger, deliveries.c.cut == cut


def _part(ledger: str, cut: datetime, part: int) -> tuple[Any, ...]:
    return *_bundle(ledger, cut), deliveries.c.part == part


def _payload(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks), "stories": list(message.stories)}


def _message(row: RowMapping) -> Message:
    held = row["payload"]
    stories = tuple(held.get("stories", ()))
    return Message(part=row["part"], text=held["text"], blocks=tuple(held["blocks"]), stories=stories)


def _outgoing(row: RowMapping) -> Outgoing:
    return Outgoing(
        digest_id=row["digest_id"],
        cut=row["cut"],
        channel=row["channel"],
        key=row["key"],
        message=_message(row),
        attempts=row["attempts"],
        claimed_at=row["claimed_at"],
        dead=row["state"] == "claimed",
        ts=row["ts"],
        error=row["error"],
    )
