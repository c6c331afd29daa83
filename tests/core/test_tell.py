"""A story is told in clean words, with who said it, where it stands, and what is new."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.digest import Reader
from monitor.core.tell import clean, safe_url, tell
from tests.support.news import NOW, make_story, make_told

ENGLISH = Reader(language="en", time_zone="Asia/Seoul", translate="https://translate.example/?u={url}")


def test_the_lead_speaks_the_readers_language() -> None:
    story = make_story([make_told(1, language="ko"), make_told(2, language="en", outlet="Late Post")])
    assert tell(story, ENGLISH).outlet == "Late Post"


def test_a_story_in_several_outlets_says_who_was_first_and_by_how_much() -> None:
    early = make_told(1, language="ru", outlet="Порт", title="NIS: солдаты", published_at=NOW - timedelta(hours=3))
    late = make_told(2, language="en", outlet="Post", title="Soldiers, NIS says", published_at=NOW)
    assert tell(make_story([early, late]), ENGLISH).spread == (
        "1 origin (NIS), 2 outlets, 2 languages, first seen 18:00 Порт, 3 h before English"
    )


def test_a_single_report_has_no_spread() -> None:
    assert tell(make_story([make_told(1)]), ENGLISH).spread == ""


def test_a_foreign_title_has_a_link_to_a_translation() -> None:
    story = make_story([make_told(1, language="ko", url="https://n.example/a?b=1")])
    assert tell(story, ENGLISH).translate == "https://translate.example/?u=https%3A%2F%2Fn.example%2Fa%3Fb%3D1"


def test_an_update_says_what_is_new() -> None:
    old, new = make_told(1, title="10,000 troops: NIS"), make_told(2, title="12,000 troops: NIS")
    story = replace(make_story([old, new]), told=frozenset({old.article.id}))
    assert tell(story, ENGLISH).news == "new figure: 10,000 → 12,000 troops (NIS)"


def test_the_first_figure_of_a_told_story_is_marked_as_such() -> None:
    old, new = make_told(1, title="Troops leave: NIS"), make_told(2, title="12,000 troops leave: NIS")
    story = replace(make_story([old, new]), told=frozenset({old.article.id}))
    assert tell(story, ENGLISH).news == "first figure: 12,000 troops (NIS)"


def test_a_figure_that_changed_within_a_story_shows_both() -> None:
    story = make_story([make_told(1, title="10,000 troops: NIS"), make_told(2, title="12,000 troops: NIS")])
    assert tell(story, ENGLISH).figures == "10,000 → 12,000 troops (NIS)"


def test_an_alerted_story_says_when() -> None:
    assert tell(replace(make_story([make_told(1)]), alerted_at=NOW), ENGLISH).alerted == "alerted 21:00"


@given(st.text(max_size=400), st.integers(1, 50))
def test_clean_text_is_one_short_line_that_can_be_shown(text: str, length: int) -> None:
    line = clean(text, length)
    assert len(line) <= length
    assert all(c.isprintable() or c in "\u200c\u200d" for c in line)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://", "", "http://[x"])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert safe_url(url) == ""


def test_an_address_cannot_leave_its_markup() -> None:
    assert safe_url('https://x.example/a|b>c "d') == "https://x.example/a%7Cb%3Ec%20%22d"
