"""Suggested phrases part the two sides, are not watched yet, and can be pasted."""

from monitor.core.match import find_matches
from monitor.core.suggest import Suggestion, phrases_of, suggest_terms
from monitor.core.watch import Watch, WatchTerm
from tests.support.texts import article
from tests.support.watching import watch

INSIDE = [article(f"i{n}", title=f"Lorries cross the Tumen bridge, load {n}") for n in range(12)]
OUTSIDE = [article(f"o{n}", title=f"Farmers cross the river, herd {n}") for n in range(12)]


def suggested(held: Watch) -> list[Suggestion]:
    return suggest_terms(INSIDE, OUTSIDE, held, limit=10)


def test_what_both_sides_have_is_not_suggested() -> None:
    phrases = [found.term.any_of[0].lower() for found in suggested(watch())]
    assert phrases
    assert all("cross" not in phrase.split() or len(phrase.split()) > 1 for phrase in phrases)
    assert not {"the", "the tumen", "cross the"} & set(phrases)


def test_what_is_watched_already_is_not_suggested() -> None:
    held = watch(WatchTerm(name="t", any_of=("Tumen*",)))
    assert all(not find_matches(held, article(title=found.term.any_of[0])) for found in suggested(held))
    assert suggested(held)


def test_a_suggestion_finds_the_articles_it_counts() -> None:
    for found in suggested(watch()):
        held = watch(found.term)
        assert sum(bool(find_matches(held, one)) for one in INSIDE) == found.inside
        assert found.term.weight > 0


def test_chinese_and_japanese_are_cut_into_characters() -> None:
    inside = [article(f"i{n}", title=f"图们江大桥通车第{n}天", language="zh") for n in range(8)]
    outside = [article(f"o{n}", title=f"城市天气第{n}天", language="zh") for n in range(8)]
    assert "大桥" in "".join(found.term.any_of[0] for found in suggest_terms(inside, outside, watch(), limit=5))


def test_phrases_are_spelt_as_they_stand_and_stop_at_punctuation() -> None:
    found = phrases_of("The Tumen Bridge, Rason")
    assert found["tumen bridge"] == "Tumen Bridge"
    assert "bridge, rason" not in found
    assert "the tumen" not in found
