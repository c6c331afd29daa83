"""Predictions and decisions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select, update

from monitor.core.decision import Decision, Prediction, Reason, Versions
from monitor.core.trend import Flagged
from monitor.store.schema import articles, decisions, predictions, story_members
from monitor.store.upsert import insert_new, upsert


def save_predictions(connection: Connection, made: Iterable[Prediction]) -> None:
    """Keep predictions; one that exists for the same article and model stays as it is."""
    rows = [
        {
            "article_id": p.article_id,
            "model": p.model,
            "probability": p.probability,
            "themes": dict(p.themes),
            "reasons": [_reason_row(r) for r in p.reasons],
        }
        for p in made
    ]
    insert_new(connection, predictions, rows, keys=("article_id", "model"))


def load_predictions(connection: Connection, article_ids: Iterable[str], *, model: str) -> dict[str, Prediction]:
    """Stored predictions of one model, by article id."""
    query = select(predictions).where(predictions.c.model == model, predictions.c.article_id.in_(list(article_ids)))
    return {row["article_id"]: _prediction(row) for row in connection.execute(query).mappings()}


def save_decisions(connection: Connection, made: Iterable[Decision]) -> None:
    """Keep decisions and put each in force for its article. The same article and versions give the same row."""
    for decision in made:
        key = {
            "article_id": decision.article_id,
            "model": decision.versions.model,
            "watch": decision.versions.watch,
            "settings": decision.versions.settings,
        }
        row = {
            **key,
            "score": decision.score,
            "digest": decision.digest,
            "alert": decision.alert,
            "themes": list(decision.themes),
            "reasons": [_reason_row(r) for r in decision.reasons],
            "terms": list(decision.terms),
            "decided_at": decision.decided_at,
            "late": decision.late,
        }
        upsert(connection, decisions, [row], keys=tuple(key))
        this = select(decisions.c.id).filter_by(**key).scalar_subquery()
        connection.execute(update(articles).where(articles.c.id == decision.article_id).values(decision_id=this))


def decisions_in_force(connection: Connection, article_ids: Iterable[str]) -> dict[str, Decision]:
    """What is concluded at present about these articles, by article id; undecided ones are left out."""
    query = (
        select(decisions)
        .join(articles, articles.c.decision_id == decisions.c.id)
        .where(articles.c.id.in_(list(article_ids)))
    )
    return {row["article_id"]: _decision(row) for row in connection.execute(query).mappings()}


def nearest(connection: Connection, score: float, *, since: datetime, limit: int) -> list[str]:
    """Ids of the articles first seen since then whose decision in force is nearest to ``score``, nearest first."""
    query = (
        select(articles.c.id)
        .join(decisions, articles.c.decision_id == decisions.c.id)
        .where(articles.c.seen_at >= since)
        .order_by(func.abs(decisions.c.score - score), articles.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def scores_of(
    connection: Connection, *, since: datetime, until: datetime
) -> list[tuple[str, datetime, float, bool, str]]:
    """(Article id, first seen, score, flagged, title) of what was first seen in [since, until) and is decided."""
    query = (
        select(articles.c.id, articles.c.seen_at, decisions.c.score, decisions.c.digest, articles.c.title)
        .join(decisions, articles.c.decision_id == decisions.c.id)
        .where(articles.c.seen_at >= since, articles.c.seen_at < until)
        .order_by(articles.c.seen_at, articles.c.id)
    )
    return [tuple(row) for row in connection.execute(query)]


def count_decisions(connection: Connection, *, after: datetime, until: datetime) -> dict[str, int]:
    """How many articles were decided in the half-open time (after, until]: ``decided`` and ``flagged``."""
    query = select(func.count(), func.count().filter(decisions.c.digest)).where(
        decisions.c.decided_at > after, decisions.c.decided_at <= until
    )
    decided, flagged = connection.execute(query).one()
    return {"decided": int(decided), "flagged": int(flagged)}


def in_force() -> ColumnElement[bool]:
    """Joins articles and decisions: each article with its decision in force, found from either end by an index."""
    return and_(articles.c.id == decisions.c.article_id, articles.c.decision_id == decisions.c.id)


def flagged_since(connection: Connection, *, since: datetime, cut: datetime) -> tuple[Flagged, ...]:
    """Flagged articles in stories, published and decided in (since, cut], by the decisions in force; in no order."""
    query = (
        select(story_members.c.story_id, decisions.c.themes, articles.c.published_at)
        .join_from(decisions, articles, in_force())
        .join(story_members, story_members.c.article_id == articles.c.id)
        .where(decisions.c.digest, decisions.c.decided_at > since, decisions.c.decided_at <= cut)
        .where(articles.c.published_at > since, articles.c.published_at <= cut)
    )
    return tuple(
        Flagged(story_id=row.story_id, themes=tuple(row.themes), at=row.published_at)
        for row in connection.execute(query)
    )


def _reason_row(reason: Reason) -> dict[str, Any]:
    return {"kind": reason.kind, "text": reason.text, "weight": reason.weight}


def _reasons(rows: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(kind=row["kind"], text=row["text"], weight=row["weight"]) for row in rows)


def _prediction(row: RowMapping) -> Prediction:
    return Prediction(
        article_id=row["article_id"],
        model=row["model"],
        probability=row["probability"],
        themes=dict(row["themes"]),
        reasons=_reasons(row["reasons"]),
    )


def _decision(row: RowMapping) -> Decision:
    return Decision(
        article_id=row["article_id"],
        versions=Versions(model=row["model"], watch=row["watch"], settings=row["settings"]),
        score=row["score"],
        digest=row["digest"],
        alert=row["alert"],
        themes=tuple(row["themes"]),
        reasons=_reasons(row["reasons"]),
        terms=tuple(row["terms"]),
        decided_at=row["decided_at"],
        late=row["late"],
    )
