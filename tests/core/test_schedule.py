"""When feeds are fetched, and what a fetch says about them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.article import Sighting
from monitor.core.feed import FailureKind, FeedState, Fetched, FetchFailed, FetchRequest, Health, NotModified
from monitor.core.normalize import to_sightings
from monitor.core.schedule import MOST_SHARDS, SHARD_SECONDS, after_fetch, due, in_shard, shard_count
from tests.support.feeds import make_entry, make_feed, quick_policy

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POLICY = quick_policy()
FEED = make_feed(interval=timedelta(hours=1))
LONG = "A summary that is long enough to be more than a teaser, for it goes on. " * 4


def sightings(
    numbers: Sequence[int], *, every: timedelta = timedelta(hours=2), now: datetime = NOW
) -> tuple[Sighting, ...]:
    entries = [
        make_entry(number, summary=LONG, published=(NOW + (number - 100) * every).isoformat()) for number in numbers
    ]
    return to_sightings(entries, FEED, now=now)


def fetched(**more: object) -> Fetched:
    given = {"feed_id": FEED.id, "entries": (), "url": FEED.url, "etag": '"1"', "body_hash": "h"} | more
    return Fetched(**given)  # type: ignore[arg-type]


def failed(**more: object) -> FetchFailed:
    given = {"feed_id": FEED.id, "kind": FailureKind.HARD, "reason": "HTTP 404"} | more
    return FetchFailed(**given)  # type: ignore[arg-type]


def polled(numbers: Sequence[int], state: FeedState | None = None, *, now: datetime = NOW, **more: object) -> FeedState:
    return after_fetch(FEED, state, fetched(**more), policy=POLICY, sightings=sightings(numbers, now=now), now=now)


def test_a_feed_that_was_never_polled_is_due() -> None:
    assert [request.feed for request in due([FEED], {}, NOW)] == [FEED]


def test_a_disabled_feed_is_never_due() -> None:
    assert due([make_feed(enabled=False)], {}, NOW, force=True) == ()


def test_a_feed_is_due_a_moment_early_but_not_long_before() -> None:
    state = polled(range(90, 101))
    assert state.next_fetch_at is not None
    states = {FEED.id: state}
    assert due([FEED], states, state.next_fetch_at - timedelta(seconds=30))
    assert not due([FEED], states, state.next_fetch_at - timedelta(minutes=5))


def test_a_feed_that_a_clock_ahead_polled_is_due_when_the_clock_is_right() -> None:
    state = polled([1, 2, 3], now=NOW + timedelta(days=400))
    assert [request.feed.id for request in due([make_feed()], {state.feed_id: state}, NOW)] == [state.feed_id]


def test_another_address_starts_afresh() -> None:
    moved = make_feed(url="https://wire.example/new")
    (request,) = due([moved], {FEED.id: polled(range(90, 101))}, NOW)
    assert (request.etag, request.body_hash) == ("", "")


def test_validators_go_along_after_a_success() -> None:
    (request,) = due([FEED], {FEED.id: polled(range(90, 101))}, NOW + timedelta(hours=2))
    assert request.etag == '"1"'


def test_after_a_failure_no_validators_go_along_for_a_304_would_prove_nothing() -> None:
    state = after_fetch(FEED, polled(range(90, 101)), failed(), policy=POLICY, now=NOW)
    (request,) = due([FEED], {FEED.id: state}, NOW + timedelta(hours=2))
    assert request.etag == ""


def test_once_a_day_a_feed_is_fetched_in_full() -> None:
    state = polled(range(90, 101))
    later = NOW + timedelta(hours=23)
    state = after_fetch(FEED, state, NotModified(feed_id=FEED.id), policy=POLICY, now=later)
    (request,) = due([FEED], {FEED.id: state}, NOW + timedelta(hours=24))
    assert request.etag == ""


def test_a_cut_document_leaves_no_validators_and_comes_again_soon() -> None:
    state = polled(range(95, 101), etag="", body_hash="", complete=False)
    assert (state.etag, state.body_hash, "truncated" in state.notes) == ("", "", True)
    assert state.next_fetch_at == NOW + POLICY.min_interval


def test_a_feed_that_brings_news_is_polled_sooner_and_a_quiet_one_later() -> None:
    first = polled(range(90, 101))
    busy = polled(range(91, 102), first, now=NOW + timedelta(hours=2))
    quiet = after_fetch(FEED, busy, NotModified(feed_id=FEED.id), policy=POLICY, now=NOW + timedelta(hours=3))
    assert first.interval is not None
    assert busy.interval is not None
    assert quiet.interval is not None
    assert busy.interval < first.interval
    assert busy.interval < quiet.interval <= FEED.interval


def test_the_interval_never_exceeds_a_third_of_what_a_document_covers() -> None:
    shown = sightings(range(90, 101), every=timedelta(minutes=9))
    state = after_fetch(FEED, None, fetched(), policy=POLICY, sightings=shown, now=NOW)
    assert state.interval == timedelta(minutes=30)


@given(st.lists(st.sampled_from(["new", "same", "304", "hard", "soft", "temporary"]), max_size=25))
def test_the_next_poll_is_always_between_the_bounds(steps: list[str]) -> None:
    state, now, top = None, NOW, 100
    for step in steps:
        now += timedelta(hours=1)
        if step == "304":
            state = after_fetch(FEED, state, NotModified(feed_id=FEED.id), policy=POLICY, now=now)
        elif step in {"new", "same"}:
            top += step == "new"
            state = polled(range(top - 10, top + 1), state, now=now)
        else:
            state = after_fetch(FEED, state, failed(kind=FailureKind(step)), policy=POLICY, now=now)
        assert state.next_fetch_at is not None
        assert POLICY.min_interval <= state.next_fetch_at - now <= timedelta(days=1)


def test_no_overlap_between_two_documents_is_a_gap_with_an_estimate_of_the_loss() -> None:
    state = polled(range(120, 131), polled(range(90, 101)), now=NOW + timedelta(days=3))
    assert "gap" in state.notes
    assert state.habit.lost == 19


def test_a_gap_is_shown_for_a_day() -> None:
    state = polled(range(120, 131), polled(range(90, 101)), now=NOW + timedelta(days=3))
    later = after_fetch(FEED, state, NotModified(feed_id=FEED.id), policy=POLICY, now=NOW + timedelta(days=4, hours=1))
    assert "gap" not in later.notes


def test_a_feed_whose_newest_entry_is_old_is_frozen() -> None:
    assert "frozen" in polled(range(90, 101), now=NOW + timedelta(days=40)).notes


def test_a_feed_quiet_for_longer_than_its_habit_is_silent_until_it_speaks() -> None:
    state = polled(range(60, 101))
    soon = after_fetch(FEED, state, NotModified(feed_id=FEED.id), policy=POLICY, now=NOW + timedelta(hours=4))
    late = after_fetch(FEED, state, NotModified(feed_id=FEED.id), policy=POLICY, now=NOW + timedelta(hours=16))
    again = polled(range(61, 102), late, now=NOW + timedelta(hours=17))
    assert ["silent" in one.notes for one in (soon, late, again)] == [False, True, False]


def test_a_feed_of_short_summaries_is_teaser_only() -> None:
    shown = to_sightings([make_entry(n) for n in range(5)], FEED, now=NOW)
    assert "teaser_only" in after_fetch(FEED, None, fetched(), policy=POLICY, sightings=shown, now=NOW).notes


def test_a_feed_without_dates_is_undated() -> None:
    shown = to_sightings([make_entry(n, published="") for n in range(5)], FEED, now=NOW)
    assert "undated" in after_fetch(FEED, None, fetched(), policy=POLICY, sightings=shown, now=NOW).notes


def test_a_permanent_move_is_noted_with_what_to_do() -> None:
    state = polled(range(90, 101), permanent_url="https://new.example/feed")
    assert "moved" in state.notes
    assert "config/feeds.yaml" in state.reason


@pytest.mark.parametrize(
    ("kind", "times"), [(FailureKind.HARD, 10), (FailureKind.SOFT, 20), (FailureKind.TEMPORARY, 40)]
)
def test_failures_in_a_row_make_a_feed_dead_by_their_weight(kind: FailureKind, times: int) -> None:
    state = None
    health = []
    for _ in range(times):
        state = after_fetch(FEED, state, failed(kind=kind), policy=POLICY, now=NOW)
        health.append(state.health)
    assert health == [Health.FAILING] * (times - 1) + [Health.DEAD]


def test_a_dead_feed_is_tried_once_a_day_and_can_come_back() -> None:
    state = after_fetch(FEED, None, failed(health=Health.DEAD), policy=POLICY, now=NOW)
    assert state.next_fetch_at == NOW + timedelta(days=1)
    assert polled(range(90, 101), state).health is Health.HEALTHY


def test_retry_after_is_kept() -> None:
    outcome = failed(kind=FailureKind.TEMPORARY, retry_after=timedelta(hours=5))
    assert after_fetch(FEED, None, outcome, policy=POLICY, now=NOW).next_fetch_at == NOW + timedelta(hours=5)


def test_a_failure_forgets_neither_habit_nor_body_hash() -> None:
    before = polled(range(90, 101))
    after = after_fetch(FEED, before, failed(), policy=POLICY, now=NOW)
    assert (after.habit, after.body_hash) == (before.habit, before.body_hash)


def requests_of(feeds: int, *, hosts: int) -> list[FetchRequest]:
    """Feeds that are due, on so many hosts."""
    return [
        FetchRequest(feed=make_feed(str(number), f"https://host{number % hosts}.example/{number}"))
        for number in range(feeds)
    ]


@given(feeds=st.integers(1, 400), of=st.integers(1, 40))
def test_every_feed_is_in_one_shard_and_all_of_a_host_in_the_same(feeds: int, of: int) -> None:
    owners: dict[str, set[int]] = {}
    for number, request in enumerate(requests_of(feeds, hosts=37)):
        mine = [shard for shard in range(of) if in_shard(request.feed, (shard, of))]
        assert len(mine) == 1
        owners.setdefault(str(number % 37), set()).update(mine)
    assert all(len(shards) == 1 for shards in owners.values())


def test_a_poll_has_as_many_shards_as_keep_each_short_at_the_pace_that_was_measured() -> None:
    slow = [(100, timedelta(seconds=10)), (200, timedelta(seconds=20)), (60, timedelta(hours=1))]
    assert shard_count(requests_of(100, hosts=50), slow) == 1
    assert shard_count(requests_of(1000, hosts=500), slow) == 1000 * 0.1 // SHARD_SECONDS + 1
    quick = [(1000, timedelta(seconds=10))]
    assert shard_count(requests_of(1000, hosts=500), quick) == 1


def test_a_poll_of_a_few_feeds_says_nothing_about_the_pace() -> None:
    hung = [(3, timedelta(seconds=30))] * 20
    assert shard_count(requests_of(200, hosts=100), hung) == shard_count(requests_of(200, hosts=100), [])


def test_shards_are_never_more_than_hosts_nor_than_the_cap_and_one_at_least() -> None:
    crawling = [(100, timedelta(hours=1))]
    assert shard_count(requests_of(1000, hosts=5), crawling) == 5
    assert shard_count(requests_of(1000, hosts=900), crawling) == MOST_SHARDS
    assert shard_count([], crawling) == 1


def test_the_operator_may_say_how_many_shards() -> None:
    assert shard_count(requests_of(100, hosts=50), [], wanted=4) == 4
