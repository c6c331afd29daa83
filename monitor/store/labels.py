"""What people said about articles."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from monitor.core.decision import Label
from monitor.store.schema import labels


def add_labels(connection: Connection, given: Iterable[Label]) -> None:
    """Append labels; two people may disagree, and both are kept."""
    rows = [
        {
            "article_id": label.article_id,
            "kind": label.kind,
            "value": label.value,
            "who": label.who,
            "at": label.at,
            "text": label.text,
            "model": label.model,
        }
        for label in given
    ]
    if rows:
        connection.execute(insert(labels), rows)


def all_labels(connection: Connection) -> list[Label]:
    """Every label, in the order in which they were given."""
    return [_label(row) for row in connection.execute(select(labels).order_by(labels.c.id))]


def labels_of(connection: Connection, article_ids: Iterable[str]) -> list[Label]:
    """Every label of these articles, in the order in which they were given."""
    query = select(labels).where(labels.c.article_id.in_(list(article_ids))).order_by(labels.c.id)
    return [_label(row) for row in connection.execute(query)]


def withdraw_labels(connection: Connection, who: str, article_ids: Iterable[str], *, until: datetime) -> int:
    """Delete what one person said of these articles up to a moment; returns how many labels that were."""
    mine = (labels.c.who == who, labels.c.article_id.in_(list(article_ids)), labels.c.at <= until)
    return connection.execute(delete(labels).where(*mine)).rowcount


def _label(row: Any) -> Label:
    return Label(
        article_id=row.article_id,
        kind=row.kind,
        value=row.value,
        who=row.who,
        at=row.at,
        text=row.text,
        model=row.model,
    )
