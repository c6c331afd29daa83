"""Watch terms between YAML and the core."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.watch import WatchTerm
from monitor.errors import SettingsError
from monitor.settings import print_term, read_watch
from monitor.settings.terms import watch_version
from tests.support.watching import terms


@given(st.lists(terms(), max_size=2, unique_by=lambda term: term.name))
@settings(max_examples=60)
def test_reading_what_was_printed_gives_the_terms_back(held: list[WatchTerm]) -> None:
    text = "terms:\n" + "".join(print_term(term) for term in held) if held else "terms: []\n"
    assert read_watch("watch.yaml", text).terms == tuple(held)


def test_a_printed_term_reads_as_a_person_would_write_it() -> None:
    term = WatchTerm(name="bridge", any_of=("Tumen River", "두만강"), weight=0.7, themes=("economic_lifeline",))
    assert print_term(term) == (
        "  - name: bridge\n    any_of: [Tumen River, 두만강]\n    weight: 0.7\n    themes: [economic_lifeline]\n"
    )


@given(st.lists(terms(), min_size=2, max_size=4, unique_by=lambda term: term.name))
def test_the_version_knows_no_order(held: list[WatchTerm]) -> None:
    shuffled = random.Random(1).sample(held, len(held))
    assert watch_version(held) == watch_version(shuffled)
    assert watch_version(held) != watch_version([replace(held[0], weight=held[0].weight + 1), *held[1:]])


def test_a_watch_file_on_its_own_is_checked_too() -> None:
    with pytest.raises(SettingsError, match=r"new.yaml:2: terms\[0\].any_of: unknown|new.yaml:2: terms\[0\]"):
        read_watch("new.yaml", "terms:\n  - name: t\n")


def test_a_single_phrase_needs_no_list() -> None:
    assert read_watch("w.yaml", "terms:\n  - {name: t, any_of: Tumen, themes: sanctions}\n").terms == (
        WatchTerm(name="t", any_of=("Tumen",), themes=("sanctions",)),
    )
