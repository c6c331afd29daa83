"""The archive as a replay reads it: decided articles, one after the other, without holding them all."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Text, and_, cast, select

from monitor.core.article import Article
from monitor.core.decision import Decision, Prediction, Versions
from monitor.core.trial import Past
from monitor.store.schema import articles, decisions, predictions, story_members

AT_ONCE = 1000  # rows held in memory
NONE = "[]"  # what most articles match; not worth parsing


def decided_articles(connection: Connection, *, since: datetime) -> Iterator[Past]:
    """Every article first seen since then that has a decision, oldest first, with the prediction behind it."""
    a, d, p = articles.c, decisions.c, predictions.c
    query = (
        select(a.id, a.feed_id, a.outlet, a.url, a.title, a.summary, a.text, a.language, a.tier, a.published_at)
        .add_columns(a.seen_at, a.dated, d.model, d.watch, d.settings, d.score, d.digest, d.alert)
        .add_columns(cast(d.terms, Text), d.decided_at, d.late, p.probability, p.themes, story_members.c.story_id)
        .join(decisions, d.id == a.decision_id)
        .join(predictions, and_(p.article_id == a.id, p.model == d.model))
        .outerjoin(story_members, story_members.c.article_id == a.id)
        .where(a.seen_at >= since)
        .order_by(a.seen_at, a.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in connection.execute(query):
        yield _past(*row)


def _past(  # the columns of the query, in its order: reading them by name would take twice as long
    key: str, feed: str, outlet: str, url: str, title: str, summary: str, text: str, language: str, tier: str,
    published: datetime, seen: datetime, dated: bool, model: str, watch: str, settings: str, score: float,
    digest: bool, alert: bool, terms: str, decided: datetime, late: bool,
    probability: float, probabilities: dict[str, float], story: str | None,
) -> Past:  # fmt: skip
    return Past(
        article=Article(
            id=key,
            feed_id=feed,
            outlet=outlet,
            url=url,
            title=title,
            summary=summary,
            text=text,
            language=language,
            tier=tier,
            published_at=published,
            seen_at=seen,
            dated=dated,
        ),
        prediction=Prediction(article_id=key, model=model, probability=probability, themes=probabilities),
        decision=Decision(
            article_id=key,
            versions=_versions(model, watch, settings),
            score=score,
            digest=digest,
            alert=alert,
            themes=(),
            reasons=(),
            terms=tuple(json.loads(terms)) if terms != NONE else (),
            decided_at=decided,
            late=late,
        ),
        story_id=story or "",
    )


@cache
def _versions(model: str, watch: str, settings: str) -> Versions:
    return Versions(model=model, watch=watch, settings=settings)
