"""The archive as a replay reads it: decided articles, one after the other, without holding them all."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape

from sqlalchemy import Connection, Text, and_, cast, func, select

from monitor.core.article import Article
from monitor.core.decision import Decision, Prediction, Versions
from monitor.core.digest import ALERTS
from monitor.core.trial import Past
from monitor.store.articles import CHUNK
from monitor.store.schema import articles, decisions, deliveries, predictions, story_members, told

AT_ONCE = 1000  # rows held in memory
NONE = "[]"  # what most articles match; not worth parsing


@dataclass(frozen=True, slots=True)
class Telling:
    """One article told in one digest, or by an alert; ``at`` is when it was posted, or composed where it was not."""

    digest_id: str
    cut: datetime
    story_id: str
    at: datetime


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


def first_seen(connection: Connection) -> datetime | None:
    """When the archive begins."""
    return connection.execute(select(func.min(articles.c.seen_at))).scalar()


def tellings(connection: Connection, article_ids: Iterable[str]) -> dict[str, list[Telling]]:
    """By article id, where and when readers were told of it, first to last."""
    found: dict[str, list[Telling]] = {}
    when = _posted(connection)
    for chunk in _chunks(article_ids):
        for row in connection.execute(select(told).where(told.c.article_id.in_(chunk)).order_by(told.c.cut)):
            at = when.get((row.digest_id, row.cut), row.cut)
            found.setdefault(row.article_id, []).append(Telling(row.digest_id, row.cut, row.story_id, at))
    return found


def _posted(connection: Connection) -> dict[tuple[str, datetime], datetime]:
    """When the first part of each digest was posted."""
    key = (deliveries.c.digest_id, deliveries.c.cut)
    query = select(*key, func.min(deliveries.c.posted_at)).where(deliveries.c.state == "posted").group_by(*key)
    return {(digest_id, cut): at for digest_id, cut, at in connection.execute(query) if at is not None}


def told_stories(connection: Connection, story_ids: Iterable[str]) -> set[str]:
    """Those of the stories of which readers were told at all."""
    return {
        story_id
        for chunk in _chunks(story_ids)
        for story_id in connection.execute(
            select(told.c.story_id).where(told.c.story_id.in_(chunk)).distinct()
        ).scalars()
    }


def shows(connection: Connection, telling: Telling) -> bool:
    """Whether the messages of a digest name the story, or only count it among those left out. Alerts always name it."""
    payloads = connection.execute(
        select(deliveries.c.payload).where(deliveries.c.digest_id == telling.digest_id, deliveries.c.cut == telling.cut)
    ).scalars()
    texts = [json.dumps(payload, ensure_ascii=False) for payload in payloads]
    if not texts or telling.digest_id.startswith(ALERTS):
        return True
    members = connection.execute(
        select(articles.c.url, articles.c.title)
        .join(told, told.c.article_id == articles.c.id)
        .where(told.c.digest_id == telling.digest_id, told.c.cut == telling.cut, told.c.story_id == telling.story_id)
    ).all()
    names = {form for member in members for name in member if name for form in (name, escape(name, quote=False))}
    return any(json.dumps(name, ensure_ascii=False)[1:-1] in text for text in texts for name in names)


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    wanted = list(dict.fromkeys(ids))
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))


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
