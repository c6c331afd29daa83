"""The report of a window has what was decided in it, for the readers of one digest."""

from dataclasses import replace
from datetime import timedelta

from monitor.core.report import Report
from monitor.jobs.report_week import MOST_STORIES, report_week
from monitor.store import Store
from tests.support.news import NOW, make_settings, make_stories, put_stories

WEEK = timedelta(days=7)


def report(store: Store, **spec: object) -> Report:
    settings = make_settings()
    return report_week(
        store,
        settings,
        replace(settings.digests[0], **spec),  # type: ignore[arg-type]
        since=NOW - WEEK,
        until=NOW,
    )


def test_a_report_tells_the_stories_of_its_window(store: Store) -> None:
    inside, outside = make_stories(9)[:5], make_stories(9)[5:]
    put_stories(store, inside, decided_at=NOW - WEEK / 2)
    put_stories(store, outside, decided_at=NOW - 2 * WEEK)
    made = report(store)
    assert {story.id for story in made.digest.stories} == {story.id for story in inside}
    assert made.articles == sum(len(story.members) for story in inside)
    assert made.digest.decided == made.articles


def test_a_digest_does_not_take_its_stories_out_of_the_report(store: Store) -> None:
    from monitor.store import digests
    from tests.support.news import make_digest, make_message

    held = make_stories(3)
    put_stories(store, held, decided_at=NOW - WEEK / 2)
    with store.write() as connection:
        digests.freeze(connection, make_digest(held), [make_message()], told_stories=held, now=NOW)
    assert len(report(store).digest.stories) == 3


def test_a_report_is_about_what_its_digest_is_about(store: Store) -> None:
    put_stories(store, make_stories(30), decided_at=NOW - WEEK / 2)
    made = report(store, languages=("ko",))
    assert made.digest.stories
    assert all("ko" in story.languages for story in made.digest.stories)


def test_a_report_has_the_trends_of_its_themes(sqlite_store: Store) -> None:
    held = make_stories(9)
    put_stories(sqlite_store, held, decided_at=NOW - timedelta(hours=1))
    made = report(sqlite_store, themes=("sanctions",))
    (trend,) = made.digest.trends
    wanted = [s for s in held if any("sanctions" in told.decision.themes for told in s.members)]
    assert trend.counts[-1] == len(wanted) > 0


def test_a_report_says_what_each_feed_brought(sqlite_store: Store) -> None:
    held = make_stories(5)
    put_stories(sqlite_store, held, decided_at=NOW - timedelta(hours=1))
    brought = {line.feed.id: line.articles for line in report(sqlite_store).feeds}
    assert sum(brought.values()) == sum(len(story.members) for story in held)


def test_a_report_stays_readable_in_a_wild_week(sqlite_store: Store) -> None:
    put_stories(sqlite_store, make_stories(MOST_STORIES + 20), decided_at=NOW - WEEK / 2)
    made = report(sqlite_store)
    assert len(made.digest.stories) == MOST_STORIES
    assert made.digest.left_out == 20
    assert sum(tally.articles for tally in made.outlets) == made.articles
