"""Looks below the line: what was sampled, and when."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.core.review import Review, Sampled, Stratum
from monitor.store.schema import review_articles, reviews


def save_review(connection: Connection, review: Review) -> None:
    """Keep a sample."""
    connection.execute(
        insert(reviews).values(
            drawn_at=review.drawn_at,
            since=review.since,
            model=review.model,
            threshold=review.threshold,
            strata=[[stratum.held, stratum.expected] for stratum in review.strata],
        )
    )
    rows = [
        {
            "drawn_at": review.drawn_at,
            "article_id": one.article_id,
            "position": position,
            "stratum": one.stratum,
            "score": one.score,
        }
        for position, one in enumerate(review.articles)
    ]
    if rows:
        connection.execute(insert(review_articles), rows)


def reviews_since(connection: Connection, since: datetime) -> list[Review]:
    """The samples drawn since then, the oldest first."""
    drawn = connection.execute(select(reviews).where(reviews.c.drawn_at >= since).order_by(reviews.c.drawn_at)).all()
    articles = select(review_articles).where(review_articles.c.drawn_at >= since).order_by(review_articles.c.position)
    held: dict[datetime, list[Sampled]] = {}
    for row in connection.execute(articles):
        one = Sampled(article_id=row.article_id, stratum=row.stratum, score=row.score)
        held.setdefault(row.drawn_at, []).append(one)
    return [
        Review(
            drawn_at=row.drawn_at,
            since=row.since,
            model=row.model,
            threshold=row.threshold,
            strata=tuple(Stratum(held=count, expected=relevant) for count, relevant in row.strata),
            articles=tuple(held.get(row.drawn_at, ())),
        )
        for row in drawn
    ]


def last_sample(connection: Connection) -> list[str]:
    """Ids of the articles of the last sample, in the order in which they are asked."""
    last = select(reviews.c.drawn_at).order_by(reviews.c.drawn_at.desc()).limit(1).scalar_subquery()
    query = select(review_articles.c.article_id).where(review_articles.c.drawn_at == last)
    return list(connection.execute(query.order_by(review_articles.c.position)).scalars())
