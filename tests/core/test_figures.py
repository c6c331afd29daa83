"""Numbers are read with what they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.figures import Figure, find_figures, find_numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("up to 12,000 troops", 12_000, "troops"),
        ("북한군 1만1000여명 파병", 11_000, "troops"),
        ("1만2천명의 병력", 12_000, "troops"),
        ("около 12 тыс. северокорейских солдат", 12_000, "troops"),
        ("ponad 10 tys. żołnierzy", 10_000, "troops"),
        ("1.1万名士兵", 11_000, "troops"),
        ("砲弾100万発", 1_000_000, "shells"),
        ("포탄 800만발", 8_000_000, "shells"),
        ("1 млн снарядов", 1_000_000, "shells"),
        ("1K containers", 1_000, "containers"),
        ("$1.5 billion", 1_500_000_000, "dollars"),
        ("5,000 North Korean workers", 5_000, "workers"),
        ("more than 4,700 casualties", 4_700, "casualties"),
        ("3 000 soldats", 3_000, "troops"),
    ],
)
def test_a_figure_has_its_value_and_unit(text: str, value: float, unit: str) -> None:
    assert find_figures(text) == (Figure(value, unit),)


@pytest.mark.parametrize("text", ["KN-23 in 2024", "Article 4", "on 19 June", "no numbers"])
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert find_figures(text) == ()


def test_years_and_small_numbers_do_not_tell_events_apart() -> None:
    assert find_numbers("on 12 June 2024, 3 ships took 1,500 containers") == {1500.0}


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    find_figures(text)
