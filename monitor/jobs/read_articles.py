"""Full texts for the feeds whose operator asked for them (``full_text: true``)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from monitor.core.article import READ_WITHIN, Article
from monitor.feeds import ArticleText
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.articles import put_off_reading, save_text, without_text

SHORTEST_WAIT = timedelta(hours=1)  # before a page is asked again; each further wait is as long as all before it
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
        waiting = without_text(connection, feeds, since=now - READ_WITHIN, now=now, limit=MOST)
    by_url: dict[str, list[Article]] = {}
    for article in waiting:
        by_url.setdefault(article.url, []).append(article)
    read_count = 0
    for page in read(list(by_url)):
        with store.write() as connection:
            for article in by_url[page.url]:
                if page.text:
                    save_text(connection, article.id, page.text)
                    read_count += 1
                else:
                    wait = max(SHORTEST_WAIT, now - article.seen_at, page.retry_after or timedelta())
                    put_off_reading(connection, article.id, until=now + wait)
    return ReadReport(tried=len(waiting), read=read_count)
