"""What a new model changes: the decisions that flip, and the labels that did it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.classifier import Labeller, Model, from_labels, read_corpus, train
from monitor.core.decision import Label
from monitor.core.watch import WatchTerm
from monitor.jobs.compare_models import compare_models
from monitor.store import Store, articles, decisions, labels
from tests.classifier.conftest import CORPUS
from tests.conftest import NOW
from tests.support.news import make_decision, make_settings
from tests.support.texts import article, sighting
from tests.support.watching import watch

DAY = timedelta(days=1)
SETTINGS = make_settings()
CABLE = "Undersea cable for a data link to be laid in spring"
ANN = Labeller(who="ann", labels=6, accuracy=0.95, weight=1.0)
EVE = Labeller(who="eve", labels=1, accuracy=0.2, weight=0.0)


def said(title: str, *, relevant: bool, who: str = "ann") -> Label:
    value = str(int(relevant))
    return Label(article_id=title, kind="relevance", value=value, who=who, at=NOW, text=title, language="en")


GIVEN = [
    *(said(f"Undersea cable {what}", relevant=True) for what in ("plan", "to Rason", "data link", "deal", "laid")),
    said("Bakers win a prize", relevant=False),
    said("Undersea cable from Vladivostok", relevant=True, who="eve"),
]


@pytest.fixture(scope="module")
def models() -> tuple[Model, Model]:
    """One of a part of the corpus, and one that learnt of cables too."""
    examples = read_corpus(CORPUS)[::12]
    lessons = [replace(one, weight=40.0) for one in from_labels(GIVEN)]
    old = train(examples, seed=1, made_at=NOW - DAY, product_version="test").model
    return old, train([*examples, *lessons], seed=1, made_at=NOW, product_version="test").model


@pytest.fixture
def filled(sqlite_store: Store) -> Store:
    shown = [article("a1", title=CABLE), article("a2", title="A cricket club opens its pavilion")]
    shown.append(article("a3", title="Undersea cable of last year", seen_at=NOW - 60 * DAY))
    with sqlite_store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(one) for one in shown], now=NOW)
        decisions.save_decisions(connection, [make_decision(one, score=0.2, digest=False) for one in shown])
        labels.add_labels(connection, GIVEN)
    return sqlite_store


def test_what_flips_is_named_with_the_labels_that_did_it(filled: Store, models: tuple[Model, Model]) -> None:
    old, new = models
    found = compare_models(filled, SETTINGS, new, old, [ANN, EVE], now=NOW)
    assert [(flip.article.id, flip.flagged) for flip in found.flips] == [("a1", True)]
    assert found.flips[0].before < found.flips[0].after
    assert found.all_flips == 1
    assert found.causes
    assert all("cable" in cause.title and cause.who == "ann" for cause in found.causes)
    assert any(f"now flagged ({found.flips[0].before:.2f}" in line and CABLE in line for line in found.lines())


def test_a_watch_term_that_decides_anyway_lets_nothing_flip(filled: Store, models: tuple[Model, Model]) -> None:
    old, new = models
    always = make_settings(watch=watch(WatchTerm(name="cables", any_of=("cable",), always=True)))
    assert compare_models(filled, always, new, old, [ANN], now=NOW).all_flips == 0


def test_the_same_model_changes_nothing(filled: Store, models: tuple[Model, Model]) -> None:
    found = compare_models(filled, SETTINGS, models[0], models[0], [ANN], now=NOW)
    assert (found.flips, found.causes) == ((), ())
