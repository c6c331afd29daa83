"""A report shows stories, themes, outlets, languages and feeds, with the numbers behind each picture."""

from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from monitor.core.feed import Health
from monitor.core.report import Misses, RecallPoint
from monitor.pages import digest_page, report_page
from tests.pages.test_digest import Elements
from tests.support.news import HOSTILE, NOW, THEMES, make_digest, make_report, make_stories, make_trends


class Text(HTMLParser):
    """What a reader sees, tags apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def __str__(self) -> str:
        return " ".join(self.parts)


POINTS = tuple(
    RecallPoint(day=NOW.date() - timedelta(weeks=ago), value=0.84 - ago / 50, low=0.71 - ago / 50, high=0.93 - ago / 50)
    for ago in (2, 1, 0)
)
MISSES = Misses(recall=POINTS, lines=("Recall is about 84%.", "Proposal: 0.31 → 0.27", f"More frequent: {HOSTILE[0]}"))


def page_of(**values: object) -> str:
    return report_page(make_report(**values), themes=THEMES)


def test_a_report_names_every_story_with_its_link() -> None:
    stories = make_stories(12)
    links = {attrs.get("href") for tag, attrs in Elements(page_of(stories=stories)).found if tag == "a"}
    assert {story.members[0].article.url for story in stories} <= links


def test_every_picture_has_words_in_its_place_and_its_numbers_in_a_table() -> None:
    page = page_of(trends=make_trends())
    pictures = [attrs for tag, attrs in Elements(page).found if tag == "img"]
    assert len(pictures) == len(THEMES)
    assert all("in a usual week" in (picture["alt"] or "") for picture in pictures)
    assert page.count('<th scope="row">') == len(THEMES)


def test_a_feed_with_trouble_is_shown_with_its_reason_and_its_losses() -> None:
    page = str(Text(page_of(health=Health.BLOCKED, reason="answers 403: ask the outlet", lost=17)))
    assert "blocked" in page
    assert "answers 403: ask the outlet" in page
    assert " 17 " in page


def test_what_is_missed_is_told_in_sentences_with_a_picture_and_its_numbers() -> None:
    page = page_of(misses=MISSES, stories=[])
    (picture,) = [attrs for tag, attrs in Elements(page).found if tag == "img"]
    assert picture["alt"] == "Recall is about 84%."
    shown = str(Text(page))
    assert "Proposal: 0.31 → 0.27" in shown
    for cell in ("2026-11-09", "80%", "67% – 89%", "2026-11-23", "84%", "71% – 93%"):
        assert f" {cell} " in shown


def test_before_anybody_answered_a_report_says_nothing_of_what_is_missed() -> None:
    assert 'href="#missed"' in page_of(misses=MISSES)
    assert "missed" not in page_of()


def test_a_report_of_a_quiet_week_is_calm() -> None:
    page = page_of(stories=[])
    assert "The monitor is running" in page
    assert 'id="outlets"' not in page


def test_every_anchor_leads_somewhere() -> None:
    found = Elements(page_of(stories=make_stories(30), trends=make_trends())).found
    ids = [attrs["id"] for _, attrs in found if "id" in attrs]
    anchors = {
        (attrs["href"] or "")[1:] for tag, attrs in found if tag == "a" and (attrs["href"] or "").startswith("#")
    }
    assert anchors <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_page_has_headings_in_order_for_those_who_hear_it() -> None:
    levels = [
        int(tag[1])
        for tag, _ in Elements(page_of(stories=make_stories(9), trends=make_trends())).found
        if tag in {"h1", "h2", "h3", "h4"}
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(("language", "word"), [("en", "Coverage"), ("ko", "수집 범위"), ("fr", "Couverture")])
def test_headings_are_in_the_language_of_the_digest(language: str, word: str) -> None:
    assert word in page_of(language=language)


def test_hostile_titles_and_outlets_add_no_element_and_no_attribute() -> None:
    plain = page_of(stories=make_stories(24), trends=make_trends(), misses=MISSES)
    stories = make_stories(24, hostile=True)
    hostile = page_of(stories=stories, outlet=HOSTILE[6], trends=make_trends(), misses=MISSES)
    ours = {(tag, name) for tag, attrs in Elements(plain).found for name in [*attrs, ""]}
    assert {(tag, name) for tag, attrs in Elements(hostile).found for name in [*attrs, ""]} <= ours


def test_a_digest_shows_the_trend_of_each_theme_that_has_stories() -> None:
    stories = make_stories(12)
    page = digest_page(make_digest(stories, trends=make_trends()), themes=THEMES)
    told = {story.members[0].decision.themes[0] for story in stories}
    assert len([tag for tag, _ in Elements(page).found if tag == "img"]) == len(told)
