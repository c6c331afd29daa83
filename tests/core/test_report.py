"""A report tallies who wrote, in which languages, and what the feeds lost."""

from datetime import timedelta

from monitor.core.feed import Feed, FeedState, Habit, Health, Tier
from monitor.core.report import FeedLine, Tally, feed_lines, tally_languages, tally_outlets
from tests.support.news import NOW, make_story, make_told

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def feed(name: str, *, enabled: bool = True) -> Feed:
    return Feed(
        id=name,
        url=f"https://{name}.example",
        outlet=name,
        language="en",
        country="",
        tier=Tier.WIRE,
        enabled=enabled,
        reason="" if enabled else "gone",
    )


def lines(*feeds: Feed, **states: FeedState) -> dict[str, FeedLine]:
    made = feed_lines(feeds, states, {"a": 5}, since=NOW - WEEK, until=NOW)
    return {line.feed.id: line for line in made}


def test_an_outlet_is_first_with_a_story_when_it_published_before_the_others() -> None:
    slow = make_told(1, outlet="Slow", published_at=NOW)
    quick = make_told(2, outlet="Quick", published_at=NOW - HOUR, seen_at=NOW)
    again = make_told(3, outlet="Slow", published_at=NOW)
    assert tally_outlets([make_story([slow, quick, again])]) == (
        Tally(name="Slow", articles=2, stories=1, first=0),
        Tally(name="Quick", articles=1, stories=1, first=1),
    )


def test_languages_are_tallied_over_stories() -> None:
    stories = [make_story([make_told(at, language=code)]) for at, code in enumerate(["ko", "ru", "ko"])]
    assert [(tally.name, tally.stories) for tally in tally_languages(stories)] == [("ko", 2), ("ru", 1)]


def test_nothing_gives_an_empty_tally() -> None:
    assert tally_outlets([]) == ()


def test_a_loss_in_the_window_makes_a_feed_one_to_look_at() -> None:
    lost = FeedState(
        feed_id="a", url="https://a.example", health=Health.HEALTHY, habit=Habit(lost=4, lost_at=NOW - HOUR)
    )
    found = lines(feed("a"), a=lost)["a"]
    assert (found.lost, found.well, found.articles) == (4, False, 5)


def test_a_loss_before_the_window_is_no_loss_of_it() -> None:
    lost = FeedState(
        feed_id="a", url="https://a.example", health=Health.HEALTHY, habit=Habit(lost=4, lost_at=NOW - 2 * WEEK)
    )
    assert lines(feed("a"), a=lost)["a"].well


def test_feeds_with_troubles_come_first_and_disabled_ones_not_at_all() -> None:
    states = {
        "a": FeedState(feed_id="a", url="https://a.example", health=Health.HEALTHY),
        "b": FeedState(feed_id="b", url="https://b.example", health=Health.BLOCKED, reason="403"),
    }
    assert list(lines(feed("a"), feed("b"), feed("c", enabled=False), **states)) == ["b", "a"]


def test_a_feed_with_a_new_address_is_not_judged_by_the_old_one() -> None:
    old = FeedState(feed_id="a", url="https://elsewhere.example", health=Health.DEAD, reason="gone")
    assert lines(feed("a"), a=old)["a"].health is Health.NEW
