"""A replay says what the classifier's job would have concluded under other watches."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.compare import Comparison
from monitor.core.decide import decide
from monitor.core.decision import Decision, Label, Thresholds, Versions
from monitor.core.match import find_matches
from monitor.core.replay import Count, relevance_of, replay
from monitor.core.trial import Past
from monitor.core.watch import Watch, WatchTerm
from tests.support.texts import MOMENT, article, prediction
from tests.support.watching import terms, texts, watch

THRESHOLDS = Thresholds(digest=0.5, alert=0.9)


def past(
    title: str, *, under: Watch, probability: float = 0.4, name: str = "", story: str = "", days: float = 0
) -> Past:
    """An article as classify_articles left it under the watch ``under``."""
    moment = MOMENT + timedelta(days=days)
    shown = article(name or title, title=title, published_at=moment, seen_at=moment)
    predicted = prediction(shown.id, probability, reasons=())
    versions = Versions(model="m1", watch=under.version, settings="s1")
    decided = decide(shown, predicted, find_matches(under, shown), under, THRESHOLDS, versions, now=moment)
    return Past(article=shown, prediction=predicted, decision=replace(decided, reasons=()), story_id=story)


def lists(smallest: int = 0) -> st.SearchStrategy[list[WatchTerm]]:
    return st.lists(terms(), min_size=smallest, max_size=3, unique_by=lambda held: held.name)


@settings(max_examples=50)
@given(lists(), st.lists(texts(), max_size=4), st.floats(0.01, 0.99), st.booleans())
def test_a_replay_with_an_unchanged_watch_shows_no_difference(
    held: list[WatchTerm], titles: list[str], probability: float, known: bool
) -> None:
    same = watch(*held)
    pasts = [past(title, under=same, probability=probability, name=str(at)) for at, title in enumerate(titles)]
    sums = Comparison(same, Watch(terms=tuple(reversed(held)), version="other"), THRESHOLDS, {}, ())
    for one in replay(pasts, (same, sums.new), {"test": same} if known else {}, THRESHOLDS):
        assert one.judged[0] == one.judged[1]
        sums.add(one)
    assert sums.changed() == ([], [])
    assert sums.side(0, MOMENT) == sums.side(1, MOMENT)


@settings(max_examples=50)
@given(lists(), lists(1), texts())
def test_what_is_taken_from_the_stored_decision_is_what_matching_would_find(
    before: list[WatchTerm], after: list[WatchTerm], title: str
) -> None:
    old, new = Watch(terms=tuple(before), version="old"), Watch(terms=(*before[:1], *after), version="new")
    one = past(title, under=old)
    (carried,) = replay([one], (old, new), {"old": old}, THRESHOLDS)
    (found,) = replay([one], (old, new), {}, THRESHOLDS)
    assert carried.terms == found.terms


@settings(max_examples=50)
@given(lists(1), texts(), st.floats(0.01, 0.99))
def test_a_replay_concludes_what_the_job_concludes(held: list[WatchTerm], title: str, probability: float) -> None:
    new = watch(*held)
    one = past(title, under=watch(), probability=probability)
    (replayed,) = replay([one], (new,), {}, THRESHOLDS)
    decided: Decision = past(title, under=new, probability=probability).decision
    judged = replayed.judged[0]
    assert (judged.score, judged.digest, judged.alert) == (decided.score, decided.digest, decided.alert)


def test_a_helper_changes_nothing_but_who_does_the_work() -> None:
    held = watch(*(WatchTerm(name=f"t{n}", any_of=(f"word{n}",)) for n in range(12)))
    pasts = [past(f"word{n % 15}", under=watch(), name=str(n)) for n in range(2500)]
    alone = [one.terms for one in replay(pasts, (held,), {}, THRESHOLDS)]
    with ThreadPoolExecutor(1) as helper:
        helped = [one.terms for one in replay(pasts, (held,), {}, THRESHOLDS, helper=helper)]
    assert helped == alone


def test_a_changed_weight_needs_no_matching_at_all() -> None:
    """The text is not even read: a term that matched then matches with its new weight."""
    old = watch(WatchTerm(name="t", any_of=("treaty",)))
    decided = past("A treaty", under=old)
    emptied = replace(decided, article=replace(decided.article, title=""))
    (one,) = replay([emptied], (watch(replace(old.terms[0], weight=3.0)),), {"test": old}, THRESHOLDS)
    assert one.judged[0].digest


def compared(old: Watch, new: Watch, pasts: list[Past]) -> Comparison:
    sums = Comparison(old, new, THRESHOLDS, {}, ())
    for one in replay(pasts, (old, new), {}, THRESHOLDS):
        sums.add(one)
    return sums


BRIDGE = WatchTerm(name="bridge", any_of=("bridge",), weight=1.0)


def test_an_article_of_a_known_story_is_no_story_gained() -> None:
    nothing = watch()
    told = "Kim Jong Un opens the Tumen bridge with Putin"
    pasts = [
        past(told, under=nothing, probability=0.9, name="a", story="st-a"),
        past(f"{told} on Monday", under=nothing, name="b"),
        past("A bridge for cricket", under=nothing, name="c"),
    ]
    sums = compared(nothing, watch(BRIDGE), pasts)
    gained, lost = sums.changed()
    assert [lead.article_id for lead in gained] == ["c"]
    assert lost == []
    assert sums.side(1, MOMENT).articles == 3


def test_a_story_is_lost_with_its_last_flagged_article() -> None:
    nothing, never = watch(), watch(WatchTerm(name="n", any_of=("review",), never=True))
    pasts = [
        past("Press review of Monday", under=nothing, probability=0.9, name="a", story="st-1"),
        past("Treaty signed", under=nothing, probability=0.8, name="b", story="st-1"),
        past("Press review of Tuesday", under=nothing, probability=0.7, name="c", story="st-2"),
    ]
    gained, lost = compared(nothing, never, pasts).changed()
    assert (gained, [lead.article_id for lead in lost]) == ([], ["c"])


def test_alerts_a_week_are_stories_and_not_articles() -> None:
    nothing, alert = watch(), watch(replace(BRIDGE, alert=True))
    pasts = [past("The bridge opens", under=nothing, name=f"a{n}", story="st-1", days=n / 10) for n in range(5)]
    sums = compared(nothing, alert, [*pasts, past("Cricket", under=nothing, days=14)])
    now = MOMENT + timedelta(days=14)
    assert (sums.side(0, now).alerts_per_week, sums.side(1, now).alerts_per_week) == (0.0, 0.5)


def test_articles_beyond_what_can_be_grouped_count_alone() -> None:
    nothing = watch()
    sums = Count(1, THRESHOLDS)
    sums._left = 3
    for n in range(5):
        one = past("Kim Jong Un meets Putin", under=nothing, probability=0.9, name=f"a{n}")
        for replayed in replay([one], (nothing,), {}, THRESHOLDS):
            sums.add(replayed)
    assert (len(sums.stories), sums.ungrouped) == (3, 2)


def test_terms_collide_when_one_adds_nothing_or_they_pull_apart() -> None:
    wide = WatchTerm(name="wide", any_of=("bridge", "road"), weight=0.5)
    against = WatchTerm(name="against", any_of=("cricket",), weight=-1.0)
    pasts = [past(title, under=watch(), name=title) for title in ("bridge one", "bridge two cricket", "road three")]
    found = compared(watch(wide, against), watch(wide, against, BRIDGE), pasts).collide()
    assert [(c.term, c.other, c.both, c.relation) for c in found] == [
        ("bridge", "wide", 2, "inside"),
        ("bridge", "against", 1, "against"),
    ]


def label(article_id: str, value: str, who: str = "ann", kind: str = "relevance") -> Label:
    return Label(article_id=article_id, kind=kind, value=value, who=who, at=MOMENT, text="")


def test_labels_are_the_last_words_of_people_and_their_majority() -> None:
    said = [label("a", "0"), label("a", "1"), label("b", "1"), label("b", "0", "bob"), label("b", "0", "cy")]
    assert relevance_of([*said, label("c", "sanctions", kind="theme")]) == {"a": True, "b": False, "c": True}


def test_precision_and_recall_are_those_of_the_labelled_articles() -> None:
    nothing, new = watch(), watch(BRIDGE)
    people = {"bridge a": True, "bridge b": False, "cricket": False, "treaty": True}
    sums = Comparison(nothing, new, THRESHOLDS, people, ())
    pasts = [past(title, under=nothing, probability=0.9 if title == "treaty" else 0.4) for title in people]
    for one in replay(pasts, (nothing, new), {}, THRESHOLDS):
        sums.add(one)
    on_labels = sums.on_labels()
    assert on_labels is not None
    assert [(side.precision, side.recall) for side in on_labels] == [(1.0, 0.5), (2 / 3, 1.0)]
