"""Texts from outside the store -> the stories they would make."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.core.article import Article
from monitor.core.group import group_articles as group
from monitor.core.languages import detect_language


def group_articles(items: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """The story of each item {id, title, summary, lang, published, source}: {id, story} in the same order.

    They are grouped in order of ``published``, as if each was classified when it came. Nothing is stored.
    """
    articles = [_read(item) for item in items]
    story_of = dict(group(sorted(articles, key=lambda article: article.published_at)))
    for article in articles:
        yield {"id": article.id, "story": story_of[article.id]}


def read_time(published: str) -> datetime:
    """A moment from ISO 8601; UTC where it names no zone, midnight where it is only a day. Raises ValueError."""
    moment = datetime.fromisoformat(published)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(item: Mapping[str, Any]) -> Article:
    title, summary = str(item.get("title") or ""), str(item.get("summary") or "")
    moment = read_time(item["published"])
    return Article(
        id=item["id"],
        feed_id="",
        outlet=str(item.get("source") or ""),
        url="",
        title=title,
        summary=summary,
        language=detect_language(f"{title} {summary}", str(item.get("lang") or "")),
        published_at=moment,
        seen_at=moment,
    )
