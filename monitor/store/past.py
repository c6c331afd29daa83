"""What a digest would have told at a moment of the past, by the decisions in force now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from monitor.core.story import Story
from monitor.store.articles import CHUNK
from monitor.store.digests import with_history
from monitor.store.schema import articles, decisions, story_members, told
from monitor.store.stories import get_stories


def untold_at(connection: Connection, digest_id: str, *, since: datetime, cut: datetime) -> tuple[Story, ...]:
    """Stories that this digest had not told before ``cut``, with an article first decided in (since, cut].

    An article counts from when it was first decided: deciding again moves none of them into another digest. Members
    that came after the cut are left out, and so is what was told after it.
    """
    earlier = decisions.alias()
    decided_before = exists().where(
        earlier.c.article_id == decisions.c.article_id, earlier.c.decided_at < decisions.c.decided_at
    )
    first_decided = select(decisions.c.article_id).where(
        decisions.c.decided_at > since, decisions.c.decided_at <= cut, ~decided_before
    )
    told_then = select(told.c.article_id).where(told.c.digest_id == digest_id, told.c.cut == cut)
    told_before = exists().where(
        told.c.digest_id == digest_id, told.c.article_id == story_members.c.article_id, told.c.cut < cut
    )
    query = (
        select(story_members.c.story_id)
        .join(articles, articles.c.id == story_members.c.article_id)
        .join(decisions, decisions.c.id == articles.c.decision_id)
        .where(articles.c.id.in_(first_decided.union(told_then)), decisions.c.digest, ~told_before)
        .distinct()
    )
    found = get_stories(connection, connection.execute(query).scalars())
    return with_history(connection, digest_id, _as_of(connection, found, cut), before=cut)


def _as_of(connection: Connection, stories: Iterable[Story], cut: datetime) -> list[Story]:
    """``stories`` without the members that were first decided after ``cut`` and told by nobody until then."""
    held = list(stories)
    ids = [member.article.id for story in held for member in story.members]
    known: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        first = select(decisions.c.article_id).where(decisions.c.article_id.in_(some)).group_by(decisions.c.article_id)
        known |= set(connection.scalars(first.having(func.min(decisions.c.decided_at) <= cut)))
        known |= set(
            connection.scalars(select(told.c.article_id).where(told.c.article_id.in_(some), told.c.cut <= cut))
        )
    kept = []
    for story in held:
        members = tuple(member for member in story.members if member.article.id in known)
        kept += [replace(story, members=members)] if members else []
    return kept
