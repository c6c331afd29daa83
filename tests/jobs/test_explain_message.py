"""Any message that was sent can be explained: by what was known then, whatever has changed since."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from monitor.core.digest import AlertSpec
from monitor.errors import MonitorError
from monitor.jobs.explain_message import explain_bundle, explain_message, read_place
from monitor.jobs.raise_alarm import raise_alarm
from monitor.jobs.send_alerts import send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.slack import SlackClient
from monitor.store import Store, articles, decisions, models, outbox, runs, stories
from tests.support.news import make_decision, make_settings, make_stories, make_story, make_told, put_stories
from tests.support.slack_twin import SlackTwin
from tests.support.texts import sighting

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
URGENT = AlertSpec(id="urgent", channel=SlackTwin.ALERTS)
CARD = {
    "thresholds": {"digest": 0.31, "alert": 0.9, "themes": {}},
    "made_at": "2026-11-01T00:00:00+00:00",
    "corpus_items": 9,
    "labels": 0,
}
WATCH = "terms:\n  - {name: shell shipments, any_of: [shells], weight: 1.0}\n"


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def twin() -> Iterator[SlackTwin]:
    with SlackTwin() as started:
        yield started


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def remember(store: Store, at: datetime) -> None:
    """What decided: a model, a watch and settings, as the runs of then left them."""
    with store.write() as connection:
        models.save_model(connection, version="m1", made_at=at, card=CARD, archive=b"")
        runs.remember_version(connection, "watch", "w1", WATCH, now=at)
        runs.remember_version(connection, "monitor", "s1", "thresholds: {alert: 0.95}\nold_key: 1\n", now=at)


def digest(store: Store, twin: SlackTwin, tmp_path: Path, at: datetime) -> None:
    told = make_told(1, summary="Shells went by rail.")
    held = [
        make_story([replace(told, decision=replace(told.decision, terms=("shell shipments",)))]),
        *make_stories(5)[1:],
    ]
    put_stories(store, held, decided_at=at - HOUR)
    remember(store, at - HOUR)
    send_digests(store, make_settings(), client_of(twin), now=at, home=tmp_path)


def place_of(twin: SlackTwin, part: int = 0, channel: str = SlackTwin.DIGEST) -> str:
    return f"{channel}:{twin.messages(channel)[part]['ts']}"


def article_in(told: dict[str, Any], article_id: str = "a00001") -> dict[str, Any]:
    return next(a for story in told["stories"] for a in story["articles"] if a["id"] == article_id)


def test_a_message_is_explained_as_things_were_whatever_changed_since(
    store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(store, twin, tmp_path, moment)
    place = place_of(twin)
    before = explain_message(store, place)
    with store.write() as connection:
        (held,) = articles.get_articles(connection, ["a00001"])
        shown = replace(held, title="Another title", summary="")
        articles.add_sightings(connection, held.feed_id, [sighting(shown)], now=moment + HOUR)
        stories.move_article(connection, held.id, to="elsewhere", title="x", now=moment + HOUR)
        again = make_decision(held, digest=False, score=0.1, reasons=(), terms=(), decided_at=moment + HOUR)
        decisions.save_decisions(connection, [again])  # under the very same versions
        models.save_model(connection, version="m2", made_at=moment, card=CARD, archive=b"")
        models.promote_model(connection, "m2", now=moment)
        runs.remember_version(connection, "watch", "w2", "terms: []\n", now=moment + HOUR)
    after = explain_message(store, place)
    assert article_in(after).pop("title_now") == "Another title"
    assert article_in(before).pop("title_now") == article_in(before)["title"]
    for told in (before, after):
        told["stories"] = [{k: v for k, v in story.items() if k != "id_now"} for story in told["stories"]]
    assert after == before


def test_it_names_model_watch_settings_reasons_thresholds_and_text(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(sqlite_store, twin, tmp_path, moment)
    told = explain_message(sqlite_store, place_of(twin))
    article = article_in(told)
    decision = article["decision"]
    assert (article["summary"], article["decided_on"]) == ("Shells went by rail.", None)
    assert (decision["model"], decision["watch"], decision["settings"]) == ("m1", "w1", "s1")
    assert decision["thresholds"] == {"digest": 0.31, "alert": 0.95, "themes": {}}
    assert "0.310" in decision["in_words"][0]
    assert [reason["text"] for reason in decision["reasons"]][1] == "North Korea and Russia in one sentence"
    assert "weight: 1.0" in decision["terms"]["shell shipments"]
    assert (told["models"]["m1"], told["watches"]["w1"]["text"]) == (CARD, WATCH)
    assert told["message"]["payload"]["text"] == twin.messages()[0]["text"]
    assert [part["ts"] for part in told["parts"]] == [message["ts"] for message in twin.messages()]


def test_a_message_of_the_thread_is_explained_by_its_own_stories(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(sqlite_store, twin, tmp_path, moment)
    ts = twin.messages()[1]["ts"]
    link = f"https://x.slack.com/archives/{SlackTwin.DIGEST}/p{ts.replace('.', '')}?thread_ts=1.5&cid=C1"
    told = explain_message(sqlite_store, link)
    assert {story["part"] for story in told["stories"]} == {1}
    assert len(told["stories"]) < len(explain_bundle(sqlite_store, "daily", at=None)["stories"]) == 5


def test_one_story_of_a_digest_can_be_asked_about(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(sqlite_store, twin, tmp_path, moment)
    told = explain_bundle(sqlite_store, "daily", at=moment, story="st-a00001")
    assert [story["id"] for story in told["stories"]] == ["st-a00001"]
    with pytest.raises(MonitorError, match="no story of it"):
        explain_bundle(sqlite_store, "daily", at=moment, story="st-other")
    with pytest.raises(MonitorError, match="nothing was told at"):
        explain_bundle(sqlite_store, "daily", at=moment - HOUR)


def test_an_alert_its_edit_and_its_reply_are_each_explained(
    store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    def alerts(at: datetime) -> None:
        send_alerts(store, make_settings(alerts=(URGENT,)), client_of(twin), now=at)

    told = make_told(1)
    story = make_story([replace(told, decision=replace(told.decision, alert=True))])
    put_stories(store, [story], decided_at=moment - MINUTE)
    remember(store, moment - HOUR)
    alerts(moment)
    first = twin.messages(SlackTwin.ALERTS)[0]
    put_stories(store, [replace(story, members=(make_told(2),))], decided_at=moment + MINUTE)
    alerts(moment + 2 * MINUTE)
    root = explain_message(store, place_of(twin, 0, SlackTwin.ALERTS))
    reply = explain_message(store, place_of(twin, 1, SlackTwin.ALERTS))
    (edit,) = root["message"]["edits"]
    assert edit["until"] == (moment + 2 * MINUTE).isoformat()
    assert edit["payload"]["blocks"] == first["blocks"] != root["message"]["payload"]["blocks"]
    assert [a["id"] for s in root["stories"] for a in s["articles"]] == ["a00001", "a00002"]
    assert [(a["id"], a["told_at"]) for s in reply["stories"] for a in s["articles"]] == [
        ("a00002", (moment + 2 * MINUTE).isoformat())
    ]
    assert explain_bundle(store, URGENT.ledger, at=moment)["message"]["ts"] == first["ts"]


def test_a_title_that_changed_between_decision_and_message_is_told_twice(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    put_stories(sqlite_store, [make_story([make_told(1)])], decided_at=moment - HOUR)
    with sqlite_store.write() as connection:
        (held,) = articles.get_articles(connection, ["a00001"])
        shown = replace(held, title="As it was told")
        articles.add_sightings(connection, held.feed_id, [sighting(shown)], now=moment - MINUTE)
    send_digests(sqlite_store, make_settings(), client_of(twin), now=moment, home=tmp_path)
    article = article_in(explain_message(sqlite_store, place_of(twin)))
    assert (article["title"], article["decided_on"]["title"]) == ("As it was told", held.title)


def test_what_retention_deleted_is_said_to_be_gone(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(sqlite_store, twin, tmp_path, moment)
    with sqlite_store.write() as connection:
        connection.execute(text("UPDATE articles SET decision_id = NULL WHERE id = 'a00001'"))
        connection.execute(text("DELETE FROM articles WHERE id = 'a00001'"))
    told = explain_message(sqlite_store, place_of(twin))
    assert "st-a00001" not in {story["id"] for story in told["stories"]}
    assert "retention" in told["notes"][0]
    with sqlite_store.write() as connection:
        connection.execute(text("DELETE FROM deliveries"))
    with pytest.raises(MonitorError, match="retention"):
        explain_message(sqlite_store, place_of(twin))
    with pytest.raises(MonitorError, match="retention"):
        explain_bundle(sqlite_store, "daily", at=None)


def test_a_layout_that_slack_refused_is_said_to_have_gone_out_in_plain_text(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    twin.fault("error", error="invalid_blocks")
    digest(sqlite_store, twin, tmp_path, moment)
    assert explain_message(sqlite_store, place_of(twin))["message"]["plain"] == "invalid_blocks"


def test_an_alarm_is_explained_by_what_it_said(sqlite_store: Store, twin: SlackTwin, moment: datetime) -> None:
    channel = SlackTwin.OPERATORS
    raise_alarm(sqlite_store, client_of(twin), channel, "It broke", ["mend it"], about="x", now=moment)
    told = explain_message(sqlite_store, place_of(twin, 0, channel))
    assert (told["alarm"]["title"], told["alarm"]["lines"]) == ("It broke", ["mend it"])


def test_an_answer_in_a_thread_of_ours_leads_to_its_root(
    sqlite_store: Store, twin: SlackTwin, tmp_path: Path, moment: datetime
) -> None:
    digest(sqlite_store, twin, tmp_path, moment)
    root = twin.messages()[0]["ts"]
    told = explain_message(sqlite_store, f"https://x.slack.com/archives/C1/p1000000001000000?thread_ts={root}&cid=C1")
    assert (told["message"]["ts"], told["notes"]) == (
        root,
        ["This message itself is not kept; here is the one that begins its thread."],
    )


def test_what_is_not_ours_is_said_to_be_unknown(sqlite_store: Store) -> None:
    with pytest.raises(MonitorError, match="no message of ours"):
        explain_message(sqlite_store, "C0TWINDIG01:1.000001")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("C012345678:1732600000.000100", ("C012345678", "1732600000.000100", "")),
        ("1732600000.000100", ("", "1732600000.000100", "")),
        ("https://x.slack.com/archives/C012/p1732600000000100", ("C012", "1732600000.000100", "")),
        (
            "<https://x.slack.com/archives/C1/p1732600000000100?thread_ts=9.5&cid=C1>",
            ("C1", "1732600000.000100", "9.5"),
        ),
    ],
)
def test_a_message_is_named_by_its_place_or_its_link(given: str, place: tuple[str, str, str]) -> None:
    assert read_place(given) == place


def test_what_names_no_message_is_refused() -> None:
    with pytest.raises(MonitorError, match="CHANNEL:TS"):
        read_place("yesterday's digest")


def test_what_people_said_stands_in_no_kept_former_message(
    sqlite_store: Store, twin: SlackTwin, moment: datetime
) -> None:
    from monitor.slack import with_said

    told = make_told(1)
    story = make_story([replace(told, decision=replace(told.decision, alert=True))])
    settings = make_settings(alerts=(URGENT,))
    put_stories(sqlite_store, [story], decided_at=moment - MINUTE)
    send_alerts(sqlite_store, settings, client_of(twin), now=moment, buttons=True)
    with sqlite_store.write() as connection:
        ((ledger, cut),) = connection.execute(text("SELECT digest_id, cut FROM deliveries")).all()
    at = datetime.fromisoformat(cut).replace(tzinfo=UTC)
    with sqlite_store.write() as connection:
        (message,) = outbox.parts_of(connection, ledger, at)
        said = with_said(message, {story.id: "Relevant: @analyst"})
        connection.execute(text("UPDATE deliveries SET payload = :p"), {"p": dumps(said)})
    put_stories(sqlite_store, [replace(story, members=(make_told(2),))], decided_at=moment + MINUTE)
    send_alerts(sqlite_store, settings, client_of(twin), now=moment + 2 * MINUTE, buttons=True)
    told_now = explain_message(sqlite_store, place_of(twin, 0, SlackTwin.ALERTS))
    assert "@analyst" in str(told_now["message"]["payload"])
    assert "@analyst" not in str(told_now["message"]["edits"])


def dumps(message: Any) -> str:
    import json

    return json.dumps({"text": message.text, "blocks": list(message.blocks), "stories": list(message.stories)})
