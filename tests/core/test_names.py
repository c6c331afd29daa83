"""Names and events are read in their canonical form in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.names import find_concepts


def names(text: str) -> set[str]:
    return {concept.name for concept in find_concepts(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Lavrov meets Choe Son Hui in Wonsan",
        "Лавров встретился с Цой Сон Хи в Вонсане",
        "라브로프, 원산서 최선희와 회담",
        "拉夫罗夫在元山会见崔善姬",
        "ラブロフ外相、元山で崔善姫氏と会談",
    ],
)
def test_the_same_people_and_place_are_found_in_every_language(text: str) -> None:
    assert {"Lavrov", "Choe Son Hui", "Wonsan", "meet"} <= names(text)


def test_of_overlapping_names_the_longest_counts() -> None:
    assert names("South Korea") == {"South Korea"}
    assert "Kim Jong Un" not in names("Kim Yo Jong")


def test_endings_do_not_matter_and_borders_do() -> None:
    assert "Kursk" in names("под Курском")
    assert "oil" not in names("soil and boiling turmoil")


def test_short_names_of_headlines_count_where_they_stand_alone() -> None:
    assert {"North Korea", "Russia"} <= names("북, 러에") | names("北 미사일, 러 기술")
    assert names("日米韓、非難") >= {"Japan", "the United States", "South Korea"}
    assert names("북한") == {"North Korea"}
    assert "Japan" not in names("3 일")


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    find_concepts(text)
