"""Exports are valid, keep their ids, and carry title, link and at most 200 characters of text."""

import csv
import io
import json

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.core.story import Story
from monitor.pages import FORMATS, items_of
from monitor.pages.export import EXCERPT_LENGTH, Item
from tests.support.news import HOSTILE, NOW, make_stories, make_story, make_told

TITLE = "North Korea–Russia & more"
LONG = "A very long summary of what was said at the pier. " * 40


def exported(form: str, stories: list[Story]) -> str:
    return FORMATS[form](items_of(stories, "en"), title=TITLE, now=NOW)


def one(**values: object) -> list[Story]:
    return [make_story([make_told(1, **values)])]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_reads_back_what_was_written(form: str) -> None:
    stories = make_stories(12)
    found = feedparser.parse(exported(form, stories).encode())
    items = items_of(stories, "en")
    assert not found.bozo
    assert found.version == {"atom": "atom10", "rss": "rss20"}[form]
    assert found.feed.title == TITLE
    assert [(e.id, e.title, e.link) for e in found.entries] == [(i.urn, i.title, i.link) for i in items]
    assert [e.published_parsed[:6] for e in found.entries] == [i.published_at.timetuple()[:6] for i in items]
    assert [e.author for e in found.entries] == [item.outlet for item in items]
    assert [[tag.term for tag in e.tags] for e in found.entries] == [list(i.themes) for i in items]


def test_a_json_feed_has_what_the_standard_asks_for() -> None:
    feed = json.loads(exported("json", make_stories(3)))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == TITLE
    for item in feed["items"]:
        assert {"id", "url", "title", "content_text", "date_published"} <= set(item)


def test_a_table_has_one_row_a_story() -> None:
    stories = make_stories(12)
    assert [row["story"] for row in rows(exported("csv", stories))] == [item.id for item in items_of(stories, "en")]


def test_a_table_is_read_as_utf8_by_spreadsheets() -> None:
    assert exported("csv", one(title="북한")).encode().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1+1"])
def test_no_cell_is_a_formula(title: str) -> None:
    (row,) = rows(exported("csv", one(title=title, summary=title, outlet=title)))
    assert (row["title"], row["outlet"]) == (f"'{title.strip()}", f"'{title.strip()}")


@given(st.text(max_size=60))
def test_a_table_reads_back_whatever_the_title(title: str) -> None:
    (row,) = rows(exported("csv", one(title=title)))
    (item,) = items_of(one(title=title), "en")
    assert row["title"].removeprefix("'") == item.title.removeprefix("'")


@pytest.mark.parametrize("form", list(FORMATS))
def test_no_more_than_200_characters_of_the_text_leave_the_house(form: str) -> None:
    text = exported(form, one(summary=LONG, text=LONG))
    assert LONG[: EXCERPT_LENGTH - 10] in text
    assert LONG[: EXCERPT_LENGTH + 1] not in text
    assert text.count("at the pier") <= EXCERPT_LENGTH // 50


def test_an_excerpt_says_that_it_goes_on() -> None:
    (item,) = items_of(one(summary=LONG), "en")
    assert len(item.excerpt) <= EXCERPT_LENGTH
    assert item.excerpt.endswith("…")


def test_a_story_keeps_its_id_when_it_grows() -> None:
    (small,) = items_of(one(), "en")
    (large,) = items_of([make_story([make_told(1), make_told(2)])], "en")
    assert (small.urn, small.id) == (large.urn, large.id)
    assert large.updated_at > small.updated_at


def test_two_stories_have_two_ids() -> None:
    ids = [item.urn for item in items_of(make_stories(50), "en")]
    assert len(set(ids)) == 50


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_document_of_hostile_titles_is_well_formed_and_its_titles_are_text(form: str) -> None:
    root = etree.fromstring(exported(form, make_stories(24, hostile=True)).encode())
    assert not [element for element in root.iter() if etree.QName(element).localname in {"script", "b"}]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_link_that_is_none_is_left_out(form: str) -> None:
    text = exported(form, one(url="javascript:alert(1)"))
    assert "javascript" not in text
    assert not feedparser.parse(text.encode()).bozo


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_quiet_week_gives_an_empty_document(form: str) -> None:
    assert exported(form, [])


@pytest.mark.parametrize("title", HOSTILE)
def test_an_item_is_clean_whatever_the_title(title: str) -> None:
    item: Item
    (item,) = items_of(one(title=title), "en")
    assert item.title
    assert len(item.title) <= 250
    assert "\u202e" not in item.title
