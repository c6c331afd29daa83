"""Trained models, kept in the database so that every worker has them without a shared disk."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitor.errors import ModelMismatchError
from monitor.store.schema import evaluations, models
from monitor.store.upsert import insert_new, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was measured of one model on one set of labelled texts. ``evaluation_set``: hash of the set."""

    model: str
    evaluation_set: str
    name: str
    """Of the file."""
    at: datetime
    report: Mapping[str, Any]


def save_model(
    connection: Connection, *, version: str, made_at: datetime, card: Mapping[str, Any], archive: bytes
) -> None:
    """Keep a trained model (``archive``: its folder, packed). The same version is kept once."""
    row = {"version": version, "made_at": made_at, "card": dict(card), "archive": archive, "promoted_at": None}
    row["sha256"] = hashlib.sha256(archive).hexdigest()
    insert_new(connection, models, [row], keys=("version",))


def promote_model(connection: Connection, version: str, *, now: datetime) -> bool:
    """Put a kept model in use; False when there is no such model."""
    return connection.execute(update(models).where(models.c.version == version).values(promoted_at=now)).rowcount == 1


def model_in_use(connection: Connection) -> str | None:
    """Version of the model promoted last."""
    query = (
        select(models.c.version).where(models.c.promoted_at.is_not(None)).order_by(models.c.promoted_at.desc()).limit(1)
    )
    return connection.execute(query).scalar()


def used_since(connection: Connection) -> tuple[str, datetime, datetime] | None:
    """(Version, made at, promoted at) of the model promoted last, or None."""
    query = select(models.c.version, models.c.made_at, models.c.promoted_at).where(models.c.promoted_at.is_not(None))
    row = connection.execute(query.order_by(models.c.promoted_at.desc()).limit(1)).one_or_none()
    return (row.version, row.made_at, row.promoted_at) if row is not None else None


def last_made(connection: Connection) -> datetime | None:
    """When a model was made last, used or refused."""
    return connection.execute(select(func.max(models.c.made_at))).scalar()


def card_in_use(connection: Connection) -> dict[str, Any] | None:
    """The card of the model promoted last, without loading the model."""
    query = (
        select(models.c.card).where(models.c.promoted_at.is_not(None)).order_by(models.c.promoted_at.desc()).limit(1)
    )
    return connection.execute(query).scalar()


def load_archive(connection: Connection, version: str) -> bytes | None:
    """The packed folder of one model. Raises ModelMismatchError when it is not the one that was kept."""
    row = connection.execute(select(models.c.archive, models.c.sha256).where(models.c.version == version)).first()
    if row is None:
        return None
    archive: bytes = row.archive
    if hashlib.sha256(archive).hexdigest() != row.sha256:
        raise ModelMismatchError(
            f"model {version} in the store is not the one that was kept there: its hash differs; run `monitor train "
            "--force` to make another, and find out who changed it"
        )
    return archive


def hash_of(connection: Connection, version: str) -> str | None:
    """The hash (SHA-256) that the packed folder of one model had when it was kept."""
    return connection.execute(select(models.c.sha256).where(models.c.version == version)).scalar()


def list_models(connection: Connection) -> list[tuple[str, datetime, datetime | None, dict[str, Any]]]:
    """(version, made at, promoted at, card) of every kept model, newest first."""
    query = select(models.c.version, models.c.made_at, models.c.promoted_at, models.c.card).order_by(
        models.c.made_at.desc()
    )
    return list(connection.execute(query).all())


def save_evaluation(connection: Connection, evaluation: Evaluation) -> None:
    """Keep what was measured; a later report of the same model on the same set takes its place."""
    row = {
        "model": evaluation.model,
        "evaluation_set": evaluation.evaluation_set,
        "name": evaluation.name,
        "at": evaluation.at,
        "report": dict(evaluation.report),
    }
    upsert(connection, evaluations, [row], keys=("model", "evaluation_set"))


def list_evaluations(connection: Connection, version: str) -> list[Evaluation]:
    """Every evaluation of one model, the last first."""
    query = select(evaluations).where(evaluations.c.model == version)
    rows = connection.execute(query.order_by(evaluations.c.at.desc(), evaluations.c.evaluation_set))
    return [
        Evaluation(model=row.model, evaluation_set=row.evaluation_set, name=row.name, at=row.at, report=row.report)
        for row in rows
    ]
