"""Texts from a file become stories, in the order of the file."""

from collections.abc import Mapping

import pytest

from monitor.jobs.group_articles import group_articles, read_time

ITEMS: list[Mapping[str, str]] = [
    {"id": "late", "title": "쇼이구, 평양 도착…김정은과 회담", "lang": "ko", "published": "2026-11-20T09:00:00Z"},
    {"id": "odd", "title": "Rouble counter opens in Rason bank", "published": "2026-11-20T05:00:00+00:00"},
    {"id": "first", "title": "Shoigu lands in Pyongyang for talks with Kim", "lang": "en", "published": "2026-11-20"},
]


def test_each_text_gets_the_story_that_its_earliest_text_founded() -> None:
    assert list(group_articles(ITEMS)) == [
        {"id": "late", "story": "st-first"},
        {"id": "odd", "story": "st-odd"},
        {"id": "first", "story": "st-first"},
    ]


def test_a_time_without_a_zone_is_utc() -> None:
    assert read_time("2026-11-20") == read_time("2026-11-20T00:00:00Z")


@pytest.mark.parametrize("published", ["yesterday", "", "2026-13-01"])
def test_what_is_no_time_is_refused(published: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_time(published)
