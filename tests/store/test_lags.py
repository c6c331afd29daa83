"""How long news waited, as both databases reckon it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.core.digest import Message
from monitor.store import Store, alerts, articles, decisions, lags, outbox, runs
from tests.support.news import make_story, make_told, put_stories
from tests.support.texts import article, decision, sighting

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def note_run(store: Store, job: str, began: datetime, seconds: float) -> None:
    with store.write() as connection:
        run_id = runs.start_run(connection, job, now=began)
        runs.finish_run(connection, run_id, now=began + seconds * SECOND, counts={})


def test_an_entry_waits_from_the_poll_that_did_not_show_it_to_the_end_of_the_run_that_decided(
    store: Store, now: datetime
) -> None:
    polled, decided = now - 20 * MINUTE, now - 19 * MINUTE
    early = article("early", published_at=polled - 30 * MINUTE, seen_at=polled)
    late = article("late", published_at=polled - 4 * MINUTE, seen_at=polled)
    waits = article("waits", published_at=polled - 2 * MINUTE, seen_at=polled)
    first = article("first", feed_id="new", published_at=polled - MINUTE, seen_at=polled)
    with store.write() as connection:
        shown = [sighting(one) for one in (early, late, waits)]
        articles.add_sightings(connection, "wire", shown, now=polled, polled_at=polled - 10 * MINUTE)
        articles.add_sightings(connection, "new", [sighting(first)], now=polled)
        decisions.save_decisions(
            connection, [decision(name, decided_at=decided) for name in ("early", "late", "first")]
        )
        again = replace(decision("late"), versions=replace(decision().versions, watch="w2"), decided_at=now)
        decisions.save_decisions(connection, [again])
    note_run(store, "ingest_feeds", polled, 30)
    note_run(store, "classify_articles", decided, 6.5)
    with store.read() as connection:
        found = lags.entry_waits(connection, since=now - 60 * MINUTE, now=now)
    by_published = {round(wait.published, 1): wait for wait in found}
    assert by_published.keys() == {1830.0, 270.0, 150.0, 90.0}
    assert by_published[1830.0].poll == pytest.approx(630, abs=0.01)
    assert by_published[270.0].poll == pytest.approx(270, abs=0.01)
    assert by_published[270.0].decision == pytest.approx(36.5, abs=0.01)
    assert by_published[150.0].decision is None
    assert by_published[90.0].poll is None
    assert {round(wait.since_seen) for wait in found} == {1200}


def test_what_was_seen_before_the_window_is_not_asked_for(store: Store, now: datetime) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article(seen_at=now - 61 * MINUTE))], now=now)
    with store.read() as connection:
        assert lags.entry_waits(connection, since=now - 60 * MINUTE, now=now) == []


def test_an_alert_waits_from_its_decision_to_its_post_and_an_open_one_until_now(store: Store, now: datetime) -> None:
    story = make_story([make_told(1)])
    urgent = replace(
        story, members=tuple(replace(told, decision=replace(told.decision, alert=True)) for told in story.members)
    )
    put_stories(store, [urgent], decided_at=now - 10 * MINUTE)
    with store.write() as connection:
        for begun, parts in ((now - 9 * MINUTE, 1), (now - 2 * MINUTE, 2)):
            messages = [Message(part=part, text="x", blocks=()) for part in range(parts)]
            alerts.freeze_alert(connection, "alerts/urgent", "C1", [urgent], messages, now=begun)
        item = outbox.claim_next(connection, "alerts/urgent", now - 9 * MINUTE, now=now)
        assert item is not None
        outbox.record_posted(connection, item, ts="1.0", now=now - 9 * MINUTE + 5 * SECOND)
    with store.read() as connection:
        ((ledger, decided, seconds),) = lags.alert_lags(connection, ["alerts/urgent"], since=now - 60 * MINUTE)
        waits = lags.message_waits(connection, ["alerts/urgent"], since=now - 60 * MINUTE, now=now)
        assert lags.digest_lags(connection, ["alerts/urgent"], since=now - 60 * MINUTE) == [pytest.approx(5, abs=0.01)]
        assert lags.message_waits(connection, ["other"], since=now - 60 * MINUTE, now=now) == []
    assert (ledger, decided) == ("alerts/urgent", now - 10 * MINUTE)
    assert seconds == pytest.approx(65, abs=0.01)
    assert sorted((round(wait.slack), wait.waits) for wait in waits) == [(5, False), (120, True), (120, True)]
