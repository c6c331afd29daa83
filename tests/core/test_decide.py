"""How prediction and watch terms become a decision."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.decide import decide, final_score, logit, sigmoid
from monitor.core.decision import Decision, Prediction, Reason, Thresholds, Versions
from monitor.core.watch import Field, Match, WatchTerm
from tests.support.texts import MOMENT, article
from tests.support.watching import watch

THRESHOLDS = Thresholds(digest=0.5, alert=0.9, themes={"sanctions": 0.3})
VERSIONS = Versions(model="m", watch="w", settings="s")


def predicted(probability: float, **themes: float) -> Prediction:
    return Prediction(article_id="a1", model="m", probability=probability, themes=themes)


def decided(prediction: Prediction, *terms: WatchTerm, again: bool = False, age: float = 0) -> Decision:
    matches = [Match(term=term.name, found="x", field=Field.TITLE, start=0, end=1) for term in terms for _ in "ab"]
    text = replace(article(), published_at=MOMENT - timedelta(hours=age))
    return decide(text, prediction, matches, watch(*terms), THRESHOLDS, VERSIONS, now=MOMENT, again=again)


def test_a_weight_moves_the_score_once_however_often_the_term_is_mentioned() -> None:
    score = decided(predicted(0.5), WatchTerm(name="t", any_of=("x",), weight=1.0)).score
    assert isclose(score, sigmoid(1.0))


def test_never_beats_always() -> None:
    never = WatchTerm(name="n", any_of=("x",), never=True)
    always = WatchTerm(name="a", any_of=("x",), always=True)
    assert decided(predicted(0.1), always).digest
    assert not decided(predicted(0.99), always, never).digest


def test_a_term_that_alerts_does_so_only_for_what_is_flagged() -> None:
    urgent = WatchTerm(name="u", any_of=("x",), alert=True)
    assert decided(predicted(0.6), urgent).alert
    assert not decided(predicted(0.2), urgent).alert


def test_what_is_late_is_never_alerted() -> None:
    assert decided(predicted(0.99)).alert
    old = decided(predicted(0.99), age=48.1)
    assert (old.late, old.digest, old.alert) == (True, True, False)
    assert not decided(predicted(0.99), again=True).alert


def test_reasons_are_those_of_the_model_and_one_for_each_matched_term() -> None:
    term = WatchTerm(name="bridge", any_of=("x",), weight=0.7)
    assert decided(predicted(0.5), term).reasons == (Reason(kind="watch", text="bridge", weight=0.7),)


def test_themes_are_the_probable_ones_then_those_of_the_terms() -> None:
    term = WatchTerm(name="t", any_of=("x",), themes=("economic_lifeline", "sanctions"))
    decision = decided(predicted(0.9, sanctions=0.35, durability=0.8, treaty_alliance=0.4), term)
    assert decision.themes == ("durability", "sanctions", "economic_lifeline")


def test_a_flagged_article_without_a_theme_gets_its_most_probable() -> None:
    assert decided(predicted(0.9, durability=0.2, treaty_alliance=0.4)).themes == ("treaty_alliance",)
    assert decided(predicted(0.1, durability=0.2)).themes == ()


def test_certainty_can_still_be_moved() -> None:
    held = WatchTerm(name="t", any_of=("x",), weight=-20.0)
    assert final_score(1.0, [held, held]) < 0.5


@given(st.floats(1e-6, 1 - 1e-6))
def test_logit_and_sigmoid_undo_each_other(probability: float) -> None:
    assert isclose(sigmoid(logit(probability)), probability, rel_tol=1e-9)


def test_a_decision_keeps_its_versions_and_time() -> None:
    decision = decided(predicted(0.5))
    assert (decision.versions, decision.decided_at) == (VERSIONS, datetime(2026, 11, 23, 12, tzinfo=MOMENT.tzinfo))
