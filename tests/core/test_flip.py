"""The changes that an explanation proposes do flip the decision."""

from dataclasses import replace

import pytest

from monitor.core.article import Article
from monitor.core.decide import final_score, is_flagged, matched_terms
from monitor.core.decision import Thresholds
from monitor.core.flip import Flip, smallest_changes
from monitor.core.match import find_matches
from monitor.core.watch import Field, Near, WatchTerm
from tests.support.texts import article
from tests.support.watching import watch

THRESHOLDS = Thresholds(digest=0.5, alert=0.9)
TEXT = article(title="Kim opens the new long railway and road bridge for Putin", language="en")
FAR = Near(groups=(("Kim",), ("Putin",)), words=3)


def changes(*terms: WatchTerm, probability: float = 0.4, text: Article = TEXT) -> list[Flip]:
    held = matched_terms(watch(*terms), find_matches(watch(*terms), text))
    return smallest_changes(text, probability, final_score(probability, held), watch(*terms), THRESHOLDS)


def flagged(*terms: WatchTerm, probability: float = 0.4) -> bool:
    held = matched_terms(watch(*terms), find_matches(watch(*terms), TEXT))
    return is_flagged(final_score(probability, held), held, THRESHOLDS.digest)


@pytest.mark.parametrize("probability", [0.1, 0.4, 0.49999, 0.6, 0.95])
def test_the_weight_that_is_proposed_is_just_enough(probability: float) -> None:
    term = WatchTerm(name="bridge", any_of=("bridge",), weight=0.1)
    before = flagged(term, probability=probability)
    weight = next(flip for flip in changes(term, probability=probability) if flip.term == "bridge")
    proposed = float(weight.change.split(" to ")[1])
    less = proposed + (0.02 if before else -0.02)
    assert flagged(replace(term, weight=proposed), probability=probability) is not before
    assert flagged(replace(term, weight=less), probability=probability) is before


def test_without_a_matching_term_the_weight_of_a_new_one_is_told() -> None:
    (new,) = changes(probability=0.4)
    assert (new.term, new.change) == ("", "a new term that matches it, of +0.41")


@pytest.mark.parametrize(
    ("term", "key", "change"),
    [
        (WatchTerm(name="t", near=(FAR,), weight=1.0), "within", "9 words in place of 3 words"),
        (WatchTerm(name="t", any_of=("bridge",), none_of=("railway",), weight=1.0), "none_of", "without railway"),
        (WatchTerm(name="t", any_of=("bridge",), field=Field.TEXT, weight=1.0), "in", "both in place of text"),
        (WatchTerm(name="t", any_of=("bridge",), languages=("ko",), weight=1.0), "languages", "with en"),
        (WatchTerm(name="t", any_of=("bridge",), tiers=("wire",), weight=1.0), "tiers", "with general"),
        (WatchTerm(name="t", any_of=("bridge",), outlets=("Other",), weight=1.0), "outlets", "with The Wire"),
    ],
)
def test_a_term_that_nearly_matches_is_named_with_the_edit_it_needs(term: WatchTerm, key: str, change: str) -> None:
    assert (term.name, key, change) in {(flip.term, flip.key, flip.change) for flip in changes(term)}


def test_an_edit_that_does_not_flip_is_not_proposed() -> None:
    weak = WatchTerm(name="t", any_of=("bridge",), languages=("ko",), weight=0.1)
    assert {flip.term for flip in changes(weak)} == {""}


def test_a_rule_that_decides_is_what_has_to_go() -> None:
    never = WatchTerm(name="n", any_of=("bridge",), never=True)
    assert [(flip.term, flip.key) for flip in changes(never, probability=0.9)] == [("n", "never")]
    assert changes(never, probability=0.1) == []
    always = WatchTerm(name="a", any_of=("bridge",), always=True)
    assert [(flip.term, flip.key) for flip in changes(always, probability=0.1)] == [("a", "always")]
