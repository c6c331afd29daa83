"""What people said about articles."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.core.decision import Label
from monitor.store.schema import labels

IN_FORCE = labels.c.undone_at.is_(None)


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
    """Every label in force (of one person, if named), in the order in which they were given."""
    query = select(labels).where(IN_FORCE).order_by(labels.c.id)
    if who is not None:
        query = query.where(labels.c.who == who)
    return [
        Label(
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
        for row in connection.execute(query)
    ]


def undo_label(connection: Connection, *, article_id: str, who: str, kind: str, now: datetime) -> bool:
    """Take back the last label of this kind that ``who`` gave the article; False when there is none in force."""
    last = select(func.max(labels.c.id)).where(
        IN_FORCE, labels.c.article_id == article_id, labels.c.who == who, labels.c.kind == kind
    )
    changed = update(labels).where(labels.c.id == last.scalar_subquery()).values(undone_at=now)
    return connection.execute(changed).rowcount == 1


def erase_labels(connection: Connection, *, who: str) -> int:
    """Delete every label of one person, those taken back too; returns how many there were."""
    return connection.execute(delete(labels).where(labels.c.who == who)).rowcount


def count_changed(connection: Connection, *, since: datetime | None) -> int:
    """How many labels were given or taken back since then (None: ever)."""
    query = select(func.count()).select_from(labels)
    if since is not None:
        query = query.where((labels.c.at > since) | (labels.c.undone_at > since))
    return int(connection.execute(query).scalar_one())
