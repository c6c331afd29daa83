"""What people said about articles."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

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
    return [
        Label(
            article_id=row.article_id,
            kind=row.kind,
            value=row.value,
            who=row.who,
            at=row.at,
            text=row.text,
            model=row.model,
        )
        for row in connection.execute(select(labels).order_by(labels.c.id))
    ]
