"""Windows of flagged articles come by an index and by the decision in force."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text

from monitor.store import Store, articles, decisions, digests, pictures, stories
from monitor.store.schema import metadata
from tests.support.news import NOW, make_digest, make_message, make_stories, make_story, make_told, put_stories

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def test_a_window_holds_what_was_published_and_decided_in_it(store: Store) -> None:
    held = [make_story([make_told(at, published_at=NOW - ago)]) for at, ago in enumerate([HOUR, DAY, 8 * DAY], 1)]
    put_stories(store, held, decided_at=NOW - HOUR / 2)
    with store.read() as connection:
        found = decisions.flagged_since(connection, since=NOW - WEEK, cut=NOW)
    assert {(one.story_id, one.at) for one in found} == {
        (held[0].id, NOW - HOUR),
        (held[1].id, NOW - DAY),
    }
    assert all(one.themes for one in found)


def test_a_decision_that_was_revoked_counts_no_more(store: Store) -> None:
    story = make_story([make_told(1)])
    put_stories(store, [story], decided_at=NOW - HOUR)
    (told,) = story.members
    other = replace(told.decision.versions, model="m2")
    with store.write() as connection:
        decisions.save_decisions(
            connection, [replace(told.decision, versions=other, digest=False, decided_at=NOW - HOUR / 2)]
        )
    with store.read() as connection:
        assert decisions.flagged_since(connection, since=NOW - WEEK, cut=NOW) == ()
        assert stories.flagged_stories(connection, since=NOW - WEEK, cut=NOW) == ()


def test_stories_of_a_window_come_oldest_first(store: Store) -> None:
    held = make_stories(9)
    put_stories(store, reversed(held), decided_at=NOW - HOUR)
    with store.read() as connection:
        found = stories.flagged_stories(connection, since=NOW - DAY, cut=NOW)
        later = stories.flagged_stories(connection, since=NOW, cut=NOW + DAY)
    assert [story.first_seen_at for story in found] == sorted(story.first_seen_at for story in held)
    assert later == ()


def test_articles_are_counted_by_the_feed_that_brought_them(store: Store) -> None:
    put_stories(store, [make_story([make_told(at) for at in (1, 6, 2)])], decided_at=NOW)
    with store.read() as connection:
        assert articles.count_by_feed(connection, since=NOW - DAY, until=NOW) == {"feed1": 2, "feed2": 1}


@pytest.mark.parametrize(
    "query",
    [
        lambda connection: decisions.flagged_since(connection, since=NOW - WEEK, cut=NOW),
        lambda connection: stories.flagged_stories(connection, since=NOW - WEEK, cut=NOW),
        lambda connection: digests.untold_stories(connection, "daily", since=NOW - DAY, cut=NOW),
    ],
    ids=["trends", "report", "digest"],
)
def test_no_query_of_a_window_reads_a_whole_table(sqlite_store: Store, query: object) -> None:
    asked: list[tuple[str, object]] = []
    with sqlite_store.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        query(connection)  # type: ignore[operator]
        plans = [
            row.detail
            for statement, values in list(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert any("ix_decisions_flagged" in step for step in plans)
    tables = tuple(f"SCAN {name}" for name in metadata.tables)
    assert [step for step in plans if step.startswith(tables)] == []


def frozen(store: Store, *, posted: int, cut: datetime = NOW) -> None:
    """A digest of two messages, the first ``posted`` of which are out."""
    messages = [make_message(part) for part in (0, 1)]
    put_stories(store, make_stories(1), decided_at=cut)
    with store.write() as connection:
        digests.freeze(connection, make_digest([], cut=cut), messages, told_stories=make_stories(1), now=cut)
        connection.execute(
            text("UPDATE deliveries SET state = 'posted', ts = '1.5' WHERE part < :posted"), {"posted": posted}
        )


@pytest.mark.parametrize(("posted", "waits"), [(0, False), (1, False), (2, True)])
def test_a_picture_waits_until_the_messages_are_out(store: Store, posted: int, waits: bool) -> None:
    frozen(store, posted=posted)
    with store.read() as connection:
        assert bool(pictures.without_picture(connection, since=NOW - DAY, now=NOW)) is waits


def test_a_picture_is_wanted_once(store: Store) -> None:
    frozen(store, posted=2)
    with store.write() as connection:
        (one,) = pictures.without_picture(connection, since=NOW - DAY, now=NOW)
        pictures.record_picture(connection, one, end="F1")
        assert pictures.without_picture(connection, since=NOW - DAY, now=NOW) == []
    assert (one.channel, one.thread_ts) == ("C0TWINDIG01", "1.5")


def test_an_old_picture_is_not_wanted_any_more(store: Store) -> None:
    frozen(store, posted=2)
    with store.read() as connection:
        assert pictures.without_picture(connection, since=NOW + HOUR, now=NOW) == []


def test_two_who_want_to_post_a_picture_do_not_both(store: Store) -> None:
    frozen(store, posted=2)
    with store.write() as connection:
        (one,) = pictures.without_picture(connection, since=NOW - DAY, now=NOW)
        claims = [pictures.claim_picture(connection, one, now=NOW) for _ in range(2)]
        assert pictures.without_picture(connection, since=NOW - DAY, now=NOW) == []
    assert claims == [True, False]


def test_the_picture_of_somebody_who_died_is_taken_over(store: Store) -> None:
    frozen(store, posted=2)
    later = NOW + pictures.STALE_CLAIM + timedelta(seconds=1)
    with store.write() as connection:
        (one,) = pictures.without_picture(connection, since=NOW - DAY, now=NOW)
        pictures.claim_picture(connection, one, now=NOW)
        assert pictures.without_picture(connection, since=NOW - DAY, now=later) == [one]
        assert pictures.claim_picture(connection, one, now=later)
