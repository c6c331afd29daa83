"""Articles are stored once, whoever shows them, and revised when their feed changes them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.core.decision import Versions
from monitor.store import Store, articles, decisions
from tests.support.texts import VERSIONS, article, decision, sighting


def test_an_article_is_stored_once_though_two_feeds_show_it(store: Store, now: datetime) -> None:
    with store.write() as connection:
        first = articles.add_sightings(connection, "wire", [sighting(article())], now=now)
        second = articles.add_sightings(connection, "other", [sighting(article(feed_id="other"))], now=now)
    assert [a.id for a in first] == ["a1"]
    assert second == ()


def test_an_article_comes_back_as_it_was_stored(store: Store, now: datetime) -> None:
    shown = article(title="北朝鮮 «Москва» 🚀", summary="s", text="t", tier="official", country="KP", dated=False)
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(shown)], now=now)
    with store.read() as connection:
        assert articles.get_articles(connection, ["a1", "unknown"]) == (shown,)
        assert articles.find_by_url(connection, shown.url) == shown


def test_an_entry_whose_link_changed_is_no_new_article(store: Store, now: datetime) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article("a1"), "guid")], now=now)
        assert articles.add_sightings(connection, "wire", [sighting(article("a2"), "guid")], now=now) == ()
        assert articles.count_articles(connection) == 1


def test_a_changed_title_is_a_revision_of_the_same_article(store: Store, now: datetime) -> None:
    old, new = article(title="Old"), article(title="New")
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(old)], now=now)
        articles.add_sightings(connection, "wire", [sighting(new)], now=now)
        assert articles.get_articles(connection, ["a1"]) == (new,)


def test_another_feed_cannot_revise_an_article(store: Store, now: datetime) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article(title="Ours"))], now=now)
        for _ in range(2):
            articles.add_sightings(connection, "other", [sighting(article(title="Theirs"))], now=now)
        assert articles.get_articles(connection, ["a1"])[0].title == "Ours"


def test_the_to_do_list_is_oldest_first_and_ends_with_the_decision(store: Store, now: datetime) -> None:
    older = article("old", seen_at=now - timedelta(hours=1))
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article("new")), sighting(older)], now=now)
        assert [a.id for a in articles.undecided(connection, limit=9)] == ["old", "new"]
        decisions.save_decisions(connection, [decision("old")])
        assert [a.id for a in articles.undecided(connection, limit=9)] == ["new"]
        assert articles.count_undecided(connection) == 1


def test_only_articles_decided_under_other_versions_are_decided_again(store: Store, now: datetime) -> None:
    other = replace(VERSIONS, watch="w2")
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article(n)) for n in ("a1", "a2", "a3")], now=now)
        decisions.save_decisions(connection, [decision("a1"), decision("a2", versions=other)])

        def again(versions: Versions, since: datetime, until: datetime = now) -> list[str]:
            found = articles.decided_otherwise(connection, versions, since=since, until=until, limit=9)
            assert len(found) == articles.count_decided_otherwise(connection, versions, since=since, until=until)
            return [a.id for a in found]

        assert again(other, now) == ["a1"]
        assert again(VERSIONS, now) == ["a2"]
        assert again(other, now + timedelta(seconds=1), now + timedelta(hours=1)) == []
        assert again(other, now - timedelta(hours=1), now - timedelta(seconds=1)) == []


def test_more_articles_than_one_query_takes_are_found(sqlite_store: Store, now: datetime) -> None:
    many = [sighting(article(f"a{n}")) for n in range(articles.CHUNK * 2 + 1)]
    with sqlite_store.write() as connection:
        assert len(articles.add_sightings(connection, "wire", many, now=now)) == len(many)
        assert articles.add_sightings(connection, "wire", many, now=now) == ()
        assert len(articles.get_articles(connection, [s.article.id for s in many])) == len(many)


def test_a_decision_about_no_article_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as connection:
        decisions.save_decisions(connection, [decision("nobody")])


def test_a_failed_transaction_leaves_nothing(store: Store, now: datetime) -> None:
    def write_and_fail() -> None:
        with store.write() as connection:
            articles.add_sightings(connection, "wire", [sighting(article())], now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.read() as connection:
        assert articles.count_articles(connection) == 0
