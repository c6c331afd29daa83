"""Articles, and what was sent, as records: what leaves one store and can be put into another.

A record is plain data for JSON: rows by table. One of an article holds all that hangs on it; one of a digest or alert
its messages; one of a version its text. Ids that a database counts mean something within their record only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, insert, select, tuple_, update

from monitor.store.outbox import OPEN_STATES
from monitor.store.schema import (
    UtcDateTime,
    articles,
    decisions,
    deliveries,
    digests,
    entries,
    evidence,
    message_revisions,
    predictions,
    revisions,
    stories,
    story_members,
    told,
    versions,
)
from monitor.store.upsert import insert_new, upsert

Record = Mapping[str, Sequence[Mapping[str, Any]]]
OF_ARTICLE = (entries, revisions, predictions, decisions, story_members, told, evidence)
OF_BUNDLE = (digests, deliveries, message_revisions)
TABLES = {table.name: table for table in (articles, *OF_ARTICLE, stories, *OF_BUNDLE, versions)}
UNSENT = "it was waiting to be posted when it was exported"


def article_records(connection: Connection, ids: Sequence[str]) -> list[Record]:
    """A record each of these articles, in their order: the article, all that hangs on it, and its story."""
    held: dict[str, dict[str, list[Mapping[str, Any]]]] = {
        row["id"]: {"articles": [row]} for row in _rows(connection, articles, articles.c.id.in_(ids))
    }
    for table in OF_ARTICLE:
        for row in _rows(connection, table, table.c.article_id.in_(ids)):
            held[row["article_id"]].setdefault(table.name, []).append(row)
    of_stories: dict[str, list[Mapping[str, Any]]] = {}
    members = [row["story_id"] for record in held.values() for row in record.get("story_members", ())]
    for row in _rows(connection, stories, stories.c.id.in_(members) | stories.c.merged_into.in_(members)):
        of_stories.setdefault(row["merged_into"] or row["id"], []).append(row)
    for record in held.values():
        for member in record.get("story_members", ()):
            record["stories"] = of_stories[member["story_id"]]
    return [held[id_] for id_ in ids if id_ in held]


def digest_records(connection: Connection, bundles: Sequence[tuple[str, datetime]]) -> list[Record]:
    """A record each of these digests and alerts (ledger, cut): its messages, and how they stood before each edit."""
    held: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = {}
    for table in OF_BUNDLE:
        for ledger, cut in bundles:
            for row in _rows(connection, table, (table.c.digest_id == ledger) & (table.c.cut == cut)):
                held.setdefault((ledger, row["cut"]), {}).setdefault(table.name, []).append(row)
    return list(held.values())


def version_records(connection: Connection, which: Sequence[tuple[str, str]]) -> list[Record]:
    """A record each of these versions (kind, version) of config files."""
    rows = _rows(connection, versions, tuple_(versions.c.kind, versions.c.version).in_(which))
    return [{"versions": [row]} for row in rows]


def versions_used(connection: Connection, *, since: datetime | None, before: datetime | None) -> list[tuple[str, str]]:
    """(Kind, version) of the config files that were in use in [since, before)."""
    query = select(versions.c.kind, versions.c.version)
    if since is not None:
        query = query.where(versions.c.last_used_at >= since)
    if before is not None:
        query = query.where(versions.c.first_used_at < before)
    return [(row.kind, row.version) for row in connection.execute(query)]


def article_ids(
    connection: Connection, *, since: datetime | None, before: datetime | None, limit: int
) -> Iterator[list[str]]:
    """Ids of the articles first seen in [since, before), oldest first, ``limit`` at a time."""
    key = tuple_(articles.c.seen_at, articles.c.id)
    query = select(articles.c.id, articles.c.seen_at).order_by(articles.c.seen_at, articles.c.id).limit(limit)
    if since is not None:
        query = query.where(articles.c.seen_at >= since)
    if before is not None:
        query = query.where(articles.c.seen_at < before)
    found = connection.execute(query).all()
    while found:
        yield [row.id for row in found]
        last = found[-1]
        found = connection.execute(query.where(key > (last.seen_at, last.id))).all()


def bundles_cut(
    connection: Connection, *, since: datetime | None, before: datetime | None
) -> list[tuple[str, datetime]]:
    """(ledger, cut) of the digests, alerts and other messages cut in [since, before), oldest first."""
    found: set[tuple[str, datetime]] = set()
    for table in (digests, deliveries):
        query = select(table.c.digest_id, table.c.cut).distinct()
        if since is not None:
            query = query.where(table.c.cut >= since)
        if before is not None:
            query = query.where(table.c.cut < before)
        found |= {(ledger, cut) for ledger, cut in connection.execute(query)}
    return sorted(found, key=lambda bundle: (bundle[1], bundle[0]))


def put_records(connection: Connection, records: Iterable[Record]) -> int:
    """Store what is not here yet; returns how many of the articles were new. An article that is here stays as it is.

    Nothing is told because of it: decisions keep their time, ledgers say what was told, and a message that waited to
    be posted is stored as one that never will be. Raises ValueError for what is no record.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for record in records:
        for name, some in record.items():
            if name not in TABLES:
                raise ValueError(f"there is no table {name!r} for its rows")
            rows[name] += [_typed(TABLES[name], row) for row in some]
    fresh = _put_articles(connection, rows)
    for row in rows["deliveries"]:
        if row["state"] in OPEN_STATES:
            row |= {"state": "refused", "error": UNSENT}
    insert_new(connection, digests, rows["digests"], keys=("digest_id", "cut"))
    insert_new(connection, deliveries, rows["deliveries"], keys=("digest_id", "cut", "part"))
    _put_former(connection, rows["message_revisions"])
    insert_new(connection, versions, rows["versions"], keys=("kind", "version"))
    return fresh


def _put_articles(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> int:
    given = {row["id"]: row for row in rows["articles"]}
    fresh = given.keys() - set(connection.execute(select(articles.c.id).where(articles.c.id.in_(given))).scalars())
    mine = {
        table.name: [row for row in rows[table.name] if row["article_id"] in fresh] for table in (*OF_ARTICLE, told)
    }
    insert_new(connection, articles, [given[id_] | {"decision_id": None} for id_ in sorted(fresh)], keys=("id",))
    _put_entries(connection, mine["entries"])
    insert_new(connection, predictions, mine["predictions"], keys=("article_id", "model"))
    for table in (revisions, decisions):
        if some := [{name: value for name, value in row.items() if name != "id"} for row in mine[table.name]]:
            connection.execute(insert(table), some)
    _put_in_force(connection, given, mine["decisions"])
    insert_new(connection, stories, rows["stories"], keys=("id",))
    became = select(stories.c.id, stories.c.merged_into).where(
        stories.c.id.in_({row["story_id"] for row in mine["story_members"]}), stories.c.merged_into.is_not(None)
    )
    now_in = dict(connection.execute(became).all())
    for row in (*mine["story_members"], *mine["told"]):
        row["story_id"] = now_in.get(row["story_id"], row["story_id"])
    insert_new(connection, story_members, mine["story_members"], keys=("article_id",))
    insert_new(connection, told, mine["told"], keys=("digest_id", "article_id"))
    insert_new(connection, evidence, mine["evidence"], keys=("digest_id", "article_id"))
    return len(fresh)


def _put_former(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """How messages stood before they were edited; those of a message that has some here are here."""
    m = message_revisions.c
    asked = {(row["digest_id"], row["cut"], row["part"]) for row in rows}
    query = select(m.digest_id, m.cut, m.part).where(tuple_(m.digest_id, m.cut, m.part).in_(asked))
    known = {tuple(key) for key in connection.execute(query)} if asked else set()
    new = [row for row in rows if (row["digest_id"], row["cut"], row["part"]) not in known]
    if some := [{name: value for name, value in row.items() if name != "id"} for row in new]:
        connection.execute(insert(message_revisions), some)


def _put_in_force(
    connection: Connection, given: Mapping[str, Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let the decision that was in force be so here, under its new id."""
    d = decisions.c
    made = select(d.id, d.article_id, d.model, d.watch, d.settings).where(d.article_id.in_([*given]))
    new = {tuple(key): id_ for id_, *key in connection.execute(made)}
    found = [
        {"this": row["article_id"], "made": new[row["article_id"], row["model"], row["watch"], row["settings"]]}
        for row in rows
        if given[row["article_id"]]["decision_id"] == row["id"]
    ]
    if found:
        change = update(articles).where(articles.c.id == bindparam("this")).values(decision_id=bindparam("made"))
        connection.execute(change, found)


def _put_entries(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """An entry that outlived its article here has it again."""
    insert_new(connection, entries, rows, keys=("feed_id", "entry_key"))
    by_feed: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by_feed.setdefault(row["feed_id"], {})[row["entry_key"]] = row
    again: list[Mapping[str, Any]] = []
    for feed_id, mine in by_feed.items():
        of_feed = (entries.c.feed_id == feed_id, entries.c.entry_key.in_(mine), entries.c.article_id.is_(None))
        again += [mine[key] for key in connection.execute(select(entries.c.entry_key).where(*of_feed)).scalars()]
    upsert(connection, entries, again, keys=("feed_id", "entry_key"))


def _rows(connection: Connection, table: Table, which: Any) -> list[dict[str, Any]]:
    """In the order of their keys, which is made here: a database that is asked for it may walk through all of them."""
    names = [column.name for column in table.primary_key.columns]
    found = connection.execute(select(table).where(which)).mappings()
    return sorted((_plain(row) for row in found), key=lambda row: [row[name] for name in names])


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the database takes it; a column that did not exist yet when it was written is empty."""
    if unknown := row.keys() - table.c.keys():
        raise ValueError(f"{table.name}: a newer version wrote {', '.join(sorted(unknown))}")
    typed = {}
    for column in table.columns:
        value = row.get(column.name)
        if value is None and not column.nullable:
            raise ValueError(f"{table.name}: a row without {column.name}")
        if isinstance(column.type, UtcDateTime) and value is not None:
            value = datetime.fromisoformat(value).astimezone(UTC)
        typed[column.name] = value
    return typed
