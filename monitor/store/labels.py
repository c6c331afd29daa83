"""What people said about articles."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from monitor.core.decision import Label
from monitor.store.schema import articles, labels


def add_labels(connection: Connection, given: Iterable[Label]) -> None:
    """Append labels; two people may disagree, and both are kept."""
    rows = [asdict(label) for label in given]
    if rows:
        connection.execute(insert(labels), rows)


def import_labels(connection: Connection, given: Iterable[Label]) -> int:
    """Append the labels that are not here yet, so that a file can be read in twice; returns how many."""
    held = {_identity(label) for label in all_labels(connection)}
    fresh = {_identity(label): label for label in given if _identity(label) not in held}
    add_labels(connection, fresh.values())
    return len(fresh)


def _identity(label: Label) -> tuple[str, ...]:
    return label.article_id, label.kind, label.value, label.who, label.at.isoformat()


def all_labels(connection: Connection, *, who: str | None = None) -> list[Label]:
    """Every label (of one person, if named), in the order in which they were given."""
    query = select(labels).order_by(labels.c.id)
    if who is not None:
        query = query.where(labels.c.who == who)
    return [_label(row) for row in connection.execute(query)]


def labels_seen_since(connection: Connection, since: datetime) -> list[Label]:
    """Every label of the articles that were first seen since then, in the order in which they were given."""
    # Not a join: SQLite, which cannot guess how few these are, would read every label and look for its article.
    seen = select(articles.c.id).where(articles.c.seen_at >= since)
    query = select(labels).where(labels.c.article_id.in_(seen)).order_by(labels.c.id)
    return [_label(row) for row in connection.execute(query)]


def labels_of(connection: Connection, article_ids: Iterable[str]) -> list[Label]:
    """Every label of these articles, in the order in which they were given."""
    query = select(labels).where(labels.c.article_id.in_(list(article_ids))).order_by(labels.c.id)
    return [_label(row) for row in connection.execute(query)]


def withdraw_labels(connection: Connection, who: str, article_ids: Iterable[str], *, until: datetime) -> int:
    """Delete what one person said of these articles up to a moment; returns how many labels that were."""
    mine = (labels.c.who == who, labels.c.article_id.in_(list(article_ids)), labels.c.at <= until)
    return connection.execute(delete(labels).where(*mine)).rowcount


def erase_labels(connection: Connection, *, who: str) -> int:
    """Delete every label of one person, wherever it came from; returns how many there were."""
    return connection.execute(delete(labels).where(labels.c.who == who)).rowcount


def count_labels(connection: Connection, *, since: datetime | None) -> int:
    """How many labels were given since then (None: ever)."""
    query = select(func.count()).select_from(labels)
    if since is not None:
        query = query.where(labels.c.at > since)
    return int(connection.execute(query).scalar_one())


def _label(row: Any) -> Label:
    return Label(
        article_id=row.article_id,
        kind=row.kind,
        value=row.value,
        who=row.who,
        at=row.at,
        text=row.text,
        model=row.model,
        language=row.language or "und",
        source=row.source or "",
    )
