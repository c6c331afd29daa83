"""Digests render within Slack's limits, whatever the feeds wrote."""

import pytest

from monitor.core.digest import Message
from monitor.core.tell import Link, safe_url
from monitor.slack import SlackClient, plainer, render_alarm, render_digest, render_lines
from monitor.slack.blocks import MESSAGE_BUDGET, cost
from tests.support.news import HOSTILE, THEMES, make_digest, make_stories, make_story, make_told
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings


def post_all(twin: SlackTwin, messages: tuple[Message, ...]) -> None:
    client = SlackClient(twin.token, twin.api_url)
    root = ""
    for message in messages:
        ts = client.post(twin.DIGEST, message, key=str(message.part), thread_ts=root)
        root = root or ts


@pytest.mark.parametrize("count", [0, 1, 12, 60, 200, 1000])
def test_a_digest_of_hostile_titles_is_accepted_without_a_finding(count: int) -> None:
    digest = make_digest(make_stories(count, hostile=True))
    with SlackTwin() as twin:
        post_all(twin, render_digest(digest, themes=THEMES))
        assert twin.lint() == []


@pytest.mark.parametrize("count", [1, 60, 1000])
def test_every_story_is_told_once(count: int) -> None:
    digest = make_digest(make_stories(count))
    messages = render_digest(digest, themes=THEMES)
    leads = [story.members[0].article.url for story in digest.stories]
    links = [url for message in messages[1:] for url in strings(list(message.blocks), "url")]
    assert sorted(url for url in links if url in set(leads)) == sorted(leads)


def test_no_message_comes_near_the_limit_that_slack_enforces() -> None:
    messages = render_digest(make_digest(make_stories(200, hostile=True)), themes=THEMES)
    assert max(cost(message.blocks) for message in messages) <= MESSAGE_BUDGET + 1_000


def test_a_quiet_day_still_says_that_the_monitor_runs() -> None:
    (root,) = render_digest(make_digest([]), themes=THEMES)
    assert "The monitor is running: 412 articles were looked at" in " ".join(strings(list(root.blocks)))


def test_the_root_tells_counts_baseline_and_coverage() -> None:
    root = render_digest(make_digest(make_stories(12)), themes=THEMES)[0]
    words = " ".join(strings(list(root.blocks)))
    assert "12 stories from 26 articles · recent digests had 9 on average" in words
    assert "52 of 53 feeds answered" in words


def test_each_story_says_why_it_was_flagged() -> None:
    messages = render_digest(make_digest(make_stories(1)), themes=THEMES)
    words = " ".join(strings(list(messages[1].blocks)))
    assert (
        "Why: names North Korea and Russia in one sentence · “artillery shells” · watch term “shell shipments”" in words
    )


def test_what_was_old_when_first_seen_stands_apart() -> None:
    old = make_stories(1, late=True)
    messages = render_digest(make_digest([], older=old), themes=THEMES)
    assert messages[-1].text.startswith("Older, newly seen")


def test_themes_come_in_their_own_order() -> None:
    messages = render_digest(make_digest(make_stories(60)), themes=THEMES)
    names = [message.text.split(":")[0].split(" (")[0] for message in messages[1:]]
    order = [theme.id for theme in THEMES]
    assert names == sorted(names, key=order.index)


def test_a_title_without_a_link_is_plain_text() -> None:
    story = make_story([make_told(1, url="javascript:alert(1)")])
    messages = render_digest(make_digest([story]), themes=THEMES)
    assert "javascript" not in str(messages)


def test_headings_speak_the_language_of_the_digest() -> None:
    root = render_digest(make_digest(make_stories(3), language="ko"), themes=THEMES)[0]
    assert "피드 53개 중 52개 응답" in " ".join(strings(list(root.blocks)))


def test_a_plainer_message_keeps_every_story_and_no_layout() -> None:
    digest = make_digest(make_stories(12, hostile=True))
    for message in render_digest(digest, themes=THEMES):
        plain = plainer(message, language="en", code="invalid_blocks")
        with SlackTwin() as twin:
            SlackClient(twin.token, twin.api_url).post(twin.DIGEST, plain, key="x")
            assert {finding["code"] for finding in twin.lint()} <= {"text_over_4000"}
        assert all(url.split("?")[0] in plain.text for url in strings(list(message.blocks), "url"))


def test_an_alarm_is_accepted_whatever_its_lines_hold() -> None:
    with SlackTwin() as twin:
        post_all(twin, (render_alarm("send_digests failed <!here>", [*HOSTILE, *HOSTILE]),))
        assert twin.lint() == []


def test_an_answer_is_accepted_and_calls_nobody_whatever_stands_in_it() -> None:
    lines = [[Link(text=title, url=safe_url("https://x.example/a|b>c")), title] for title in HOSTILE]
    with SlackTwin() as twin:
        post_all(twin, (render_lines("<!channel> *found*", lines),))
        assert twin.lint() == []
