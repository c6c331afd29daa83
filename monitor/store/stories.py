"""Stories and their members."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.core.story import Story, Told
from monitor.store.articles import get_articles
from monitor.store.decisions import decisions_in_force, in_force
from monitor.store.schema import articles, decisions, stories, story_members
from monitor.store.upsert import insert_new

CHUNK = 500


def recent_stories(connection: Connection, *, since: datetime) -> tuple[Story, ...]:
    """Stories that grew since then, with their members: what a new article may join."""
    query = select(stories.c.id).where(stories.c.last_seen_at >= since, stories.c.merged_into.is_(None))
    return get_stories(connection, connection.execute(query).scalars())


def get_stories(connection: Connection, ids: Iterable[str]) -> tuple[Story, ...]:
    """Stories with their flagged members, oldest first; a story that has no flagged member left is not returned."""
    wanted = list(dict.fromkeys(ids))
    rows = connection.execute(
        select(stories).where(stories.c.id.in_(wanted)).order_by(stories.c.first_seen_at, stories.c.id)
    ).all()
    pairs = connection.execute(
        select(story_members.c.story_id, story_members.c.article_id).where(story_members.c.story_id.in_(wanted))
    ).all()
    held = {article.id: article for article in get_articles(connection, [pair.article_id for pair in pairs])}
    decided = decisions_in_force(connection, held)
    members: dict[str, list[Told]] = {}
    for pair in pairs:
        decision = decided.get(pair.article_id)
        if decision is not None and decision.digest:
            members.setdefault(pair.story_id, []).append(Told(article=held[pair.article_id], decision=decision))
    return tuple(
        Story(
            id=row.id,
            title=row.title,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            members=tuple(
                sorted(
                    members[row.id], key=lambda told: (told.article.seen_at, told.article.published_at, told.article.id)
                )
            ),
        )
        for row in rows
        if row.id in members
    )


def story_of(connection: Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """Story id by article id."""
    query = select(story_members.c.article_id, story_members.c.story_id).where(
        story_members.c.article_id.in_(list(article_ids))
    )
    return dict(connection.execute(query).all())


def add_to_story(
    connection: Connection, story_id: str, *, article_id: str, title: str, seen_at: datetime, now: datetime
) -> None:
    """Let one article join a story, which is made where there is none; an article that has a story keeps it."""
    insert_new(
        connection,
        stories,
        [{"id": story_id, "title": title, "first_seen_at": seen_at, "last_seen_at": seen_at, "merged_into": None}],
        keys=("id",),
    )
    insert_new(
        connection,
        story_members,
        [{"article_id": article_id, "story_id": story_id, "joined_at": now}],
        keys=("article_id",),
    )
    connection.execute(
        update(stories).where(stories.c.id == story_id, stories.c.last_seen_at < seen_at).values(last_seen_at=seen_at)
    )


def newest_stories(connection: Connection, *, limit: int) -> tuple[Story, ...]:
    """The stories that grew last, newest first."""
    query = (
        select(stories.c.id)
        .where(stories.c.merged_into.is_(None))
        .order_by(stories.c.last_seen_at.desc(), stories.c.id)
        .limit(limit)
    )
    found = get_stories(connection, connection.execute(query).scalars())
    return tuple(sorted(found, key=lambda story: story.last_seen_at, reverse=True))


def flagged_stories(connection: Connection, *, since: datetime, cut: datetime) -> tuple[Story, ...]:
    """Stories with a flagged article decided in (since, cut], oldest first."""
    query = (
        select(story_members.c.story_id)
        .join_from(story_members, decisions, decisions.c.article_id == story_members.c.article_id)
        .join(articles, in_force())
        .where(decisions.c.digest, decisions.c.decided_at > since, decisions.c.decided_at <= cut)
        .distinct()
    )
    ids = list(connection.execute(query).scalars())
    found = [story for at in range(0, len(ids), CHUNK) for story in get_stories(connection, ids[at : at + CHUNK])]
    return tuple(sorted(found, key=lambda story: (story.first_seen_at, story.id)))
