"""Fetching over real sockets: what comes back for good feeds and for each fault."""

import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest

from monitor.core.feed import FailureKind, Fetched, FetchFailed, FetchOutcome, FetchRequest, Health, NotModified
from monitor.feeds import fetch_all
from tests.support.feed_farm import COMPLETE, FAULTS, FeedFarm
from tests.support.feeds import FARM_NOW, farm_requests, make_feed, quick_policy
from tests.support.web_site import web_site

HEALTH_BY_FAULT = {
    "404": Health.FAILING,
    "410": Health.DEAD,
    "500": Health.FAILING,
    "503": Health.FAILING,
    "429": Health.FAILING,
    "hang": Health.FAILING,
    "drip": Health.FAILING,
    "reset": Health.FAILING,
    "rloop": Health.FAILING,
    "badgzip": Health.FAILING,
    "big": Health.FAILING,
    "empty": Health.FAILING,
    "html": Health.NOT_A_FEED,
    "bomb": Health.FAILING,
}


@pytest.fixture(scope="module")
def faulty() -> Iterator[tuple[FeedFarm, dict[str, FetchOutcome], float]]:
    """A farm with every fault among healthy feeds, polled once: farm, outcomes by feed id, seconds."""
    farm = FeedFarm(feeds=3 * len(FAULTS), faults={3 * at: fault for at, fault in enumerate(FAULTS)})
    with farm.run():
        start = time.monotonic()
        outcomes = {
            outcome.feed_id: outcome for outcome in fetch_all(farm_requests(farm), quick_policy(), now=FARM_NOW)
        }
        yield farm, outcomes, time.monotonic() - start


def fetch_one(request: FetchRequest, **more: object) -> FetchOutcome:
    (outcome,) = fetch_all([request], quick_policy(**more), now=FARM_NOW)
    return outcome


def test_every_feed_has_one_outcome(faulty: tuple[FeedFarm, dict[str, FetchOutcome], float]) -> None:
    farm, outcomes, _ = faulty
    assert set(outcomes) == {str(number) for number in range(farm.feeds)}


def test_healthy_feeds_are_complete_among_faulty_ones(faulty: tuple[FeedFarm, dict[str, FetchOutcome], float]) -> None:
    farm, outcomes, _ = faulty
    healthy = [outcomes[str(n)] for n in range(farm.feeds) if farm.faults.get(n, "") in COMPLETE | {""}]
    assert all(isinstance(outcome, Fetched) and len(outcome.entries) == farm.items for outcome in healthy)


def test_a_feed_that_hangs_does_not_delay_the_others_beyond_its_own_timeout(
    faulty: tuple[FeedFarm, dict[str, FetchOutcome], float],
) -> None:
    assert faulty[2] < 12  # 1.5 s each, one after another, would be far more; the rest is a busy machine


@pytest.mark.parametrize("fault", sorted(HEALTH_BY_FAULT))
def test_a_fault_becomes_a_value_with_its_health(
    fault: str, faulty: tuple[FeedFarm, dict[str, FetchOutcome], float]
) -> None:
    outcome = faulty[1][str(3 * FAULTS.index(fault))]
    assert isinstance(outcome, FetchFailed)
    assert outcome.health is HEALTH_BY_FAULT[fault]


@pytest.mark.parametrize("fault", ["truncgzip", "truncxml"])
def test_a_document_cut_short_gives_what_came_and_no_validators(
    fault: str, faulty: tuple[FeedFarm, dict[str, FetchOutcome], float]
) -> None:
    outcome = faulty[1][str(3 * FAULTS.index(fault))]
    assert isinstance(outcome, Fetched)
    assert (outcome.complete, outcome.etag, outcome.body_hash) == (False, "", "")
    assert 0 < len(outcome.entries) < faulty[0].items


def test_an_entry_that_was_cut_is_left_for_the_next_poll(
    faulty: tuple[FeedFarm, dict[str, FetchOutcome], float],
) -> None:
    outcome = faulty[1][str(3 * FAULTS.index("truncxml"))]
    assert isinstance(outcome, Fetched)
    assert all(entry.url and entry.id and entry.published for entry in outcome.entries)


def test_a_permanent_move_is_told_and_a_temporary_one_is_not(
    faulty: tuple[FeedFarm, dict[str, FetchOutcome], float],
) -> None:
    moved = {
        fault: outcome.permanent_url
        for fault in ("r301", "r302", "r308")
        if isinstance(outcome := faulty[1][str(3 * FAULTS.index(fault))], Fetched)
    }
    assert {fault: bool(url) for fault, url in moved.items()} == {"r301": True, "r302": False, "r308": True}


def test_a_server_that_asks_to_wait_is_heard(faulty: tuple[FeedFarm, dict[str, FetchOutcome], float]) -> None:
    outcome = faulty[1][str(3 * FAULTS.index("429"))]
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.TEMPORARY
    assert outcome.retry_after is not None
    assert outcome.retry_after.total_seconds() == 120


def test_validators_of_the_last_answer_bring_not_modified() -> None:
    with FeedFarm(feeds=1).run() as farm:
        (request,) = farm_requests(farm)
        first = fetch_one(request)
        assert isinstance(first, Fetched)
        assert isinstance(fetch_one(FetchRequest(feed=request.feed, etag=first.etag)), NotModified)


def test_an_unchanged_body_is_not_parsed_again() -> None:
    with FeedFarm(feeds=1, validators=False).run() as farm:
        (request,) = farm_requests(farm)
        first = fetch_one(request)
        assert isinstance(first, Fetched)
        again = fetch_one(FetchRequest(feed=request.feed, body_hash=first.body_hash))
        assert isinstance(again, Fetched)
        assert (again.unchanged, again.entries) == (True, ())


def test_no_host_gets_more_requests_at_a_time_than_allowed() -> None:
    with FeedFarm(feeds=16, hosts=2, latency=0.02).run() as farm:
        list(fetch_all(farm_requests(farm), quick_policy(per_host=2), now=FARM_NOW))
        assert max(farm.most_in_flight.values()) == 2


def test_requests_to_one_host_keep_their_distance() -> None:
    with FeedFarm(feeds=4, hosts=1).run() as farm:
        start = time.monotonic()
        list(fetch_all(farm_requests(farm), quick_policy(per_host=2, host_gap=0.15), now=FARM_NOW))
        assert time.monotonic() - start >= 3 * 0.15


def test_a_request_that_hangs_does_not_starve_its_host() -> None:
    with FeedFarm(feeds=6, hosts=1, faults={0: "hang"}).run() as farm:
        outcomes = list(
            fetch_all(farm_requests(farm), quick_policy(per_host=2, idle_timeout=4.0, total_timeout=5.0), now=FARM_NOW)
        )
        assert [outcome.feed_id for outcome in outcomes][-1] == "0"
        assert sum(isinstance(outcome, Fetched) for outcome in outcomes) == 5


def test_we_say_who_we_are() -> None:
    with FeedFarm(feeds=1).run() as farm:
        fetch_one(farm_requests(farm)[0])
        assert farm.requests[0][1]["user-agent"] == "tests (tests@example.org)"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/feed",
        "http://localhost:1/feed",
        "file:///etc/passwd",
        "ftp://example.org/feed",
    ],
)
def test_private_addresses_and_other_schemes_are_refused(url: str) -> None:
    outcome = fetch_one(FetchRequest(feed=make_feed(url=url)), allow_hosts=())
    assert isinstance(outcome, FetchFailed)
    assert outcome.reason.startswith("refused: ")


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 127.1 2130706433 0177.0.0.1 017700000001 0x7f000001 0 0.0.0.0 127.0.0.1. ①②⑦.0.0.1 localhost localhost. "
    "x:y@127.0.0.1 wire.example@127.0.0.1 [::1] [::] [::ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1] "
    "[2002:7f00:1::]".split(),
)
def test_no_spelling_of_a_loopback_address_reaches_it(host: str) -> None:
    with web_site({"/feed": "<rss/>"}) as site:
        outcome = fetch_one(
            FetchRequest(feed=make_feed(url=f"http://{host}:{site.origin.rsplit(':', 1)[1]}/feed")), allow_hosts=()
        )
        assert isinstance(outcome, FetchFailed)
        assert site.asked == []


@pytest.mark.parametrize(
    "url", ["", "http://2130706433/feed", "http://", "nonsense", "http://[", "http://exa mple/", "http://x:99999/"]
)
def test_an_address_that_is_none_fails_and_does_not_raise(url: str) -> None:
    assert isinstance(fetch_one(FetchRequest(feed=make_feed(url=url))), FetchFailed)


def test_a_redirect_to_a_private_address_is_refused() -> None:
    with FeedFarm(feeds=1, hosts=1, faults={0: "r301"}, elsewhere="http://127.0.0.2/admin").run() as farm:
        outcome = fetch_one(farm_requests(farm)[0], allow_hosts=("127.0.0.1",))
        assert isinstance(outcome, FetchFailed)
        assert "not a public address" in outcome.reason


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:x", "//["])
def test_a_redirect_to_something_else_than_the_web_is_refused(target: str) -> None:
    with FeedFarm(feeds=1, hosts=1, faults={0: "r302"}, elsewhere=target).run() as farm:
        assert isinstance(fetch_one(farm_requests(farm)[0]), FetchFailed)
        assert len(farm.requests) == 1


def test_closing_the_iterator_early_stops_the_work() -> None:
    with FeedFarm(feeds=30, latency=0.05).run() as farm:
        outcomes = fetch_all(farm_requests(farm), quick_policy(concurrency=2), now=FARM_NOW)
        next(iter(outcomes))
        outcomes.close()  # type: ignore[attr-defined]
        assert len(farm.requests) < 30


def test_requests_that_waited_for_a_free_slot_keep_their_distance_too() -> None:
    # One slot, held by a slow host: what waits behind it must not start all at once when it comes free.
    with FeedFarm(feeds=8, hosts=2, latency=0.1).run() as farm:
        list(fetch_all(farm_requests(farm), quick_policy(per_host=4, host_gap=0.2, concurrency=3), now=FARM_NOW))
        for host in range(2):
            started = [at for at, (feed, _) in zip(farm.started, farm.requests, strict=True) if feed % 2 == host]
            assert min(later - earlier for earlier, later in pairwise(started)) >= 0.15


def test_a_body_without_an_end_is_given_up_at_its_limit() -> None:
    class Endless(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b"10000\r\n" + b"<" * 0x10000 + b"\r\n")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/feed"
        outcome = fetch_one(FetchRequest(feed=make_feed(url=url)), max_body=1_000_000)
        server.shutdown()
    assert isinstance(outcome, FetchFailed)
    assert "larger than" in outcome.reason
