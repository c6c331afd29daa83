"""The weekly look below the line: drawn once, posted once, and what the answers come to."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.article import Article
from monitor.core.decision import Label
from monitor.core.review import ReviewSpec
from monitor.errors import ModelNotFoundError
from monitor.jobs.label_articles import label_article
from monitor.jobs.review_articles import find_missed, review_articles
from monitor.jobs.send_digests import send_digests
from monitor.jobs.watch_drift import watch_drift
from monitor.settings import ThresholdOverrides
from monitor.slack import SlackClient
from monitor.store import Store, articles, decisions, labels, models, outbox, reviews
from tests.support.news import make_article, make_decision, make_settings
from tests.support.slack_twin import SlackTwin
from tests.support.texts import sighting

CHANNEL = SlackTwin.OPERATORS
SETTINGS = make_settings(digests=(), review=ReviewSpec(channel=CHANNEL, size=80))
LINE = 0.3
WEEK = timedelta(days=7)


@pytest.fixture
def filled(sqlite_store: Store, now: datetime) -> Store:
    """A model in use, 40 flagged articles and 160 below the line."""
    fill(sqlite_store, now)
    return sqlite_store


def fill(store: Store, now: datetime) -> None:
    with store.write() as connection:
        card = {"thresholds": {"digest": LINE}}
        models.save_model(connection, version="m1", made_at=now - WEEK, card=card, archive=b"")
        models.promote_model(connection, "m1", now=now - WEEK)
        for number in range(200):
            shown: Article = make_article(number, seen_at=now - timedelta(hours=number + 1))
            score = 0.8 if number < 40 else 0.28 - number / 1000
            articles.add_sightings(connection, shown.feed_id, [sighting(shown)], now=shown.seen_at)
            decisions.save_decisions(connection, [make_decision(shown, score=score, digest=number < 40)])


def answer(store: Store, now: datetime, *, relevant: int) -> None:
    """Somebody judges the last sample: the ``relevant`` highest below the line and everything above it are relevant."""
    with store.read() as connection:
        asked = sorted(reviews.reviews_since(connection, now - 52 * WEEK)[-1].articles, key=lambda one: -one.score)
    below = [one.article_id for one in asked if one.stratum]
    for one in asked:
        wanted = not one.stratum or one.article_id in below[:relevant]
        label_article(store, one.article_id, wanted, who="ann", source="terminal", now=now)


def test_there_is_one_sample_a_week_and_another_when_asked_for(filled: Store, now: datetime) -> None:
    first = review_articles(filled, SETTINGS, channel="", now=now)
    assert first is not None
    assert len(first.articles) == 80
    assert review_articles(filled, SETTINGS, channel="", now=now + timedelta(days=1)) is None
    assert review_articles(filled, SETTINGS, channel="", now=now + timedelta(days=1), force=True) is not None
    assert review_articles(filled, SETTINGS, channel="", now=now + 2 * WEEK) is not None


def test_without_a_model_there_is_nothing_to_look_below(sqlite_store: Store, now: datetime) -> None:
    with pytest.raises(ModelNotFoundError, match="monitor train"):
        review_articles(sqlite_store, SETTINGS, channel="", now=now)


def test_each_article_is_asked_about_once_in_slack_however_slack_fails(sqlite_store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)  # the stand-in lives in real time
    fill(sqlite_store, now)
    drawn = review_articles(sqlite_store, SETTINGS, channel=CHANNEL, now=now)
    assert drawn is not None
    with SlackTwin() as twin:
        client = SlackClient(twin.token, twin.api_url, timeout=1)
        twin.fault("reset", after_accept=True)
        for minutes in range(0, 25, 5):
            send_digests(sqlite_store, SETTINGS, client, now=now + timedelta(minutes=minutes), home=tmp_path)
        posted = twin.messages(CHANNEL)
        assert twin.lint() == []
    buttons = [
        element["value"]
        for message in posted
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    ids = [one.article_id for one in drawn.articles]
    assert buttons == [f"{verb} {held} {held}" for held in ids for verb in ("relevant", "irrelevant")]
    assert "0.8" not in json.dumps(posted), "who judges must not see the score"


def test_nothing_is_posted_without_a_channel(filled: Store, now: datetime) -> None:
    review_articles(filled, SETTINGS, channel="", now=now)
    with filled.read() as connection:
        assert outbox.open_bundles(connection) == []


def test_before_anybody_answered_nothing_is_claimed(filled: Store, now: datetime) -> None:
    review_articles(filled, SETTINGS, channel="", now=now)
    missed = find_missed(filled, SETTINGS, now=now)
    assert (missed.now, missed.proposal, missed.over_time) == (None, None, ())
    assert "monitor label --review" in missed.lines()[0]


def test_where_nothing_relevant_is_hidden_recall_is_high_and_nothing_is_proposed(filled: Store, now: datetime) -> None:
    review_articles(filled, SETTINGS, channel="", now=now)
    answer(filled, now, relevant=0)
    missed = find_missed(filled, SETTINGS, now=now)
    assert missed.now is not None
    assert missed.now.value > 0.85
    assert missed.proposal is None


def test_where_much_is_hidden_a_lower_threshold_is_proposed(filled: Store, now: datetime) -> None:
    review_articles(filled, SETTINGS, channel="", now=now)
    answer(filled, now, relevant=20)
    missed = find_missed(filled, SETTINGS, now=now)
    assert missed.now is not None
    assert missed.now.low < missed.now.value < 0.7
    assert missed.proposal is not None
    assert missed.proposal.proposed < LINE
    assert missed.proposal.more_a_day > 1
    assert f"to keep 95% recall: 0.3 → {missed.proposal.proposed:.2g}" in missed.lines()[-1]


def test_a_proposal_is_for_the_threshold_in_use_alone(filled: Store, now: datetime) -> None:
    review_articles(filled, SETTINGS, channel="", now=now)
    answer(filled, now, relevant=20)
    changed = replace(SETTINGS, thresholds=ThresholdOverrides(digest=0.25))
    assert find_missed(filled, changed, now=now).proposal is None


def test_the_message_of_an_article_is_found_by_it(filled: Store, now: datetime) -> None:
    drawn = review_articles(filled, SETTINGS, channel=CHANNEL, now=now)
    assert drawn is not None
    with filled.read() as connection:
        told = [held for message in outbox.parts_of(connection, "@review", now) for held in message.stories]
    assert told == [one.article_id for one in drawn.articles]


def test_recall_is_told_over_time(filled: Store, now: datetime) -> None:
    for week in range(2):
        at = now + week * WEEK
        review_articles(filled, SETTINGS, channel="", now=at, force=True)
        answer(filled, at, relevant=5)
    found = find_missed(filled, SETTINGS, now=now + WEEK).over_time
    assert [at for at, _ in found] == [now, now + WEEK]


def test_a_label_of_anybody_counts_as_an_answer(filled: Store, now: datetime) -> None:
    drawn = review_articles(filled, SETTINGS, channel="", now=now)
    assert drawn is not None
    hidden = next(one.article_id for one in drawn.articles if one.stratum)
    said = Label(article_id=hidden, kind="relevance", value="1", who="U0TWINEVE01", at=now, text="t", source="slack")
    with filled.write() as connection:
        labels.add_labels(connection, [said])
    found = find_missed(filled, SETTINGS, now=now).now
    assert found is not None
    assert (found.judged, found.hidden) == (1, 1)


def test_drift_is_told_of_what_is_stored(filled: Store, now: datetime) -> None:
    drift = watch_drift(filled, now=now)
    assert (drift.before, drift.after) == (0, 200)
    assert "Too few" in drift.lines()[0]
