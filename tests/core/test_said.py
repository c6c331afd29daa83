"""What people said of a story is told in one line, the last word of each."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.click import Mute
from monitor.core.decision import Label
from monitor.core.digest import Reader
from monitor.core.said import last_words, said_of
from tests.support.news import NOW

LABELS = st.builds(
    Label,
    article_id=st.sampled_from(["a1", "a2"]),
    kind=st.sampled_from(["relevance", "theme", "group"]),
    value=st.sampled_from(["0", "1"]),
    who=st.sampled_from(["U1", "U2", "U3"]),
    at=st.integers(0, 50).map(lambda hours: NOW + timedelta(hours=hours)),
    text=st.just(""),
)


@given(st.lists(LABELS, unique_by=lambda label: (label.who, label.at)), st.randoms())
def test_the_last_word_counts_in_whatever_order_labels_come(labels: list[Label], random: object) -> None:
    shuffled = list(labels)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert last_words(labels) == last_words(shuffled)
    assert len({(label.who, label.kind) for label in last_words(labels)}) == len(last_words(labels))


@pytest.mark.parametrize("language", ["en", "ko", "fr", "de"])
@given(st.lists(LABELS))
def test_every_language_names_everybody_who_said_something(language: str, labels: list[Label]) -> None:
    line = said_of(labels, [], Reader(language=language), names={"U1": "anna"}, themes={})
    assert all(f"@{'anna' if label.who == 'U1' else label.who}" in line for label in labels)


def test_a_mute_alone_does_not_speak_of_training() -> None:
    mute = Mute(outlet="Harbour Post", until=NOW, who="U1", name="anna", at=NOW)
    line = said_of([], [mute], Reader(time_zone="Asia/Seoul"), names={}, themes={})
    assert line == "Harbour Post muted by @anna until 2026-11-23"
