"""Full texts for the feeds whose operator asked for them (``full_text: true``)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from monitor.feeds import ArticleText
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.articles import save_text, without_text

GIVE_UP_AFTER = timedelta(hours=6)  # a page that gave no text for so long will not give one
AGAIN_AFTER = timedelta(hours=3)  # a paywall must not be asked at every run
MOST = 500  # articles in one run


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """Articles that were tried, and those whose text was read."""

    tried: int = 0
    read: int = 0

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def read_articles(
    store: Store, settings: Settings, read: Callable[[Sequence[str]], Iterable[ArticleText]], *, now: datetime
) -> ReadReport:
    """Read the pages of new articles, each text stored as soon as it is there. Texts never leave the store."""
    feeds = [feed.id for feed in settings.feeds if feed.enabled and feed.full_text]
    if not feeds:
        return ReadReport()
    with store.read() as connection:
        waiting = without_text(
            connection, feeds, since=now - GIVE_UP_AFTER, untried_since=now - AGAIN_AFTER, limit=MOST
        )
    by_url: dict[str, list[str]] = {}
    for article in waiting:
        by_url.setdefault(article.url, []).append(article.id)
    read_count = 0
    for page in read(list(by_url)):
        with store.write() as connection:
            save_text(connection, by_url[page.url], page.text, now=now)
        read_count += len(by_url[page.url]) if page.text else 0
    return ReadReport(tried=len(waiting), read=read_count)
