"""What was measured of a model as one self-contained HTML page, with its curves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from monitor.core.tell import clean
from monitor.pages.render import render_page

# The plot of each chart in units of its drawing; both axes run from 0 to 1.
LEFT, TOP, WIDTH, HEIGHT = 44.0, 12.0, 300.0, 200.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
Z95 = 1.96
NAMES = {
    "average_precision": "average precision",
    "recall_at_precision_90": "recall at precision 0.90",
    "precision": "precision at the digest threshold",
    "recall": "recall at the digest threshold",
    "alert_precision": "precision at the alert threshold",
    "alert_recall": "recall at the alert threshold",
    "calibration_error": "calibration error",
}
"""Each measure in words; also the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing in a square from 0 to 1. ``lines`` and ``points`` are in the units of the drawing."""

    id: str
    title: str
    described: str
    across: str
    up: str
    highest: str
    """What the top of the vertical axis stands for."""
    lines: tuple[tuple[str, str], ...] = ()
    """(class, points of a polyline)."""
    points: tuple[tuple[float, float, str], ...] = ()
    """(x, y, what it says)."""
    bars: tuple[tuple[str, float, float, float, float], ...] = ()
    """(class, x, y, width, height)."""


def evaluation_page(report: Mapping[str, Any]) -> str:
    """HTML of the ``report`` that ``monitor evaluate`` stores: no script, nothing loaded from elsewhere."""
    figures = report["figures"]
    return render_page(
        "evaluation.html",
        language="en",
        title=f"Evaluation of model {report['model']}",
        report=report,
        clean=clean,
        figures=[(words, figures[key], figures["intervals"].get(key)) for key, words in NAMES.items()],
        charts=(_ranking(report), _calibration(report), _histogram(report)),
        slices={name: found for name, found in report["slices"].items() if found},
        frame=(LEFT, TOP, WIDTH, HEIGHT),
        ticks=[(_x(value), _y(value), f"{value:g}") for value in TICKS],
    )


def _x(share: float) -> float:
    return round(LEFT + WIDTH * share, 1)


def _y(share: float) -> float:
    return round(TOP + HEIGHT * (1.0 - share), 1)


def _line(points: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{_x(point[0])},{_y(point[1])}" for point in points)


def _ranking(report: Mapping[str, Any]) -> Chart:
    """Precision over recall; of each threshold in use the point that it stands for."""
    curve, figures = report["curve"], report["figures"]
    marked = (
        (figures["recall"], figures["precision"], f"digest {report['threshold']:.2f}"),
        (figures["alert_recall"], figures["alert_precision"], f"alert {report['alert_threshold']:.2f}"),
    )
    said = "; ".join(f"{text}: precision {precision:.3f}, recall {recall:.3f}" for recall, precision, text in marked)
    return Chart(
        id="ranking",
        title="Precision and recall",
        described=f"Average precision {figures['average_precision']:.3f}. {said}.",
        across="recall",
        up="precision",
        highest="1",
        lines=(("curve", _line(curve)),),
        points=tuple((_x(recall), _y(precision), text) for recall, precision, text in marked),
    )


def _calibration(report: Mapping[str, Any]) -> Chart:
    """Share relevant over mean probability a bin, with Wilson's 95 % interval (1927) as a bar."""
    bins = report["calibration"]
    return Chart(
        id="calibration",
        title="Calibration",
        described="The share that is relevant among texts of about one probability, with 95 % intervals; on the line"
        f" a probability means what it says. Mean distance {report['figures']['calibration_error']:.3f}.",
        across="probability",
        up="share relevant",
        highest="1",
        lines=(
            ("diagonal", _line([(0.0, 0.0), (1.0, 1.0)])),
            *(("whisker", _line([(mean, at) for at in _wilson(share, count)])) for mean, share, count in bins),
            ("curve", _line(bins)),
        ),
        points=tuple((_x(mean), _y(share), "") for mean, share, _ in bins),
    )


def _wilson(share: float, count: int) -> tuple[float, float]:
    middle, spread = share + Z95**2 / (2 * count), Z95 * sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))
    return (middle - spread) / (1 + Z95**2 / count), (middle + spread) / (1 + Z95**2 / count)


def _histogram(report: Mapping[str, Any]) -> Chart:
    """Texts by probability. Heights are roots of counts, so that a few mistakes show beside hundreds of clear cases."""
    columns = report["histogram"]
    highest = max(1, *(max(column) for column in columns))
    width = WIDTH / len(columns) / 2 - 1
    bars = [
        (("yes", "no")[kind], _x(at / len(columns)) + kind * width, _y(sqrt(count / highest)), width)
        for at, column in enumerate(columns)
        for kind, count in enumerate(column)
        if count
    ]
    threshold = report["threshold"]
    return Chart(
        id="histogram",
        title="Probabilities",
        described=f"Texts by probability: relevant ones and others; the line is the digest threshold, {threshold:.2f}. "
        "Heights are square roots of counts.",
        across="probability",
        up="texts",
        highest=str(highest),
        lines=(("diagonal", _line([(threshold, 0.0), (threshold, 1.0)])),),
        bars=tuple((kind, round(x, 1), y, round(width, 1), round(TOP + HEIGHT - y, 1)) for kind, x, y, width in bars),
    )
