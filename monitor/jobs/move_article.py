"""A person's word on where an article belongs -> a label, and the story as they want it."""

from dataclasses import dataclass
from datetime import datetime

from monitor.core.article import Article
from monitor.core.decision import Label
from monitor.core.links import canonical_url
from monitor.errors import MonitorError
from monitor.store import Connection, Store, articles, labels, stories

NEW = stories.OWN_STORY
"""In place of a story's id: a story of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where an article was, and where it is now."""

    article_id: str
    before: str
    story_id: str


def move_article(store: Store, name: str, story_id: str, *, who: str, now: datetime) -> Moved:
    """Put an article (its id or link) into a story (its id, or NEW), for good: later grouping leaves it there.

    What was told of the article stays told. Raises MonitorError for what is not there.
    """
    with store.write() as connection:
        article = _find(connection, name)
        before = stories.story_of(connection, [article.id]).get(article.id)
        if before is None:
            raise MonitorError(f"{name}: is in no story; only flagged articles are")
        to = stories.free_id(connection, article) if story_id == NEW else stories.find_story(connection, story_id)
        if to is None:
            raise MonitorError(f"{story_id}: there is no such story; `monitor stories --json` lists them")
        text = f"{article.title}\n{article.summary}"
        label = Label(article_id=article.id, kind="group", value=to, who=who, at=now, text=text)
        labels.add_labels(connection, [label])
        if to != before:
            stories.move_article(connection, article.id, to=to, title=article.title, now=now)
    return Moved(article_id=article.id, before=before, story_id=to)


def _find(connection: Connection, name: str) -> Article:
    if name.startswith(("http://", "https://")):
        found = articles.find_by_url(connection, canonical_url(name))
    else:
        found = next(iter(articles.get_articles(connection, [name])), None)
    if found is None:
        raise MonitorError(f"{name}: no stored article has this id or link; `monitor stories --json` lists them")
    return found
