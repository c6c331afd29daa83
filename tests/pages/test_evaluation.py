"""The page of an evaluation: all figures and curves, and nothing in it can act."""

from typing import Any

import pytest

from monitor.pages import evaluation_page
from tests.pages.test_digest import Elements
from tests.support.news import HOSTILE

SPREADS = dict.fromkeys(
    (
        *("average_precision", "recall_at_precision_90", "precision", "recall"),
        *("alert_precision", "alert_recall", "calibration_error"),
    ),
    (0.8, 0.95),
)
FIGURES = dict.fromkeys(SPREADS, 0.9) | {"items": 40, "relevant": 12, "intervals": SPREADS}


def make_report(**values: Any) -> dict[str, Any]:
    mistake = {
        "id": "m1",
        "title": "A title",
        "language": "en",
        "relevant": True,
        "probability": 0.031,
        "reasons": ["x"],
    }
    theme = {"items": 12, "threshold": 0.4, "precision": 0.5, "recall": 0.5, "f1": 0.5, "interval": (0.3, 0.7)}
    return {
        "model": "20261123-120000-abcdef12",
        "file": "set.jsonl",
        "digest": "0123456789abcdef",
        "at": "2026-11-23T12:00:00+00:00",
        "threshold": 0.62,
        "alert_threshold": 0.91,
        "figures": FIGURES,
        "slices": {"language": {"en": FIGURES}, "year": {}},
        "themes": {"sanctions": theme},
        "theme_micro_f1": 0.5,
        "theme_macro_f1": 0.5,
        "theme_intervals": {"micro_f1": (0.4, 0.6), "macro_f1": (0.4, 0.6)},
        "curve": [(0.1, 1.0, 0.99), (1.0, 0.3, 0.0)],
        "calibration": [(0.05, 0.0, 28), (0.95, 1.0, 12)],
        "histogram": [(0, 28), *[(0, 0)] * 18, (12, 0)],
        "mistakes": [mistake],
        "decided": {"flagged": 12.0, "precision": 0.77, "recall": 0.88},
    } | values


def test_a_page_has_the_three_curves_each_with_words_for_who_cannot_see_it() -> None:
    page = evaluation_page(make_report())
    drawn = {attrs["aria-labelledby"] for tag, attrs in Elements(page).found if tag == "svg"}
    assert drawn == {"ranking-said", "calibration-said", "histogram-said"}
    assert {attrs.get("id") for tag, attrs in Elements(page).found if tag == "title"} == {None, *drawn}
    assert "digest 0.62: precision 0.900, recall 0.900" in page


def test_curves_stay_within_their_frame() -> None:
    page = evaluation_page(make_report())
    for _, attrs in Elements(page).found:
        for pair in (attrs.get("points") or "").split():
            x, y = (float(part) for part in pair.split(","))
            assert 44 <= x <= 344
            assert 12 <= y <= 212


def test_a_page_needs_no_style_of_its_own_elements_which_its_policy_forbids() -> None:
    assert [attrs for _, attrs in Elements(evaluation_page(make_report())).found if "style" in attrs] == []


def test_a_slice_without_values_has_no_table() -> None:
    page = evaluation_page(make_report())
    assert "By language" in page
    assert "By year" not in page


def test_a_report_that_training_made_has_no_line_for_the_watch() -> None:
    report = make_report()
    del report["decided"]
    assert "with the watch" not in evaluation_page(report)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_text_of_the_set_cannot_act(title: str) -> None:
    mistake = {"id": title, "title": title, "language": "en", "relevant": False, "probability": 0.9, "reasons": [title]}
    ours = {tag for tag, _ in Elements(evaluation_page(make_report())).found}
    page = evaluation_page(make_report(mistakes=[mistake], file=title))
    assert {tag for tag, _ in Elements(page).found} <= ours


def test_a_set_without_errors_says_so() -> None:
    assert "every text is on its side" in evaluation_page(make_report(mistakes=[]))
