"""Warnings: what is right in form but surely not meant is named in its place."""

from pathlib import Path

import pytest

from monitor.core.feed import Feed, Tier
from monitor.settings import advise_on_archive, advise_on_watch, load_settings, read_watch

SHIPPED = Path(__file__).parents[2] / "config"
FEEDS = [
    Feed(id="a", url="https://a.example", outlet="Wire", language="en", country="", tier=Tier.WIRE),
    Feed(id="b", url="https://b.example", outlet="항구일보", language="ko", country="", tier=Tier.GENERAL),
]


def advice(*terms: str) -> list[str]:
    text = "terms:\n" + "".join(f"  - {{{term}}}\n" for term in terms)
    return advise_on_watch("w.yaml", text, read_watch("w.yaml", text), FEEDS)


def test_the_shipped_watch_needs_no_advice() -> None:
    settings = load_settings(SHIPPED)
    assert advise_on_watch("watch.yaml", settings.texts["watch"], settings.watch, settings.feeds) == []


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("name: t, any_of: [shells], none_of: [shell*]", "none_of: warning: excludes all that any_of asks for"),
        ("name: t, all_of: [shells, Kim], none_of: [Kim]", "none_of: warning: excludes all that all_of asks for"),
        ("name: t, any_of: [북한], none_of: [North Korea]", "none_of: warning: excludes all that any_of asks for"),
        (
            "name: t, near: {groups: [[shell*], [Kim]]}, none_of: [shell*]",
            "none_of: warning: excludes all that near asks for",
        ),
        ("name: t, any_of: [다리], languages: en", "languages: warning: nothing that any_of asks for is in the script"),
        ("name: t, any_of: [мост], languages: [ko, ja]", "languages: warning: nothing that any_of asks for"),
        ("name: t, any_of: [x], outlets: [Wire], tiers: [official]", "tiers: warning: Wire is wire, so that 't' can"),
        ("name: t, any_of: [x], weight: 12", "weight: warning: 12 drowns everything else; if that is meant, say `alwa"),
        (
            "name: t, any_of: [x], weight: -12",
            "weight: warning: -12 drowns everything else; if that is meant, say `nev",
        ),
        ("name: t, any_of: [Kim AND Putin]", "any_of[0]: warning: AND is looked for as a word of the text"),
    ],
)
def test_a_term_that_cannot_be_meant_so_is_named(term: str, told: str) -> None:
    found = advice(term)
    assert any(line.startswith(f"w.yaml:2: terms[0].{told}") for line in found), found


@pytest.mark.parametrize(
    "term",
    [
        "name: t, any_of: [shell*], none_of: [shells]",
        "name: t, any_of: ['*treaty'], none_of: [treaty]",
        "name: t, any_of: [shells, mortars], none_of: [shells]",
        "name: t, any_of: [Kim Jong Un], languages: ko",
        "name: t, any_of: [北], languages: ko",
        "name: t, any_of: [x], weight: 3",
        "name: t, any_of: [/k.m/], none_of: [kim]",
        "name: t, any_of: [x], outlets: [Elsewhere], tiers: [official]",
    ],
)
def test_a_term_that_can_match_is_left_alone(term: str) -> None:
    assert advice(term) == []


def test_two_terms_that_look_for_the_same_are_named() -> None:
    (line,) = advice("name: one, any_of: [x, y], weight: 1", "name: two, any_of: [x, y], weight: 2")
    assert (
        line
        == "w.yaml:3: terms[1].name: warning: 'two' and 'one' look for the same, so that they always match together"
    )


def archived(matched: dict[str, list[int]], days: int = 90) -> list[str]:
    text = "terms:\n  - {name: one, any_of: [x]}\n  - {name: two, any_of: [y]}\n"
    return advise_on_archive("w.yaml", text, read_watch("w.yaml", text), matched, days=days)


def test_a_term_that_matched_nothing_in_the_archive_is_named() -> None:
    (line,) = archived({"one": [1]})
    assert line.startswith("w.yaml:3: terms[1].name: warning: 'two' matched nothing in 90 days")


def test_a_young_archive_says_nothing_about_terms_that_match_nothing() -> None:
    assert archived({}, days=3) == []


def test_terms_that_always_match_together_are_named_when_that_is_no_chance() -> None:
    (line,) = archived({"one": [*range(5)], "two": [*range(5)]})
    assert "'two' and 'one' always match together (5 articles in 90 days)" in line
    assert archived({"one": [1, 2], "two": [1, 2]}) == []
    assert archived({"one": [*range(5)], "two": [*range(6)]}) == []
