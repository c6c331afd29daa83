"""Alerts: what is worth one, and what was told. Each is a row of ``digests`` under the ledger of its channel."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, insert, select

from monitor.core.digest import Alert, Message
from monitor.core.story import Story
from monitor.store import outbox
from monitor.store.decisions import in_force
from monitor.store.digests import note_told, with_history
from monitor.store.schema import articles, decisions, deliveries, digests, story_members, told
from monitor.store.stories import get_stories

TICK = timedelta(microseconds=1)


def began(connection: Connection, ledger: str, channel: str, *, now: datetime, since: datetime) -> datetime:
    """From when on this channel hears of alerts: ``since`` when it is asked for the first time, and then for ever."""
    first = hears_since(connection, ledger)
    if first is not None:
        return first
    row = {"digest_id": ledger, "cut": now, "since": since, "channel": channel, "composed_at": now}
    connection.execute(insert(digests).values(**row, stories=0, articles=0))
    return since


def hears_since(connection: Connection, ledger: str) -> datetime | None:
    """What ``began`` said when this channel was asked for; None when it never was."""
    query = select(digests.c.since).where(digests.c.digest_id == ledger).order_by(digests.c.cut).limit(1)
    return connection.execute(query).scalar()


def last_alert(connection: Connection, ledger: str) -> datetime | None:
    """When this channel was last told something, or None."""
    query = select(func.max(digests.c.cut)).where(digests.c.digest_id == ledger, digests.c.stories > 0)
    return connection.execute(query).scalar()


def untold_alerts(connection: Connection, ledger: str, *, since: datetime) -> tuple[Story, ...]:
    """Stories with an article that is worth an alert, decided after ``since``, of which the ledger holds nothing.

    What was decided in the future was decided by a clock that was ahead: it is told now.
    """
    other = story_members.alias()
    told_before = exists().where(
        other.c.story_id == story_members.c.story_id,
        told.c.digest_id == ledger,
        told.c.article_id == other.c.article_id,
    )
    query = (
        select(story_members.c.story_id)
        .join_from(decisions, articles, in_force())
        .join(story_members, story_members.c.article_id == articles.c.id)
        .where(
            decisions.c.digest,
            decisions.c.alert,
            ~decisions.c.late,
            decisions.c.decided_at > since,
            ~told_before,
        )
        .distinct()
    )
    return get_stories(connection, connection.execute(query).scalars())


def alerts_since(connection: Connection, ledger: str, since: datetime) -> tuple[Alert, ...]:
    """What this channel was told since then, oldest first, with the stories as they are now; ``told`` is filled in."""
    cuts = select(digests.c.cut).where(digests.c.digest_id == ledger, digests.c.cut > since, digests.c.stories > 0)
    held: dict[datetime, list[str]] = {cut: [] for cut in connection.execute(cuts.order_by(digests.c.cut)).scalars()}
    query = (
        select(told.c.cut, story_members.c.story_id)
        .join(story_members, story_members.c.article_id == told.c.article_id)
        .where(told.c.digest_id == ledger, told.c.cut > since)
        .distinct()
        .order_by(told.c.cut, story_members.c.story_id)
    )
    for cut, story_id in connection.execute(query):
        held.setdefault(cut, []).append(story_id)
    found = get_stories(connection, {story_id for ids in held.values() for story_id in ids})
    stories = {story.id: story for story in with_history(connection, ledger, found)}
    return tuple(
        Alert(ledger=ledger, cut=cut, stories=tuple(stories[i] for i in ids if i in stories))
        for cut, ids in held.items()
    )


def freeze_alert(
    connection: Connection,
    ledger: str,
    channel: str,
    stories: Sequence[Story],
    messages: Sequence[Message],
    *,
    now: datetime,
) -> Alert:
    """Store an alert, its ledger and its messages; its cut is the first moment from ``now`` on that is free."""
    query = select(digests.c.cut).where(digests.c.digest_id == ledger, digests.c.cut >= now)
    taken, cut = set(connection.execute(query.order_by(digests.c.cut)).scalars()), now
    while cut in taken:
        cut += TICK
    row = {"digest_id": ledger, "cut": cut, "since": cut, "channel": channel, "composed_at": now}
    size = {"stories": len(stories), "articles": sum(len(story.members) for story in stories)}
    connection.execute(insert(digests).values(**row, **size))
    parts = {story_id: message.part for message in messages for story_id in message.stories}
    note_told(connection, ledger, cut, stories, parts=parts, now=now)
    outbox.put(connection, ledger, cut, channel, messages)
    return Alert(ledger=ledger, cut=cut, stories=tuple(stories))


def add_to_alert(
    connection: Connection,
    alert: Alert,
    stories: Sequence[Story],
    edits: Iterable[tuple[Message, Message]],
    replies: Sequence[Message],
    *,
    now: datetime,
) -> None:
    """Note what came since of some ``stories`` of an alert, with the edits (before, after) and replies that tell it."""
    query = select(deliveries.c.channel).where(
        deliveries.c.digest_id == alert.ledger, deliveries.c.cut == alert.cut, deliveries.c.part == 0
    )
    channel = connection.execute(query).scalar_one()
    first = min((reply.part for reply in replies), default=0)
    note_told(
        connection, alert.ledger, alert.cut, stories, parts=dict.fromkeys((s.id for s in stories), first), now=now
    )
    for before, after in edits:
        outbox.revise(connection, alert.ledger, alert.cut, before, after, now=now)
    outbox.put(connection, alert.ledger, alert.cut, channel, replies)
