"""Buttons under stories: within Slack's limits, and what people said stands beside them and goes again."""

import pytest

from monitor.core.digest import AlertSpec
from monitor.slack import SlackClient, plainer, render_alert, render_digest, revised, with_said
from monitor.slack.buttons import SAID_LENGTH, said_in
from tests.support.news import THEMES, make_digest, make_stories
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.kit import strings
from tests.support.slack_twin.live import values_of

SPEC = AlertSpec(id="urgent", channel=SlackTwin.ALERTS)


@pytest.mark.parametrize("hostile", [False, True])
@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_a_digest_passes_even_when_people_spoke_of_every_story(language: str, hostile: bool) -> None:
    digest = make_digest(make_stories(200, hostile=hostile), language=language)
    with SlackTwin() as twin:
        client = SlackClient(twin.token, twin.api_url)
        for message in render_digest(digest, themes=THEMES, buttons=True):
            said = dict.fromkeys(message.stories, "marked relevant by @somebody · " * 20)
            client.post(twin.DIGEST, with_said(message, said, language), key=str(message.part))
        assert twin.lint() == []


def test_each_story_has_its_own_buttons_of_at_most_150_characters() -> None:
    digest = make_digest(make_stories(30))
    messages = render_digest(digest, themes=THEMES, buttons=True)
    values = [value for message in messages for value in values_of({"blocks": message.blocks})]
    assert len(values) == len(set(values)) == 7 * 30
    assert {value.split()[1] for value in values} == {story.id for story in digest.stories}
    assert max(map(len, values)) <= 150


def test_what_is_said_of_one_story_stands_with_it_alone_and_is_clipped() -> None:
    message = render_digest(make_digest(make_stories(9)), themes=THEMES, buttons=True)[1]
    first = message.stories[0]
    shown = with_said(message, {first: "x" * 999})
    assert {story: len(line) for story, line in said_in(shown).items()} == {first: SAID_LENGTH}
    assert with_said(shown, {first: ""}) == message
    assert sum(value.startswith("undo") for value in values_of({"blocks": shown.blocks})) == 1


def test_an_alert_that_grows_keeps_its_buttons_and_what_people_said() -> None:
    stories = make_stories(3)
    for told in (stories[:1], stories):
        (message,) = render_alert(SPEC, told, themes=THEMES, buttons=True)
        said = {told[0].id: "marked relevant by @anna"}
        again = revised(with_said(message, said), SPEC, {story.id: story for story in told}, themes=THEMES)
        assert said_in(again) == said
        assert {v.split()[1] for v in values_of({"blocks": again.blocks})} == {story.id for story in told}


def test_a_message_without_buttons_stays_without() -> None:
    (message,) = render_alert(SPEC, make_stories(1), themes=THEMES)
    again = revised(message, SPEC, {story.id: story for story in make_stories(1)}, themes=THEMES)
    assert again == message


def test_plain_text_has_no_words_of_buttons() -> None:
    message = render_digest(make_digest(make_stories(3)), themes=THEMES, buttons=True)[1]
    assert "Wrong group" in " ".join(strings(list(message.blocks)))
    assert "Wrong group" not in plainer(message, language="en", code="invalid_blocks").text
