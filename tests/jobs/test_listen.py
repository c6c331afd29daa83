"""From a press in Slack to a label in the store, over the real socket, the real store and the real messages."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.click import Click, People
from monitor.core.review import ReviewSpec
from monitor.core.theme import THEME_IDS
from monitor.errors import DeliveryError
from monitor.jobs.classify_articles import classify_articles
from monitor.jobs.handle_clicks import Rights
from monitor.jobs.listen import listen
from monitor.jobs.review_articles import review_articles
from monitor.jobs.send_digests import send_digests
from monitor.slack import SlackApp
from monitor.store import Store, articles, clicks, decisions, models, mutes, runs, stories
from tests.jobs.test_classify_articles import WordModel
from tests.support.news import (
    make_article,
    make_decision,
    make_settings,
    make_story,
    make_told,
    put_stories,
)
from tests.support.newsroom import Newsroom, open_newsroom, until
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings
from tests.support.slack_twin.live import values_of
from tests.support.texts import sighting


@pytest.fixture
def room(sqlite_store: Store, tmp_path: Path) -> Iterator[Newsroom]:
    with SlackTwin() as twin:
        made = open_newsroom(twin, sqlite_store, tmp_path, 6)
        made.start()
        yield made
        made.close()
        assert made.failed == []
        assert twin.lint() == []


def test_a_press_becomes_a_label_with_who_when_on_what_and_for_which_model(room: Newsroom) -> None:
    article = room.press("irrelevant")
    until(room.settled)
    (label,) = room.labels()
    assert (label.article_id, label.kind, label.value, label.who) == (article, "relevance", "0", SlackTwin.ANALYST)
    assert label.model == "m1"
    assert label.text.startswith("Delegation number")
    assert datetime.now(UTC) - label.at < timedelta(seconds=20)


def test_the_message_shows_at_once_what_happened(room: Newsroom) -> None:
    room.press("irrelevant")
    until(room.settled)
    assert "marked not relevant by @anna · counts at the next training on Sunday" in room.words()


def test_labels_of_two_people_who_disagree_are_kept_and_both_shown(room: Newsroom) -> None:
    room.press("relevant")
    room.press("irrelevant", user=SlackTwin.COLLEAGUE)
    until(room.settled)
    assert sorted((label.value, label.who) for label in room.labels()) == [
        ("0", SlackTwin.COLLEAGUE),
        ("1", SlackTwin.ANALYST),
    ]
    assert "marked relevant by @anna · marked not relevant by @boris" in room.words()


def test_what_one_person_said_can_be_taken_back_and_the_others_word_stays(room: Newsroom) -> None:
    room.press("relevant")
    room.press("irrelevant", user=SlackTwin.COLLEAGUE)
    until(room.settled)
    room.press("undo")
    until(lambda: room.settled() and "@anna" not in room.words())
    assert [label.who for label in room.labels()] == [SlackTwin.COLLEAGUE]
    assert "marked not relevant by @boris" in room.words()


def test_when_nobody_says_anything_any_more_the_message_is_as_it_was(room: Newsroom) -> None:
    before = room.messages()
    room.press("relevant")
    until(lambda: room.settled() and "@anna" in room.words())
    room.press("undo")
    until(lambda: room.settled() and "@anna" not in room.words())
    assert [m["blocks"] for m in room.messages()] == [m["blocks"] for m in before]


def test_a_press_that_was_taken_back_before_slack_delivers_it_is_no_label(room: Newsroom) -> None:
    message, value = room.values("relevant")[0]
    room.press("irrelevant")
    until(lambda: bool(room.values("undo")))
    late = f"{time.time() - 0.5:.6f}"
    room.press("undo")
    until(lambda: room.settled() and not room.labels())
    room.twin.press(message, value, ts=late)
    until(room.settled)
    assert room.labels() == []


def test_the_right_theme_is_picked_from_a_list_that_only_they_see(room: Newsroom) -> None:
    article = room.press("theme")
    until(lambda: bool(room.twin.ephemerals()))
    (pick,) = room.twin.ephemerals()
    value = next(v for v in values_of(pick) if v.endswith("sanctions"))
    room.twin.press(pick, value, private=True)
    until(room.settled)
    assert [(label.article_id, label.kind, label.value) for label in room.labels()] == [(article, "theme", "sanctions")]
    assert "theme set to Sanctions by @anna" in room.words()
    assert room.twin.live.answers[-1]["replace_original"] is True


def test_every_theme_can_be_picked(room: Newsroom) -> None:
    room.press("theme")
    until(lambda: bool(room.twin.ephemerals()))
    assert [v.split()[-1] for v in values_of(room.twin.ephemerals()[0])] == list(THEME_IDS)


def test_a_wrong_group_is_a_label_too(room: Newsroom) -> None:
    article = room.press("group")
    until(room.settled)
    assert [(label.article_id, label.kind) for label in room.labels()] == [(article, "group")]
    assert "wrong group, says @anna" in room.words()


def test_what_was_said_of_a_wrong_group_stays_shown_when_the_article_has_a_story_of_its_own(room: Newsroom) -> None:
    """Even where nothing else was told of the story that it was in: the others came later."""
    at = next(at for at, (_, value) in enumerate(room.values("group")) if len(members(room, value.split()[1])) == 1)
    article, story = room.press("group", at), room.values("group")[at][1].split()[1]
    until(room.settled)
    late = make_told(99)
    put_stories(room.store, [replace(make_story([late]), id=story)], decided_at=datetime.now(UTC))
    moved = classify_articles(room.store, room.settings, WordModel(), now=datetime.now(UTC))
    assert (moved.parted, article in members(room, story)) == (1, False)
    room.press("relevant", at, user=SlackTwin.COLLEAGUE)
    until(lambda: room.settled() and "@boris" in room.words())
    assert "wrong group, says @anna · marked relevant by @boris" in room.words()
    room.press("undo")
    until(lambda: room.settled() and "@anna" not in room.words())
    assert [label.who for label in room.labels()] == [SlackTwin.COLLEAGUE]


def members(room: Newsroom, story: str) -> set[str]:
    with room.store.read() as connection:
        (found,) = stories.get_stories(connection, [story])
    return {told.article.id for told in found.members}


def test_why_is_told_to_the_asker_alone_in_the_thread(room: Newsroom) -> None:
    room.press("why")
    until(room.settled)
    assert "+2.50 names: North Korea and Russia in one sentence" in room.whispers()
    assert room.whispers(SlackTwin.COLLEAGUE) == ""
    assert room.twin.ephemerals()[0]["thread_ts"] == room.twin.messages()[0]["ts"]
    assert room.labels() == []


@pytest.mark.parametrize(("choice", "days"), [(0, 7), (1, 30)])
def test_an_outlet_is_muted_for_the_days_chosen_and_heard_again_when_that_is_taken_back(
    room: Newsroom, choice: int, days: int
) -> None:
    room.press("mute", choice)
    until(room.settled)
    with room.store.read() as connection:
        (mute,) = mutes.mutes_at(connection, datetime.now(UTC))
    assert timedelta(days=days - 0.1) < mute.until - datetime.now(UTC) < timedelta(days=days)
    assert f"{mute.outlet} muted by @anna until {mute.until:%Y-%m-%d}" in room.words()
    room.press("undo")
    until(lambda: room.settled() and "muted by" not in room.words())


@pytest.mark.parametrize("verb", ["relevant", "mute", "why"])
def test_who_is_in_no_configured_channel_changes_nothing_and_hears_why(room: Newsroom, verb: str) -> None:
    before = room.messages()
    room.twin.workspace.members[SlackTwin.ALERTS].append(SlackTwin.STRANGER)
    message, value = room.values(verb)[0]
    room.twin.press(message, value, user=SlackTwin.STRANGER, channel=SlackTwin.ALERTS)
    until(lambda: room.settled() and bool(room.whispers(SlackTwin.STRANGER)))  # it is told after it is refused
    with room.store.read() as connection:
        assert clicks.count_clicks(connection) == {"refused": 1}
        assert mutes.mutes_at(connection, datetime.now(UTC)) == ()
    assert (room.labels(), room.messages()) == ([], before)
    assert "only members of C0TWINDIG01 may do this" in room.whispers(SlackTwin.STRANGER)


def test_a_command_of_somebody_without_the_right_changes_nothing(room: Newsroom) -> None:
    room.twin.type("mute Harbour Post", user=SlackTwin.STRANGER)
    until(lambda: bool(room.twin.live.answers))
    with room.store.read() as connection:
        assert mutes.mutes_at(connection, datetime.now(UTC)) == ()
    assert "Nothing was changed" in room.whispers(SlackTwin.STRANGER)


@pytest.mark.parametrize(
    "value", ["relevant st-x nowhere", "theme_is st-x a00000 war", "explode st-x a00000", "relevant"]
)
def test_a_value_that_names_nothing_changes_nothing(room: Newsroom, value: str) -> None:
    element = {"type": "button", "action_id": "x", "value": value}
    room.twin.press({"blocks": [{"type": "actions", "elements": [element]}]}, value)
    until(room.settled)
    assert room.labels() == []


def test_a_mute_by_command_names_an_outlet_of_the_config(room: Newsroom) -> None:
    room.twin.type("mute harbour post 14")
    room.twin.type("mute Nobody Daily")
    until(lambda: len(room.twin.live.answers) == 2)
    with room.store.read() as connection:
        (mute,) = mutes.mutes_at(connection, datetime.now(UTC))
    assert (mute.outlet, mute.name) == ("Harbour Post", "anna")
    assert timedelta(days=13.9) < mute.until - datetime.now(UTC) < timedelta(days=14)
    assert "No feed of the config has an outlet of this name" in room.whispers()
    room.twin.type("unmute Harbour Post")
    until(lambda: len(room.twin.live.answers) == 3)
    assert "Nothing is muted." in room.whispers()


def test_slack_that_asks_to_wait_delays_the_showing_and_not_the_label(room: Newsroom) -> None:
    room.twin.fault("ratelimited", method="chat.update", seconds=40)
    room.press("relevant")
    until(lambda: len(room.labels()) == 1)
    assert "@anna" not in room.words()
    room.press("irrelevant", 3, user=SlackTwin.COLLEAGUE)
    until(lambda: room.settled() and "@anna" in room.words())


def test_the_listener_leaves_a_sign_of_life_and_its_end_in_the_store(room: Newsroom) -> None:
    room.press("relevant")
    until(lambda: bool(last_run(room.store).counts.get("at")))
    assert last_run(room.store).state == "running"
    room.close()
    assert last_run(room.store).state == "success"


def last_run(store: Store) -> runs.Run:
    with store.read() as connection:
        return runs.last_runs(connection, job="listen", limit=1)[0]


def test_clicks_that_waited_in_the_queue_are_worked_off_when_the_listener_starts(
    sqlite_store: Store, tmp_path: Path
) -> None:
    with SlackTwin() as twin:
        room = open_newsroom(twin, sqlite_store, tmp_path, 1)
        value = room.values("relevant")[0][1]
        click = Click(
            key="k", at=datetime.now(UTC), who=twin.ANALYST, name="anna", channel=twin.DIGEST, verb="relevant"
        )
        with sqlite_store.write() as connection:
            clicks.add_clicks(connection, [Click(**{**asdict_of(click), "words": value.partition(" ")[2]})])
        room.start()
        until(lambda: len(room.labels()) == 1)
        room.close()


def test_a_press_below_the_line_is_a_label_and_the_review_shows_who_said_what(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """Who is in the review channel alone may answer there."""
    channel, now = SlackTwin.OPERATORS, datetime.now(UTC)
    with sqlite_store.write() as connection:
        models.save_model(connection, version="m1", made_at=now, card={"thresholds": {"digest": 0.3}}, archive=b"")
        models.promote_model(connection, "m1", now=now)
        for number in range(6):
            shown = make_article(number, seen_at=now - timedelta(hours=1))
            articles.add_sightings(connection, shown.feed_id, [sighting(shown)], now=shown.seen_at)
            decided = make_decision(shown, score=0.1, digest=False, decided_at=shown.seen_at)
            decisions.save_decisions(connection, [decided])
    settings = make_settings(review=ReviewSpec(channel=channel, size=6))
    assert review_articles(sqlite_store, settings, channel=channel, now=now) is not None
    with SlackTwin() as twin:
        twin.workspace.members[channel].append(SlackTwin.STRANGER)
        app = SlackApp(twin.token, twin.app_token, twin.api_url)
        send_digests(sqlite_store, settings, app, now=now, home=tmp_path)
        room = Newsroom(twin, sqlite_store, settings)
        room.start()

        def press(verb: str, user: str) -> str:
            message = next(m for m in twin.messages(channel) if any(values_of(m)))
            value = next(value for value in values_of(message) if value.split()[0] == verb)
            twin.press(message, value, user=user, channel=channel)
            return value.split()[2]

        def words() -> str:
            return " ".join(text for m in twin.messages(channel) for text in strings(m["blocks"]))

        article = press("relevant", SlackTwin.STRANGER)
        press("irrelevant", SlackTwin.COLLEAGUE)
        until(room.settled)
        assert [(label.article_id, label.value, label.who) for label in room.labels()] == [
            (article, "1", SlackTwin.STRANGER),
            (article, "0", SlackTwin.COLLEAGUE),
        ]
        assert "marked relevant by @stranger · marked not relevant by @boris" in words()
        press("undo", SlackTwin.STRANGER)
        until(lambda: room.settled() and "@stranger" not in words())
        assert [label.who for label in room.labels()] == [SlackTwin.COLLEAGUE]
        room.close()
        assert room.failed == []
        assert twin.lint() == []


def asdict_of(click: Click) -> dict:
    from dataclasses import asdict

    return asdict(click)


def test_a_thousand_clicks_in_disorder_over_a_connection_that_drops_twice_become_a_label_each(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """Everything is sent twice, in any order; every envelope is acknowledged in three seconds."""
    draw = random.Random(7)
    people = [f"U0READER{number:03d}" for number in range(10)]
    with SlackTwin() as twin:
        room = open_newsroom(twin, sqlite_store, tmp_path, 60)
        twin.workspace.members[SlackTwin.DIGEST] += people
        wanted = [(who, *pressed) for who in people for pressed in room.values("relevant") + room.values("irrelevant")]
        wanted = draw.sample(wanted, 1_000)
        room.start()
        began = time.monotonic()
        press_all(twin, wanted, draw)
        until(room.settled, 30)
        took = time.monotonic() - began
        room.close()
        sent = {(who, value.split()[2], "01"[value.startswith("relevant")]) for who, _, value in wanted}
        kept = [(label.who, label.article_id, label.value) for label in room.labels()]
        assert (len(kept), set(kept)) == (len(sent), sent)
        envelopes = list(twin.live.envelopes.values())
        assert max(envelope.waited for envelope in envelopes) < 3
        # What is sent while no connection stands is delivered with the next, and then once.
        assert sum(envelope.sent for envelope in envelopes) >= 1_900
        assert took < 10
        assert twin.lint() == []


def press_all(twin: SlackTwin, wanted: list[tuple[str, dict, str]], draw: random.Random) -> None:
    begun = time.time() - 60
    order = draw.sample(range(len(wanted)), len(wanted))
    for count, at in enumerate(order):
        who, message, value = wanted[at]
        envelope = twin.press(message, value, user=who, ts=f"{begun + at / 100:.6f}")
        twin.send(envelope.kind, envelope.payload, envelope.id if count % 2 else "")
        if count in (300, 700):
            twin.drop()


def test_only_those_that_the_config_names_may_label(sqlite_store: Store, tmp_path: Path) -> None:
    with SlackTwin() as twin:
        twin.workspace.members["S0TWINGRP01"] = [twin.COLLEAGUE]
        app = SlackApp(twin.token, twin.app_token, twin.api_url)
        people = People(user_groups=("S0TWINGRP01",), users=(twin.STRANGER,))
        settings, rights = make_settings(people=people), Rights(app)
        now = datetime.now(UTC)
        assert rights.refusal(settings, twin.COLLEAGUE, now) == ""
        assert rights.refusal(settings, twin.STRANGER, now) == ""
        assert "only members of S0TWINGRP01, the people in the config" in rights.refusal(settings, twin.ANALYST, now)


def test_who_cannot_be_checked_may_not(sqlite_store: Store) -> None:
    with SlackTwin(scopes=frozenset({"chat:write"})) as twin:
        rights = Rights(SlackApp(twin.token, twin.app_token, twin.api_url))
        assert "lacks the scope channels:read" in rights.refusal(make_settings(), twin.ANALYST, datetime.now(UTC))


def test_a_token_that_slack_refuses_ends_the_listener_and_the_run_says_so(sqlite_store: Store) -> None:
    with SlackTwin() as twin:
        app = SlackApp(twin.token, "xapp-wrong", twin.api_url)
        with pytest.raises(DeliveryError, match="invalid_auth"):
            listen(sqlite_store, app, dict, stop=threading.Event(), clock=lambda: datetime.now(UTC))
    assert last_run(sqlite_store).state == "failed"
