"""The look below the line: a fair sample, the same each time; and what answers to it come to."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.decision import Label
from monitor.core.review import Review, Sampled, Stratum, answered, draw, keeping, settled, weighed
from tests.conftest import NOW

SCORES = st.lists(st.floats(0.0, 1.0), max_size=120)


def drawn(scores: list[float], size: int = 20, days: int = 0) -> Review:
    decided = [(f"a{at}", score, score >= 0.3) for at, score in enumerate(scores)]
    at = NOW + timedelta(days=days)
    return draw(decided, size=size, since=at - timedelta(days=7), drawn_at=at, model="m1", threshold=0.3)


def label(article_id: str, value: str, who: str = "ann") -> Label:
    return Label(article_id=article_id, kind="relevance", value=value, who=who, at=NOW, text="A title")


@given(SCORES, st.integers(5, 40))
def test_a_sample_has_each_article_once_and_as_many_as_there_can_be(scores: list[float], size: int) -> None:
    review = drawn(scores, size)
    ids = [one.article_id for one in review.articles]
    assert len(set(ids)) == len(ids) == min(size, len(scores))
    assert sum(stratum.held for stratum in review.strata) == len(scores)
    taken = Counter(one.stratum for one in review.articles)
    assert all(taken[at] <= stratum.held for at, stratum in enumerate(review.strata))


@given(SCORES)
def test_the_same_moment_draws_the_same_sample(scores: list[float]) -> None:
    assert drawn(scores) == drawn(scores)


def test_another_week_draws_another_sample() -> None:
    scores = [0.01 + at / 1000 for at in range(200)]
    one, other = drawn(scores), drawn(scores, days=7)
    assert {a.article_id for a in one.articles} != {a.article_id for a in other.articles}


def test_each_article_of_a_stratum_is_as_likely_as_the_others() -> None:
    scores = [0.2] * 50
    taken = Counter(a.article_id for day in range(400) for a in drawn(scores, 10, day).articles)
    assert len(taken) == 50
    assert max(taken.values()) < 2 * min(taken.values())


def test_most_are_from_just_below_the_line_and_some_from_above() -> None:
    taken = Counter(a.stratum for a in drawn([0.9] * 50 + [0.25] * 50 + [0.05] * 500 + [0.0001] * 5000).articles)
    assert taken == {0: 4, 1: 9, 2: 5, 3: 2}


def test_who_judges_cannot_tell_from_the_order_what_was_flagged() -> None:
    strata = [a.stratum for a in drawn([0.9] * 50 + [0.25] * 50 + [0.05] * 50, 40).articles]
    assert strata != sorted(strata)
    assert strata != sorted(strata, reverse=True)


def small() -> Review:
    """Ten flagged articles, all relevant by two answers; forty below, of whose four judged ones one is relevant."""
    strata = (Stratum(held=10, expected=9.0), Stratum(held=40, expected=4.0), Stratum(held=0, expected=0.0))
    flagged = [Sampled(article_id=f"f{at}", stratum=0, score=0.9) for at in range(2)]
    below = [Sampled(article_id=f"b{at}", stratum=1, score=(20 + at) / 100) for at in range(4)]
    return Review(
        drawn_at=NOW,
        since=NOW - timedelta(days=7),
        model="m1",
        threshold=0.3,
        strata=(*strata, Stratum(held=0, expected=0.0)),
        articles=(*flagged, *below),
    )


SAID = {"f0": True, "f1": True, "b0": False, "b1": True, "b2": False, "b3": False}


def test_answers_stand_for_their_stratum() -> None:
    strata = answered([small()], SAID)
    assert [(s.held, s.judged, s.relevant) for s in strata[:2]] == [(10, 2, 2), (40, 4, 1)]
    assert weighed([small()], SAID) == [(0.9, 5.0, True), (0.9, 5.0, True), (0.21, 10.0, False)]


def test_a_review_that_nobody_answered_says_nothing() -> None:
    assert [s.held for s in answered([small()], {})] == [0, 0, 0, 0]


def test_a_threshold_that_keeps_recall_is_the_score_of_what_was_missed() -> None:
    assert keeping(weighed([small()], SAID), 0.95) == 0.21
    assert keeping(weighed([small()], SAID), 0.5) is None, "half is found already"
    assert keeping([], 0.95) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 50), st.booleans()), max_size=30), st.floats(0.5, 0.99))
def test_a_proposed_threshold_keeps_what_it_promises(found: list[tuple[float, float, bool]], target: float) -> None:
    found.sort(reverse=True)
    proposed = keeping(found, target)
    if proposed is not None:
        kept = sum(weight for score, weight, flagged in found if flagged or score >= proposed)
        assert kept >= target * sum(weight for _, weight, _ in found) - 1e-9


@pytest.mark.parametrize(
    ("given", "relevant"),
    [
        ([label("a", "1")], True),
        ([label("a", "1"), label("a", "0")], False),  # the same person, later
        ([label("a", "1"), label("a", "0", "bob")], True),  # a tie: misses are sought
        ([label("a", "0"), label("a", "0", "bob"), label("a", "1", "cho")], False),
    ],
)
def test_the_last_word_of_each_person_counts(given: list[Label], relevant: bool) -> None:
    assert settled(given) == {"a": relevant}
