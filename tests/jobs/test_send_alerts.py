"""What is urgent is told at once, once a story; what others add goes into its thread."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.core.click import Mute
from monitor.core.digest import AlertSpec, DigestSpec
from monitor.core.story import Story
from monitor.jobs.send_alerts import AlertReport, send_alerts
from monitor.jobs.send_digests import send_digests
from monitor.settings import Settings
from monitor.slack import SlackClient, SlackWebhook
from monitor.store import Store, mutes, outbox
from tests.support.news import HOSTILE, THEMES, make_settings, make_stories, make_story, make_told, put_stories
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
URGENT = AlertSpec(id="urgent", channel=SlackTwin.ALERTS, max_per_hour=60)


@pytest.fixture
def moment() -> datetime:
    """The twin lives in real time, so these tests do too."""
    return datetime.now(UTC).replace(microsecond=0)


def settings_with(*specs: AlertSpec, digests: Iterable[DigestSpec] = ()) -> Settings:
    return make_settings(*digests, alerts=specs or (URGENT,))


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def run(store: Store, twin: SlackTwin, now: datetime, *specs: AlertSpec) -> AlertReport:
    return send_alerts(store, settings_with(*specs), client_of(twin), now=now)


def urgent(story: Story, **changes: object) -> Story:
    """The same story, worth an alert."""
    return replace(
        story,
        members=tuple(replace(t, decision=replace(t.decision, alert=True, **changes)) for t in story.members),
    )


def put(store: Store, stories: Iterable[Story], at: datetime) -> None:
    put_stories(store, [urgent(story) for story in stories], decided_at=at)


def grow(store: Store, story: Story, at: datetime, *numbers: int, **values: object) -> None:
    """Let more articles join a story: not urgent by themselves."""
    more = tuple(make_told(number, **values) for number in numbers)
    put_stories(store, [replace(story, members=more)], decided_at=at)


def roots(twin: SlackTwin, channel: str = SlackTwin.ALERTS) -> list[dict[str, object]]:
    return [message for message in twin.messages(channel) if "thread_ts" not in message]


def replies(twin: SlackTwin, channel: str = SlackTwin.ALERTS) -> list[dict[str, object]]:
    return [message for message in twin.messages(channel) if "thread_ts" in message]


def words(message: object) -> str:
    return " ".join(strings(message))


def test_each_urgent_story_is_an_alert_and_none_comes_again(store: Store, moment: datetime) -> None:
    put(store, make_stories(3), moment - MINUTE)
    with SlackTwin() as twin:
        assert run(store, twin, moment).posted == 3
        assert run(store, twin, moment + 5 * MINUTE).posted == 0
        assert len(roots(twin)) == 3


def test_a_story_that_is_only_flagged_is_no_alert(sqlite_store: Store, moment: datetime) -> None:
    put_stories(sqlite_store, make_stories(3), decided_at=moment - MINUTE)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment).counts()["posted"] == 0


def test_an_alert_says_what_why_and_who(sqlite_store: Store, moment: datetime) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        (alert,) = roots(twin)
    said = words(alert["blocks"])
    assert said.startswith(next(theme.title for theme in THEMES if theme.id == make_stories(1)[0].theme()))
    assert "Why: names North Korea and Russia in one sentence" in said
    assert "Outlets\n3" in said
    assert alert["text"] == "Delegation number 0 discusses item 0 in the harbour — Harbour Post"


def test_old_news_is_never_an_alert(sqlite_store: Store, moment: datetime) -> None:
    stories = [urgent(story, late=True) for story in make_stories(100)]
    put_stories(sqlite_store, stories, decided_at=moment - MINUTE)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment).posted == 0
        assert twin.requests("chat.postMessage") == []


def test_a_new_channel_is_not_told_what_was_urgent_before(sqlite_store: Store, moment: datetime) -> None:
    put(sqlite_store, make_stories(2), moment - 3 * HOUR)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment).posted == 0


def test_each_channel_is_told_what_it_asked_for(sqlite_store: Store, moment: datetime) -> None:
    english = replace(URGENT, id="english", channel=SlackTwin.OPERATORS, languages=("en",))
    put(sqlite_store, make_stories(10), moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment, URGENT, english)
        assert (len(roots(twin)), len(roots(twin, SlackTwin.OPERATORS))) == (10, 8)


def test_a_channel_that_is_switched_off_is_told_nothing(sqlite_store: Store, moment: datetime) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment, replace(URGENT, enabled=False)).posted == 0


def test_without_slack_alerts_are_left_to_the_digest(sqlite_store: Store, moment: datetime, tmp_path: Path) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    assert send_alerts(sqlite_store, settings_with(), None, now=moment).counts()["alerts"] == 0
    (digest,) = send_digests(sqlite_store, make_settings(), None, now=moment, home=tmp_path).digests
    assert digest.stories[0].alerted_at is None


def test_another_outlet_edits_the_counter_and_replies_in_the_thread(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="Two")
        report = run(sqlite_store, twin, moment + 5 * MINUTE)
        (root,) = roots(twin)
        (reply,) = replies(twin)
    assert report.counts() == {"alerts": 0, "stories": 0, "grown": 1, "posted": 2, "refused": 0, "delayed": 0}
    assert "Outlets\n2" in words(root["blocks"])
    assert reply["thread_ts"] == root["ts"]
    assert "Two: Delegation number 2" in words(reply["blocks"])


def test_more_of_the_same_from_the_same_outlet_is_not_worth_a_word(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="One")
        assert run(sqlite_store, twin, moment + 5 * MINUTE).posted == 0


def test_a_new_figure_is_told_in_the_thread(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One", title="10,000 troops leave: NIS")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="One", title="12,000 troops leave: NIS")
        run(sqlite_store, twin, moment + 5 * MINUTE)
        (reply,) = replies(twin)
    assert "new figure: 10,000 → 12,000 troops" in words(reply["blocks"])


def test_what_was_told_together_grows_together(sqlite_store: Store, moment: datetime) -> None:
    stories = [make_story([make_told(number, outlet="One")]) for number in range(1, 40)]
    put(sqlite_store, stories, moment - MINUTE)
    spec = replace(URGENT, max_per_hour=1)
    with SlackTwin() as twin:
        assert len(run(sqlite_store, twin, moment, spec).alerts) == 2
        before = len(twin.messages(SlackTwin.ALERTS))
        for at, story in enumerate(stories[5:8]):
            grow(sqlite_store, story, moment + MINUTE, 100 + at, outlet="Two")
        run(sqlite_store, twin, moment + 5 * MINUTE, spec)
        messages = twin.messages(SlackTwin.ALERTS)
        assert len(messages) == before + 1
        assert words(messages[-1]["blocks"]).count("Two: ") == 3
        assert sum("One, Two" in words(message["blocks"]) for message in messages) >= 1
        assert twin.lint() == []


def test_the_night_holds_alerts_back_and_the_morning_tells_them_as_one(sqlite_store: Store, moment: datetime) -> None:
    clock = moment.time()
    later = (moment + HOUR).time()
    spec = replace(URGENT, quiet=(time(clock.hour, clock.minute), time(later.hour, later.minute)))
    put(sqlite_store, make_stories(5), moment + MINUTE)
    with SlackTwin() as twin:
        assert run(sqlite_store, twin, moment + 5 * MINUTE, spec).posted == 0
        report = run(sqlite_store, twin, moment + HOUR + MINUTE, spec)
        assert [len(alert.stories) for alert in report.alerts] == [5]
        (root,) = roots(twin)
    assert root["text"].startswith("5 alerts together: Delegation number")


def test_a_digest_spends_one_line_on_what_was_alerted(sqlite_store: Store, moment: datetime, tmp_path: Path) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        send_digests(sqlite_store, make_settings(), client_of(twin), now=moment + MINUTE, home=tmp_path)
        told = twin.messages(SlackTwin.DIGEST)[1]
    assert f"alerted {moment:%H:%M}" in words(told["blocks"])
    assert "Why:" not in words(told["blocks"])


def test_an_alert_that_nobody_got_leaves_the_story_to_the_digest_whole(
    sqlite_store: Store, moment: datetime, tmp_path: Path
) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment, replace(URGENT, channel=SlackTwin.ARCHIVED))
        send_digests(sqlite_store, make_settings(), client_of(twin), now=moment + MINUTE, home=tmp_path)
        assert "Why:" in words(twin.messages(SlackTwin.DIGEST)[1]["blocks"])


def test_a_channel_that_is_gone_alarms_once_and_its_alert_goes_to_the_one_put_in_its_place(
    sqlite_store: Store, moment: datetime
) -> None:
    gone = replace(URGENT, channel=SlackTwin.ARCHIVED)
    put(sqlite_store, make_stories(2), moment - MINUTE)
    with SlackTwin() as twin:
        first = run(sqlite_store, twin, moment, gone)
        second = run(sqlite_store, twin, moment + 5 * MINUTE, gone)
        assert [len(first.troubles), len(second.troubles)] == [1, 0]
        assert "unarchive" in first.troubles[0]
        run(sqlite_store, twin, moment + 10 * MINUTE)
        assert len(roots(twin)) == 2


def test_an_alert_that_somebody_deleted_is_told_anew_when_it_grows(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        twin.workspace.messages[SlackTwin.ALERTS].clear()
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="Two")
        run(sqlite_store, twin, moment + 5 * MINUTE)
        (root,) = roots(twin)
        (reply,) = replies(twin)
    assert reply["thread_ts"] == root["ts"]


def test_a_message_that_may_not_be_edited_any_more_still_gets_its_reply(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        twin.fault("error", error="edit_window_closed", method="chat.update")
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="Two")
        run(sqlite_store, twin, moment + 5 * MINUTE)
        assert (len(roots(twin)), len(replies(twin))) == (1, 1)


def test_a_webhook_gets_alerts_but_no_threads(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        hook = SlackWebhook(twin.webhook_url)
        assert send_alerts(sqlite_store, settings_with(), hook, now=moment).posted == 1
        grow(sqlite_store, story, moment + MINUTE, 2, outlet="Two")
        assert send_alerts(sqlite_store, settings_with(), hook, now=moment + 5 * MINUTE).posted == 0
        assert len(twin.messages(SlackTwin.DIGEST)) == 1


@pytest.mark.parametrize("count", [1, 2, 12, 60, 200])
def test_hostile_titles_are_told_whole_and_in_order(sqlite_store: Store, moment: datetime, count: int) -> None:
    put(sqlite_store, make_stories(count, hostile=True), moment - MINUTE)
    with SlackTwin() as twin:
        report = run(sqlite_store, twin, moment, replace(URGENT, max_per_hour=1))
        for alert in report.alerts:
            with sqlite_store.read() as connection:
                parts = outbox.parts_of(connection, alert.ledger, alert.cut)
            assert [story for part in parts for story in part.stories] == [story.id for story in alert.stories]
        assert twin.lint() == []
    assert report.refused == 0
    assert sum(len(alert.stories) for alert in report.alerts) == count


def test_an_addition_of_hostile_titles_is_accepted(sqlite_store: Store, moment: datetime) -> None:
    story = make_story([make_told(1, outlet="One")])
    put(sqlite_store, [story], moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment)
        for at, title in enumerate(HOSTILE, 2):
            grow(sqlite_store, story, moment + MINUTE, at, outlet=f"{title[:200]}{at}", title=title)
        assert run(sqlite_store, twin, moment + 5 * MINUTE).refused == 0
        assert len(replies(twin)) == 1
        assert twin.lint() == []


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_an_alert_speaks_the_language_of_its_channel(sqlite_store: Store, moment: datetime, language: str) -> None:
    put(sqlite_store, make_stories(1), moment - MINUTE)
    with SlackTwin() as twin:
        run(sqlite_store, twin, moment, replace(URGENT, language=language))
        (root,) = roots(twin)
    heading = {"en": "Outlets", "ko": "매체", "fr": "Médias"}[language]
    assert f"{heading}\n3" in words(root["blocks"])


def test_a_muted_outlet_raises_no_alert_and_adds_nothing_to_one(sqlite_store: Store, moment: datetime) -> None:
    alone, shared = urgent(make_story([make_told(5)])), urgent(make_story([make_told(6), make_told(10)]))
    muted = Mute(outlet=alone.members[0].article.outlet, until=moment + 2 * MINUTE, who="U1", name="anna", at=moment)
    put(sqlite_store, [alone, shared], moment - MINUTE)
    with sqlite_store.write() as connection:
        mutes.mute_outlet(connection, muted)
    with SlackTwin() as twin:
        assert len(run(sqlite_store, twin, moment).alerts) == 1
        assert muted.outlet not in words([root["blocks"] for root in roots(twin)])
        assert run(sqlite_store, twin, moment + MINUTE).grown == 0
        assert len(run(sqlite_store, twin, moment + 3 * MINUTE).alerts) == 1
