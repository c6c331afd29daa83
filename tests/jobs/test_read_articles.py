"""Full texts for the feeds that want them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.core.article import Sighting
from monitor.feeds import ArticleText
from monitor.jobs.read_articles import ReadReport, read_articles
from monitor.store import Store
from monitor.store.articles import add_sightings, get_articles
from tests.support.feeds import make_feed
from tests.support.news import make_settings
from tests.support.texts import article

SETTINGS = make_settings(feeds=(make_feed("wire", full_text=True), make_feed("other", "https://o.example/feed")))


def put(store: Store, now: datetime) -> None:
    with store.write() as connection:
        for feed_id, name, age in (("wire", "a", 1), ("wire", "old", 30), ("other", "b", 1)):
            shown = article(name, feed_id=feed_id, seen_at=now - timedelta(hours=age))
            add_sightings(connection, feed_id, [Sighting(entry_key=name, article=shown)], now=now)


def read_all(urls: Sequence[str]) -> Iterable[ArticleText]:
    return [ArticleText(url=url, text=f"text of {url}") for url in urls]


def test_new_articles_of_feeds_that_want_it_get_their_text(store: Store, now: datetime) -> None:
    put(store, now)
    assert read_articles(store, SETTINGS, read_all, now=now) == ReadReport(tried=1, read=1)
    with store.read() as connection:
        texts = {found.id: found.text for found in get_articles(connection, ["a", "old", "b"])}
    assert texts == {"a": "text of https://wire.example/a", "old": "", "b": ""}


def test_what_was_read_is_not_read_again(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, now)
    read_articles(sqlite_store, SETTINGS, read_all, now=now)
    assert read_articles(sqlite_store, SETTINGS, read_all, now=now).tried == 0


def test_a_page_that_gives_no_text_is_tried_again_until_it_is_given_up(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, now)

    def nothing(urls: Sequence[str]) -> Iterable[ArticleText]:
        return [ArticleText(url=url, problem="HTTP 403") for url in urls]

    at = (0, 0.5, 1, 2, 3, 7)  # hours; it was first seen one before
    tried = [read_articles(sqlite_store, SETTINGS, nothing, now=now + timedelta(hours=h)).tried for h in at]
    assert tried == [1, 0, 1, 0, 1, 0]


def test_a_server_that_asks_to_wait_is_left_alone_so_long(sqlite_store: Store, now: datetime) -> None:
    put(sqlite_store, now)

    def busy(urls: Sequence[str]) -> Iterable[ArticleText]:
        return [ArticleText(url=url, problem="HTTP 429", retry_after=timedelta(hours=4)) for url in urls]

    at = (0, 3, 4)
    assert [read_articles(sqlite_store, SETTINGS, busy, now=now + timedelta(hours=h)).tried for h in at] == [1, 0, 1]
