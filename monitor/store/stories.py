"""Stories and their members."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from monitor.core.article import Article
from monitor.core.group import new_story_id
from monitor.core.story import Story, Told
from monitor.store.articles import get_articles
from monitor.store.decisions import decisions_in_force, in_force
from monitor.store.schema import articles, decisions, labels, stories, story_members, told
from monitor.store.upsert import insert_new

CHUNK = 500
OWN_STORY = "new"  # the value of a group label: the article belongs into a story of its own


def open_stories(connection: Connection, *, since: datetime, limit: int) -> tuple[Story, ...]:
    """What a new article may join: the stories that grew since then, with their members, ``limit`` at most.

    Those that were told somewhere stand first, then the older ones: when stories become one, the first keeps its id.
    """
    query = (
        select(stories.c.id)
        .where(stories.c.last_seen_at >= since, stories.c.merged_into.is_(None))
        .order_by(stories.c.last_seen_at.desc(), stories.c.id)
        .limit(limit)
    )
    found = get_stories(connection, connection.execute(query).scalars())
    ids = [story.id for story in found]
    spoken = set(connection.execute(select(told.c.story_id).where(told.c.story_id.in_(ids))).scalars())
    return tuple(sorted(found, key=lambda story: story.id not in spoken))


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


def recent_titles(connection: Connection, *, since: datetime, until: datetime, besides: Iterable[str]) -> list[str]:
    """Titles of the stories that began before ``until`` and grew since then, without those of ``besides``."""
    query = select(stories.c.id, stories.c.title).where(
        stories.c.last_seen_at >= since, stories.c.first_seen_at <= until
    )
    left_out = set(besides)
    return [row.title for row in connection.execute(query) if row.id not in left_out]


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


def merge_stories(connection: Connection, other: str, *, into: str) -> None:
    """Two stories turned out to be one: ``other`` lives on in ``into``, with its members and what was told of it."""
    for table in (story_members, told):
        connection.execute(update(table).where(table.c.story_id == other).values(story_id=into))
    connection.execute(
        update(stories).where((stories.c.id == other) | (stories.c.merged_into == other)).values(merged_into=into)
    )
    _date(connection, into)


def move_article(connection: Connection, article_id: str, *, to: str, title: str, now: datetime) -> None:
    """Take an article, and what was told of it, out of its story and into another, which is made where there is none.

    A story that is left empty lives on in the other.
    """
    (before,) = story_of(connection, [article_id]).values()
    row = {"id": to, "title": title, "first_seen_at": now, "last_seen_at": now, "merged_into": None}
    insert_new(connection, stories, [row], keys=("id",))
    connection.execute(
        update(story_members).where(story_members.c.article_id == article_id).values(story_id=to, joined_at=now)
    )
    of_this = (told.c.story_id == before) & (told.c.article_id == article_id)
    connection.execute(update(told).where(of_this).values(story_id=to))
    _date(connection, to)
    if connection.execute(select(story_members.c.article_id).where(story_members.c.story_id == before)).first():
        _date(connection, before)
    else:
        merge_stories(connection, before, into=to)


def find_story(connection: Connection, story_id: str) -> str | None:
    """Id of the story that this one is, or that it became; None when there never was such a story."""
    row = connection.execute(select(stories.c.id, stories.c.merged_into).where(stories.c.id == story_id)).first()
    return None if row is None else row.merged_into or row.id


def free_id(connection: Connection, article: Article) -> str:
    """The id that the article's own story would have, unless it founded one before."""
    wanted = new_story_id(article)
    number = 1
    while find_story(connection, wanted) is not None:
        number += 1
        wanted = f"{new_story_id(article)}-{number}"
    return wanted


def misplaced(connection: Connection, *, since: datetime) -> list[str]:
    """Ids of articles that share a story, and of which somebody said after they joined it that they belong apart.

    What was said before ``since`` is not read again: it was acted on, or nothing has joined that story in all the time.
    """
    query = (
        select(labels.c.article_id, labels.c.value, story_members.c.story_id)
        .join(story_members, story_members.c.article_id == labels.c.article_id)
        .where(labels.c.kind == "group", labels.c.at > since, labels.c.at > story_members.c.joined_at)
        .order_by(labels.c.at)
    )
    last = {row.article_id: (row.story_id, row.value) for row in connection.execute(query)}
    apart = {article_id: story_id for article_id, (story_id, value) in last.items() if value == OWN_STORY}
    count = func.count().label("members")
    sizes = select(story_members.c.story_id, count).where(story_members.c.story_id.in_(apart.values()))
    held = {row.story_id: row.members for row in connection.execute(sizes.group_by(story_members.c.story_id))}
    return [article_id for article_id, story_id in apart.items() if held[story_id] > 1]


def sorted_by_hand(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    """Which of these articles a person put into their story."""
    query = select(labels.c.article_id).where(labels.c.kind == "group", labels.c.article_id.in_(list(article_ids)))
    return set(connection.execute(query).scalars())


def _date(connection: Connection, story_id: str) -> None:
    """Let a story span its members."""
    query = (
        select(func.min(articles.c.seen_at), func.max(articles.c.seen_at))
        .join(story_members, story_members.c.article_id == articles.c.id)
        .where(story_members.c.story_id == story_id)
    )
    first, last = connection.execute(query).one()
    connection.execute(update(stories).where(stories.c.id == story_id).values(first_seen_at=first, last_seen_at=last))


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
