"""Reports on labelled texts, and comparisons of two models on the same ones."""

import json
from dataclasses import replace

import numpy as np
import pytest

from monitor.classifier import Difference, Example, Model, Report, Trained, compare, evaluate
from monitor.classifier.evaluate import SMALLEST_SLICE, WORST, told_themes
from monitor.core.decision import Prediction, Thresholds


@pytest.fixture(scope="module")
def report(examples: list[Example], trained: Trained) -> Report:
    return evaluate(trained.model, examples, rounds=40)


def spoilt(model: Model) -> Model:
    """The same model after most of what it knew was lost."""
    lost = np.where(np.arange(len(model.weights.relevance)) % 3, 0, model.weights.relevance).astype(np.float32)
    return replace(model, weights=replace(model.weights, relevance=lost))


def by_name(differences: tuple[Difference, ...]) -> dict[str, Difference]:
    return {each.name: each for each in differences}


def test_a_report_counts_every_text(report: Report, examples: list[Example]) -> None:
    assert report.figures.items == len(examples)
    assert sum(map(sum, report.histogram)) == len(examples)
    assert sum(count for *_, count in report.calibration) == len(examples)


def test_every_figure_has_an_interval_around_it(report: Report) -> None:
    parts = [report.figures, *(part for values in report.slices.values() for part in values.values())]
    for figures in parts:
        for name in ("average_precision", "recall", "alert_precision"):
            low, high = figures.intervals[name]
            assert low <= getattr(figures, name) <= high


def test_texts_are_told_apart_by_language_year_and_what_there_is_of_them(report: Report) -> None:
    assert {"en", "ko", "ru"} <= set(report.slices["language"])
    assert {"2024", "2025"} <= set(report.slices["year"])
    assert set(report.slices["text"]) == {"title only", "with summary"}
    assert all(part.relevant >= SMALLEST_SLICE for values in report.slices.values() for part in values.values())


def test_an_alert_is_rarer_and_surer_than_a_digest(report: Report) -> None:
    assert report.figures.alert_recall < report.figures.recall
    assert report.figures.alert_precision >= report.figures.precision


def test_every_theme_has_its_threshold_and_an_interval(report: Report, trained: Trained) -> None:
    limits = trained.model.card.thresholds.themes
    assert {name: figures.threshold for name, figures in report.themes.items()} == limits
    assert all(f.interval[0] <= f.f1 <= f.interval[1] for f in report.themes.values())


def test_the_worst_errors_come_first_with_their_reasons(report: Report) -> None:
    distances = [abs(mistake.relevant - mistake.probability) for mistake in report.mistakes]
    assert distances == sorted(distances, reverse=True)
    assert len(distances) <= WORST
    assert all(mistake.reasons for mistake in report.mistakes)


def test_a_report_survives_json(report: Report) -> None:
    assert json.loads(json.dumps(report.to_dict()))["figures"]["items"] == report.figures.items


def test_a_set_is_named_by_its_texts_and_labels_and_not_by_their_order(
    report: Report, examples: list[Example], trained: Trained
) -> None:
    turned = [replace(examples[0], relevant=not examples[0].relevant), *examples[1:]]
    assert evaluate(trained.model, examples[::-1], rounds=0).digest == report.digest
    assert evaluate(trained.model, turned, rounds=0).digest != report.digest


def test_a_set_without_a_relevant_text_can_be_measured(examples: list[Example], trained: Trained) -> None:
    report = evaluate(trained.model, [e for e in examples if not e.relevant][:30], rounds=5)
    assert (report.figures.average_precision, report.theme_micro_f1) == (0.0, 0.0)


def test_the_most_probable_theme_is_told_where_none_reaches_its_threshold() -> None:
    prediction = Prediction(article_id="a", model="m", probability=0.9, themes={"sanctions": 0.2, "durability": 0.1})
    assert told_themes(prediction, Thresholds(digest=0.5, alert=0.9)) == {"sanctions"}
    assert told_themes(prediction, Thresholds(digest=0.5, alert=0.9, themes={"durability": 0.1})) == {"durability"}


def test_a_model_differs_in_nothing_from_itself(examples: list[Example], trained: Trained) -> None:
    found = compare(trained.model, trained.model, examples, rounds=20)
    assert {(each.new - each.old, each.low, each.high) for each in found} == {(0.0, 0.0, 0.0)}


def test_a_spoilt_model_is_surely_worse(examples: list[Example], trained: Trained, report: Report) -> None:
    found = by_name(compare(spoilt(trained.model), trained.model, examples, rounds=40))["average_precision"]
    assert found.old == report.figures.average_precision
    assert found.new - found.old < found.high < 0


def test_the_measures_of_a_comparison_are_those_of_the_reports(
    examples: list[Example], trained: Trained, report: Report
) -> None:
    found = by_name(compare(trained.model, trained.model, examples, rounds=0))
    assert found["recall"].new == report.figures.recall
    assert found["theme_micro_f1"].new == pytest.approx(report.theme_micro_f1)


def test_a_difference_is_told_with_both_figures_and_its_interval() -> None:
    told = str(Difference(name="average_precision", new=0.95, old=0.9, low=0.01, high=0.08))
    assert told == "average precision 0.950, before 0.900 (+0.050, 95 % interval +0.010 to +0.080)"
