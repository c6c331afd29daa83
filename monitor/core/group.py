"""Which story does an article belong to? The first version: titles that say nearly the same."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from monitor.core.article import Article
from monitor.core.story import Story

REACH = timedelta(days=3)
ALIKE = 80.0

_TOKEN = re.compile(r"\w+")


def new_story_id(article: Article) -> str:
    """The lasting id of the story that begins with ``article``: the same article always founds the same story."""
    return f"st-{article.id[:16]}"


def choose_story(article: Article, stories: Sequence[Story]) -> str | None:
    """Id of the story of ``stories`` that ``article`` belongs to, or None when it begins a new one."""
    best, found = ALIKE, None
    for story in stories:
        likeness = max((_likeness(article, told.article) for told in story.members), default=0.0)
        if likeness >= best:
            best, found = likeness, story.id
    return found


def group_articles(articles: Iterable[Article]) -> list[tuple[str, str]]:
    """(article id, story id) for articles in order of time, as if each was classified when it came."""
    members: dict[str, list[Article]] = {}
    placed: list[tuple[str, str]] = []
    for article in articles:
        scores = {story_id: max(_likeness(article, other) for other in others) for story_id, others in members.items()}
        best = max(scores, key=lambda story_id: scores[story_id], default="")
        story_id = best if best and scores[best] >= ALIKE else new_story_id(article)
        members.setdefault(story_id, []).append(article)
        placed.append((article.id, story_id))
    return placed


def _likeness(one: Article, other: Article) -> float:
    """0..100: how alike the titles are; 0 for other languages or times."""
    if one.language != other.language or abs(one.published_at - other.published_at) > REACH:
        return 0.0
    return fuzz.token_sort_ratio(_plain(one.title), _plain(other.title))


def _plain(title: str) -> str:
    return " ".join(_TOKEN.findall(title.casefold()))
