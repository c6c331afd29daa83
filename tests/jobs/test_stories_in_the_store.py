"""Stories grow, become one, and are put right by people; whatever happens to them, nothing is told twice."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.article import Article
from monitor.core.decision import Label
from monitor.core.story import Story
from monitor.errors import MonitorError
from monitor.jobs.classify_articles import classify_articles
from monitor.jobs.move_article import NEW, move_article
from monitor.jobs.send_digests import send_digests
from monitor.store import Store, labels, stories
from tests.core.test_group import BRIDGE, HALVES
from tests.jobs.test_classify_articles import WordModel, put
from tests.support.news import make_settings
from tests.support.texts import article

HOUR = timedelta(hours=1)
SETTINGS = make_settings()


def classify(store: Store, *shown: Article, now: datetime) -> dict[str, int]:
    put(store, *shown)
    return dict(classify_articles(store, SETTINGS, WordModel(word=""), now=now).counts())


def groups(store: Store) -> dict[str, set[str]]:
    """Article ids by story."""
    return {story.id: {told.article.id for told in story.members} for story in held(store)}


def held(store: Store) -> tuple[Story, ...]:
    with store.read() as connection:
        return stories.newest_stories(connection, limit=99)


def told(store: Store, now: datetime, home: Path) -> list[set[str]]:
    """Article ids of each story that a digest composed now tells."""
    report = send_digests(store, SETTINGS, None, now=now, home=home, force=True)
    return [{m.article.id for m in story.members} for digest in report.digests for story in digest.stories]


def test_an_article_that_belongs_to_two_stories_makes_them_one(store: Store, now: datetime) -> None:
    classify(store, *HALVES, now=now)
    first, second = sorted(groups(store))
    counts = classify(store, BRIDGE, now=now)
    assert (counts["stories"], counts["merged"]) == (0, 1)
    assert groups(store) == {first: {one.id for one in [*HALVES, BRIDGE]}}
    with store.read() as connection:
        assert stories.find_story(connection, second) == first


def test_of_two_stories_the_one_that_was_told_keeps_its_id(sqlite_store: Store, now: datetime, tmp_path: Path) -> None:
    classify(sqlite_store, HALVES[1], now=now - 2 * HOUR)
    told(sqlite_store, now - HOUR, tmp_path)
    classify(sqlite_store, HALVES[0], now=now)
    classify(sqlite_store, BRIDGE, now=now)
    assert set(groups(sqlite_store)) == {f"st-{HALVES[1].id}"}


def test_what_was_told_of_two_stories_is_not_told_again_when_they_become_one(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    classify(store, *HALVES, now=now - HOUR)
    assert len(told(store, now, tmp_path)) == 2
    classify(store, BRIDGE, now=now + HOUR)
    assert len(groups(store)) == 1
    assert told(store, now + 2 * HOUR, tmp_path) == []


def test_a_story_that_took_another_in_spans_the_articles_of_both(sqlite_store: Store, now: datetime) -> None:
    classify(sqlite_store, *HALVES, now=now)
    classify(sqlite_store, BRIDGE, now=now)
    (story,) = held(sqlite_store)
    seen = [one.seen_at for one in [*HALVES, BRIDGE]]
    assert (story.first_seen_at, story.last_seen_at) == (min(seen), max(seen))


PAIR = [
    article("a1", title="Kim arrives in Pyongyang by train"),
    article("a2", title="Kim arrives in Pyongyang by train"),
]


def test_an_article_can_be_given_a_story_of_its_own(store: Store, now: datetime) -> None:
    classify(store, *PAIR, now=now)
    moved = move_article(store, "a1", NEW, who="ann", now=now)
    assert (moved.before, moved.story_id) == ("st-a1", "st-a1-2")
    assert groups(store) == {"st-a1": {"a2"}, "st-a1-2": {"a1"}}
    with store.read() as connection:
        (label,) = labels.all_labels(connection)
    assert (label.article_id, label.kind, label.value, label.who) == ("a1", "group", "st-a1-2", "ann")


def say_apart(store: Store, *, at: datetime) -> None:
    with store.write() as connection:
        given = Label(article_id="a1", kind="group", value="new", who="ann", at=at, text="t", source="slack")
        labels.add_labels(connection, [given])


def test_who_says_that_an_article_is_in_a_wrong_story_gives_it_one_of_its_own_once(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    classify(store, *PAIR, now=now - 2 * HOUR)
    assert told(store, now - HOUR, tmp_path) == [{"a1", "a2"}]
    say_apart(store, at=now - HOUR)
    parted = [classify_articles(store, SETTINGS, WordModel(word=""), now=now).parted for _ in range(2)]
    assert parted == [1, 0]
    assert groups(store) == {"st-a1": {"a2"}, "st-a1-2": {"a1"}}
    assert told(store, now + HOUR, tmp_path) == []


def test_where_a_person_moved_an_article_later_counts_more_than_that_it_was_wrong_before(
    store: Store, now: datetime
) -> None:
    classify(store, *PAIR, article("b1", title="Rouble counter opens in Rason bank"), now=now - 2 * HOUR)
    say_apart(store, at=now - HOUR)
    move_article(store, "a1", "st-b1", who="bob", now=now)
    assert classify_articles(store, SETTINGS, WordModel(word=""), now=now + HOUR).parted == 0
    assert groups(store) == {"st-a1": {"a2"}, "st-b1": {"a1", "b1"}}


def test_an_article_can_be_moved_into_another_story_and_an_empty_one_lives_on_there(
    store: Store, now: datetime
) -> None:
    classify(store, PAIR[0], article("b1", title="Rouble counter opens in Rason bank"), now=now)
    move_article(store, "https://wire.example/b1", "st-a1", who="ann", now=now)
    assert groups(store) == {"st-a1": {"a1", "b1"}}
    with store.read() as connection:
        assert stories.find_story(connection, "st-b1") == "st-a1"
    assert move_article(store, "a1", "st-b1", who="ann", now=now).story_id == "st-a1"


def test_stories_that_a_person_parted_stay_apart(store: Store, now: datetime) -> None:
    classify(store, *HALVES, now=now)
    classify(store, BRIDGE, now=now)
    move_article(store, HALVES[0].id, NEW, who="ann", now=now)
    more = article("later", title=BRIDGE.title, summary=BRIDGE.summary, language="ru", published_at=BRIDGE.published_at)
    assert classify(store, more, now=now)["merged"] == 0
    assert len(groups(store)) == 2


def test_deciding_again_leaves_an_article_where_a_person_put_it(sqlite_store: Store, now: datetime) -> None:
    classify(sqlite_store, *PAIR, now=now)
    move_article(sqlite_store, "a2", NEW, who="ann", now=now)
    before = groups(sqlite_store)
    again = make_settings(version="s2")
    classify_articles(sqlite_store, again, WordModel(word=""), now=now, since=now - timedelta(days=1))
    assert groups(sqlite_store) == before


def test_a_moved_article_that_was_told_is_not_told_again(store: Store, now: datetime, tmp_path: Path) -> None:
    classify(store, *PAIR, now=now - HOUR)
    assert told(store, now, tmp_path) == [{"a1", "a2"}]
    move_article(store, "a2", NEW, who="ann", now=now)
    assert told(store, now + HOUR, tmp_path) == []


@pytest.mark.parametrize(
    ("name", "story", "words"),
    [
        ("nobody", "new", "no stored article"),
        ("https://wire.example/none", "new", "no stored article"),
        ("a1", "st-none", "no such story"),
        ("plain", "new", "only flagged"),
    ],
)
def test_what_is_not_there_is_named(sqlite_store: Store, now: datetime, name: str, story: str, words: str) -> None:
    classify(sqlite_store, article("a1"), now=now)
    put(sqlite_store, article("plain"))
    with pytest.raises(MonitorError, match=words):
        move_article(sqlite_store, name, story, who="ann", now=now)


def test_a_late_article_joins_the_story_of_its_time(store: Store, now: datetime) -> None:
    old = now - timedelta(days=9)
    classify(store, article("a1", title=PAIR[0].title, published_at=old, seen_at=old), now=old)
    classify(store, article("a2", title=PAIR[0].title, published_at=old + HOUR, seen_at=now), now=now)
    assert groups(store) == {"st-a1": {"a1", "a2"}}
