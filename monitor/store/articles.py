"""Articles, the entries that brought them, and their revisions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, text, update

from monitor.core.article import Article, Sighting
from monitor.core.decision import Versions
from monitor.store.schema import articles, decisions, entries, revisions
from monitor.store.upsert import insert_new

CHUNK = 500  # ids in one IN (...): SQLite's limit is far above, PostgreSQL plans it well


def add_sightings(
    connection: Connection,
    feed_id: str,
    sightings: Sequence[Sighting],
    *,
    now: datetime,
    polled_at: datetime | None = None,
) -> tuple[Article, ...]:
    """Store what one feed showed, each article once; returns those that are new to the store.

    ``polled_at`` is when the feed was polled last before, None for the first time.

    An entry key that this feed showed before is the same article even if its link changed. A changed title or
    summary, told by the feed that brought the article, is kept as a revision.
    """
    by_key = {sighting.entry_key: sighting.article for sighting in sightings}
    known_entries = _known_entries(connection, feed_id, by_key)
    fresh = {key: article for key, article in by_key.items() if key not in known_entries}
    held = {
        article.id: article
        for article in get_articles(connection, [*(a.id for a in fresh.values()), *known_entries.values()])
    }
    new = {article.id: article for article in fresh.values() if article.id not in held}
    rows = [_row(article) | {"unseen_at": polled_at} for article in new.values()]
    insert_new(connection, articles, rows, keys=("id",))
    insert_new(
        connection,
        entries,
        [
            {"feed_id": feed_id, "entry_key": key, "article_id": article.id, "seen_at": now}
            for key, article in fresh.items()
        ],
        keys=("feed_id", "entry_key"),
    )
    _revise(
        connection,
        feed_id,
        [(held[article_id], by_key[key]) for key, article_id in known_entries.items() if article_id in held],
        now=now,
    )
    return tuple(new.values())


def _known_entries(connection: Connection, feed_id: str, keys: Iterable[str]) -> dict[str, str]:
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), CHUNK):
        query = select(entries.c.entry_key, entries.c.article_id).where(
            entries.c.feed_id == feed_id, entries.c.entry_key.in_(wanted[start : start + CHUNK])
        )
        found.update(dict(connection.execute(query).all()))
    return found


def _revise(connection: Connection, feed_id: str, pairs: Iterable[tuple[Article, Article]], *, now: datetime) -> None:
    for old, shown in pairs:
        if old.feed_id != feed_id or (old.title, old.summary) == (shown.title, shown.summary):
            continue
        connection.execute(insert(revisions).values(article_id=old.id, at=now, title=old.title, summary=old.summary))
        connection.execute(
            update(articles).where(articles.c.id == old.id).values(title=shown.title, summary=shown.summary)
        )


def text_at(connection: Connection, article: Article, moment: datetime) -> tuple[str, str]:
    """Title and summary of an article as they were then."""
    query = (
        select(revisions.c.title, revisions.c.summary)
        .where(revisions.c.article_id == article.id, revisions.c.at > moment)
        .order_by(revisions.c.at, revisions.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.title, row.summary) if row is not None else (article.title, article.summary)


def undecided(connection: Connection, *, limit: int) -> tuple[Article, ...]:
    """Articles without a decision in force, oldest first: the classifier's to-do list."""
    query = (
        select(articles)
        .where(articles.c.decision_id.is_(None))
        .order_by(articles.c.seen_at, articles.c.id)
        .limit(limit)
    )
    return tuple(_article(row) for row in connection.execute(query).mappings())


def decided_otherwise(
    connection: Connection, versions: Versions, *, since: datetime, until: datetime, limit: int
) -> tuple[Article, ...]:
    """Articles first seen from then until then whose decision in force is of other versions, oldest first."""
    query = (
        select(articles)
        .join(decisions, decisions.c.id == articles.c.decision_id)
        .where(articles.c.seen_at.between(since, until), _other(versions))
        .order_by(articles.c.seen_at, articles.c.id)
        .limit(limit)
    )
    return tuple(_article(row) for row in connection.execute(query).mappings())


def count_decided_otherwise(connection: Connection, versions: Versions, *, since: datetime, until: datetime) -> int:
    """How many articles ``decided_otherwise`` would return without a limit."""
    query = (
        select(func.count())
        .select_from(articles)
        .join(decisions, decisions.c.id == articles.c.decision_id)
        .where(articles.c.seen_at.between(since, until), _other(versions))
    )
    return int(connection.execute(query).scalar_one())


def search_articles(connection: Connection, words: Iterable[str], *, limit: int) -> tuple[Article, ...]:
    """Articles with each of these words in title or summary, newest first.

    SQLite compares without case in ASCII only, so that a word is looked for in its usual spellings.
    """
    query = select(articles)
    for word in words:
        spellings = {word, word.lower(), word.capitalize(), word.upper()}
        columns = (articles.c.title, articles.c.summary)
        query = query.where(or_(*(c.icontains(spelling, autoescape=True) for c in columns for spelling in spellings)))
    query = query.order_by(articles.c.seen_at.desc(), articles.c.id).limit(limit)
    return tuple(_article(row) for row in connection.execute(query).mappings())


def _other(versions: Versions) -> ColumnElement[bool]:
    return or_(
        decisions.c.model != versions.model,
        decisions.c.watch != versions.watch,
        decisions.c.settings != versions.settings,
    )


def get_articles(connection: Connection, ids: Iterable[str]) -> tuple[Article, ...]:
    """The articles with these ids, in no order; unknown ids are left out."""
    wanted = list(dict.fromkeys(ids))
    found: list[Article] = []
    for start in range(0, len(wanted), CHUNK):
        query = select(articles).where(articles.c.id.in_(wanted[start : start + CHUNK]))
        found.extend(_article(row) for row in connection.execute(query).mappings())
    return tuple(found)


def without_text(
    connection: Connection, feed_ids: Sequence[str], *, since: datetime, now: datetime, limit: int
) -> tuple[Article, ...]:
    """Articles of these feeds first seen since then that have a link, no full text and no wait left, newest first."""
    query = select(articles).where(*_without_text(feed_ids, since, now))
    query = query.order_by(articles.c.seen_at.desc(), articles.c.id).limit(limit)
    return tuple(_article(row) for row in connection.execute(query).mappings())


def count_without_text(connection: Connection, feed_ids: Sequence[str], *, since: datetime, now: datetime) -> int:
    """How many articles ``without_text`` would return without a limit."""
    if not feed_ids:
        return 0
    query = select(func.count()).select_from(articles).where(*_without_text(feed_ids, since, now))
    return int(connection.execute(query).scalar_one())


def _without_text(feed_ids: Sequence[str], since: datetime, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        articles.c.feed_id.in_(feed_ids),
        articles.c.seen_at >= since,
        articles.c.text == "",
        articles.c.url != "",
        or_(articles.c.read_after.is_(None), articles.c.read_after <= now),
    )


def save_text(connection: Connection, article_id: str, text: str) -> None:
    """Keep the full text of one article."""
    connection.execute(update(articles).where(articles.c.id == article_id).values(text=text))


def put_off_reading(connection: Connection, article_id: str, *, until: datetime) -> None:
    """Leave the page of one article alone until then."""
    connection.execute(update(articles).where(articles.c.id == article_id).values(read_after=until))


def find_by_url(connection: Connection, url: str) -> Article | None:
    """The article with this canonical URL, if we have it."""
    row = connection.execute(select(articles).where(articles.c.url == url).limit(1)).mappings().first()
    return _article(row) if row is not None else None


def count_articles(connection: Connection, *, since: datetime | None = None) -> int:
    """How many articles were first seen since then (None: ever)."""
    query = select(func.count()).select_from(articles)
    if since is not None:
        query = query.where(articles.c.seen_at >= since)
    return int(connection.execute(query).scalar_one())


def estimate_articles(connection: Connection) -> int:
    """About how many articles are stored, at the same cost in a store of any size.

    SQLite numbers rows in the order in which they come, and the oldest are deleted first. PostgreSQL knows it from its
    last vacuum; where there was none yet, they are few enough to be counted.
    """
    if connection.dialect.name == "sqlite":
        query = "SELECT coalesce((SELECT max(rowid) FROM articles) - (SELECT min(rowid) FROM articles) + 1, 0)"
        return int(connection.execute(text(query)).scalar_one())
    found = int(
        connection.execute(text("SELECT reltuples FROM pg_class WHERE oid = 'articles'::regclass")).scalar_one()
    )
    return found if found >= 0 else count_articles(connection)


def count_by_feed(connection: Connection, *, since: datetime, until: datetime) -> dict[str, int]:
    """How many articles each feed brought first in (since, until], by feed id."""
    query = (
        select(articles.c.feed_id, func.count())
        .where(articles.c.seen_at > since, articles.c.seen_at <= until)
        .group_by(articles.c.feed_id)
    )
    return {feed_id: int(count) for feed_id, count in connection.execute(query).all()}


def count_undecided(connection: Connection) -> int:
    """How many articles wait for a decision."""
    return int(
        connection.execute(
            select(func.count()).select_from(articles).where(articles.c.decision_id.is_(None))
        ).scalar_one()
    )


def _row(article: Article) -> dict[str, object]:
    return {
        "id": article.id,
        "feed_id": article.feed_id,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "language": article.language,
        "tier": article.tier,
        "country": article.country,
        "published_at": article.published_at,
        "seen_at": article.seen_at,
        "dated": article.dated,
    }


def _article(row: RowMapping) -> Article:
    return Article(
        id=row["id"],
        feed_id=row["feed_id"],
        outlet=row["outlet"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        text=row["text"],
        language=row["language"],
        tier=row["tier"],
        country=row["country"],
        published_at=row["published_at"],
        seen_at=row["seen_at"],
        dated=row["dated"],
    )
