"""Digests and what each channel was told: the ledgers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from monitor.core.digest import ALERTS, Digest, Message
from monitor.core.story import Story
from monitor.store import outbox
from monitor.store.decisions import in_force
from monitor.store.evidence import keep_evidence
from monitor.store.schema import articles, decisions, deliveries, digests, story_members, told
from monitor.store.stories import get_stories
from monitor.store.upsert import insert_new

CHUNK = 500


def last_cut(connection: Connection, digest_id: str, *, before: datetime | None = None) -> datetime | None:
    """Up to when this digest was last composed (``before`` then), or None for its first time."""
    query = select(digests.c.cut).where(*_of(digest_id, before)).order_by(digests.c.cut.desc()).limit(1)
    return connection.execute(query).scalar()


def cuts_of(
    connection: Connection, ledger: str, *, since: datetime | None = None, until: datetime | None = None
) -> list[datetime]:
    """When this digest, or channel for alerts, was told something in [since, until), oldest first; else its last."""
    beginning = digests.c.digest_id.startswith(ALERTS) & (digests.c.stories == 0)  # of alerts in a channel: see began
    query = select(digests.c.cut).where(digests.c.digest_id == ledger, ~beginning)
    if since is None or until is None:
        return list(connection.execute(query.order_by(digests.c.cut.desc()).limit(1)).scalars())
    query = query.where(digests.c.cut >= since, digests.c.cut < until).order_by(digests.c.cut)
    return list(connection.execute(query).scalars())


def recent_counts(connection: Connection, digest_id: str, *, limit: int, before: datetime | None = None) -> list[int]:
    """Numbers of stories in the last digests of this id (``before`` then), newest first: the baseline."""
    query = select(digests.c.stories).where(*_of(digest_id, before)).order_by(digests.c.cut.desc()).limit(limit)
    return [int(count) for count in connection.execute(query).scalars()]


def count_cuts(connection: Connection, digest_id: str, *, since: datetime, empty: bool = True) -> int:
    """How many digests, or alerts, of this ledger were cut since then; without the ``empty`` ones if asked."""
    query = select(func.count()).where(digests.c.digest_id == digest_id, digests.c.cut > since)
    return int(connection.execute(query if empty else query.where(digests.c.stories > 0)).scalar_one())


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


def with_history(
    connection: Connection, digest_id: str, stories: Sequence[Story], *, before: datetime | None = None
) -> tuple[Story, ...]:
    """``stories`` with what this digest told of them (``before`` then), and when an alert of them was posted."""
    ids = [member.article.id for story in stories for member in story.members]
    seen: set[str] = set()
    alerted: dict[str, datetime] = {}
    for start in range(0, len(ids), CHUNK):
        some = told.c.article_id.in_(ids[start : start + CHUNK])
        mine = select(told.c.article_id).where(told.c.digest_id == digest_id, some)
        seen |= set(connection.scalars(mine if before is None else mine.where(told.c.cut < before)))
        found = _alerted(connection, ids[start : start + CHUNK])
        alerted |= {key: at for key, at in found.items() if before is None or at < before}
    return tuple(
        replace(
            story,
            told=frozenset(member.article.id for member in story.members) & seen,
            alerted_at=min((alerted[m.article.id] for m in story.members if m.article.id in alerted), default=None),
        )
        for story in stories
    )


def _alerted(connection: Connection, article_ids: Sequence[str]) -> dict[str, datetime]:
    """When an alert that told of an article was posted, by article id. One that only waits to be posted told nobody."""
    query = (
        select(told.c.article_id, func.min(deliveries.c.posted_at))
        .join(deliveries, (deliveries.c.digest_id == told.c.digest_id) & (deliveries.c.cut == told.c.cut))
        .where(told.c.article_id.in_(article_ids), told.c.digest_id.startswith(ALERTS))
        .where(deliveries.c.posted_at.is_not(None))
        .group_by(told.c.article_id)
    )
    return dict(connection.execute(query).all())


def _of(digest_id: str, before: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return digests.c.digest_id == digest_id, *([] if before is None else [digests.c.cut < before])


def freeze(
    connection: Connection, digest: Digest, messages: Sequence[Message], *, told_stories: Sequence[Story], now: datetime
) -> bool:
    """Store a composed digest, its ledger and its messages. False when somebody else froze the same cut first.

    ``told_stories`` are all that count as told, those that were only counted (``left_out``) too.
    """
    row = {
        "digest_id": digest.id,
        "cut": digest.cut,
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
    parts = {story_id: message.part for message in messages for story_id in message.stories}
    note_told(connection, digest.id, digest.cut, told_stories, parts=parts, now=now)
    outbox.put(connection, digest.id, digest.cut, digest.channel, messages)
    return True


def told_articles(connection: Connection, story_ids: Iterable[str]) -> dict[str, set[str]]:
    """By story, ids of the articles that any channel was told as this story."""
    query = select(told.c.story_id, told.c.article_id).where(told.c.story_id.in_(list(story_ids)))
    found: dict[str, set[str]] = {}
    for story_id, article_id in connection.execute(query):
        found.setdefault(story_id, set()).add(article_id)
    return found


def note_told(
    connection: Connection,
    ledger: str,
    cut: datetime,
    stories: Sequence[Story],
    *,
    parts: Mapping[str, int],
    now: datetime,
) -> None:
    """Write every article of ``stories`` into the ledger, with the evidence; those that stand in it keep their first
    cut. ``parts``: by story id, the message that tells it."""
    rows = [
        {"digest_id": ledger, "article_id": member.article.id, "story_id": story.id, "cut": cut}
        for story in stories
        for member in story.members
    ]
    insert_new(connection, told, rows, keys=("digest_id", "article_id"))
    keep_evidence(connection, ledger, cut, stories, parts=parts, now=now)
