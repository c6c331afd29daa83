"""Which story does an article belong to: the same event, in whatever language it is told.

An article joins the story whose articles it resembles most on average, and two stories become one when an article that
belongs to both shows that they tell of the same event: average linkage, one article at a time (Manning et al.,
Introduction to Information Retrieval, 17.3), on the log-odds of monitor.core.likeness.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.article import Article
from monitor.core.likeness import log_odds

REACH = timedelta(days=3)
"""An event is reported within this time."""
LIKELY = 0.0
"""Smallest mean log-odds at which articles tell of the same event: as likely as not."""
COMPARED = 12  # members of one story, the newest: enough to know it by, and the cost of one article stays bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article goes."""

    story_id: str | None
    """None: it begins a story."""
    absorbed: tuple[str, ...] = ()
    """Stories that turn out to be the same one."""


def new_story_id(article: Article) -> str:
    """The lasting id of the story that begins with ``article``: the same article always founds the same story."""
    return f"st-{article.id[:16]}"


def place(article: Article, stories: Mapping[str, Sequence[Article]], *, fixed: Container[str] = ()) -> Placement:
    """Which of ``stories`` (articles by story id, oldest first) ``article`` belongs to.

    Of stories that become one the first in ``stories`` keeps its id. Those in ``fixed`` grow, but never become one with
    another: a person said what is in them.
    """
    near = {story_id: held for story_id, told in stories.items() if (held := _near(article, told))}
    likeness = {story_id: _likeness([article], held) for story_id, held in near.items()}
    chosen = max(likeness, key=lambda story_id: likeness[story_id], default=None)
    if chosen is None or likeness[chosen] < LIKELY:
        return Placement(story_id=None)
    joined = {chosen}
    if chosen not in fixed:
        grown = [*near[chosen], article]
        rivals = [s for s in near if s != chosen and s not in fixed and likeness[s] >= LIKELY]
        for other in sorted(rivals, key=lambda story_id: -likeness[story_id]):
            if _likeness(grown, near[other]) >= LIKELY:
                joined.add(other)
                grown = sorted([*grown, *near[other]], key=lambda held: held.published_at)
    first = next(story_id for story_id in stories if story_id in joined)
    return Placement(story_id=first, absorbed=tuple(s for s in stories if s in joined and s != first))


def group_articles(articles: Iterable[Article]) -> list[tuple[str, str]]:
    """(article id, story id) for articles in order of time, as if each was classified when it came."""
    stories: dict[str, list[Article]] = {}
    merged: dict[str, str] = {}
    placed: list[tuple[str, str]] = []
    for article in articles:
        found = place(article, stories)
        story_id = found.story_id or new_story_id(article)
        held = stories.setdefault(story_id, [])
        for other in found.absorbed:
            held += stories.pop(other)
            merged[other] = story_id
        held.append(article)
        held.sort(key=lambda one: one.published_at)
        placed.append((article.id, story_id))
        stories = {key: told for key, told in stories.items() if article.published_at - told[-1].published_at <= REACH}
    return [(article_id, _survivor(story_id, merged)) for article_id, story_id in placed]


def _survivor(story_id: str, merged: Mapping[str, str]) -> str:
    while story_id in merged:
        story_id = merged[story_id]
    return story_id


def _near(article: Article, held: Iterable[Article]) -> list[Article]:
    return [one for one in held if abs(one.published_at - article.published_at) <= REACH]


def _likeness(ones: Sequence[Article], others: Sequence[Article]) -> float:
    """Mean log-odds of the pairs of two stories, by their newest articles."""
    pairs = [(one, other) for one in ones[-COMPARED:] for other in others[-COMPARED:]]
    return sum(log_odds(one, other) for one, other in pairs) / len(pairs)
