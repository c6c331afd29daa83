"""Pictures of trends: one a theme as SVG for a page, all of them on one PNG for Slack; and of recall over time.

Both stand on an opaque white card, so that they can be read on any background; a page in dark mode inverts its own.
Only this module knows matplotlib, and loads it when the first picture is drawn: that takes a second.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from monitor.core.report import RecallPoint
from monitor.core.tell import clean, takeaway
from monitor.core.trend import WEEK, Trend
from monitor.core.wording import say

ALT_LENGTH = 1_000  # of a picture in Slack
INK, SOFT, GRID, BAR, LINE = "#1b1f24", "#57606a", "#d8dee4", "#5b8fcc", "#0b4fa8"
COLUMNS = 2
DPI = 150
TITLE_LENGTH = 44
_FONTS = ("DejaVu Sans", "Noto Sans CJK KR", "NanumGothic")  # the first that has a letter draws it
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # letters stay letters: smaller, sharper, and found by a search
    "svg.hashsalt": "monitor",  # the same trend gives the same file
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


def trend_svg(trend: Trend) -> bytes:
    """One theme as SVG, 4.2 x 1.35 inches, without its title: that stands above it on the page."""
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=(4.2, 1.35), facecolor="white")
        _plot(figure.add_axes((0.07, 0.2, 0.91, 0.72)), trend, top=max(trend.counts))
        return _saved(figure, "svg", metadata={"Date": None})


def recall_svg(points: Sequence[RecallPoint]) -> bytes:
    """Recall with its interval from one review to the next, as SVG of the same size; one point at least."""
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=(4.2, 1.35), facecolor="white")
        axes = figure.add_axes((0.1, 0.2, 0.88, 0.72))
        places, values = range(len(points)), [point.value for point in points]
        axes.set_axisbelow(True)
        axes.grid(axis="y", color=GRID, linewidth=0.6)
        axes.vlines(places, [point.low for point in points], [point.high for point in points], color=BAR, linewidth=6.3)
        axes.plot(places, values, color=LINE, linewidth=1.8, marker="o", markersize=4)
        axes.set_xlim(-0.5, len(points) - 0.5)
        axes.set_ylim(0, 1.05)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        named = list(places)[:: -max(1, -(-len(points) // 6))]
        axes.set_xticks(named, [_day(points[place].day) for place in named])
        _bare(axes)
        return _saved(figure, "svg", metadata={"Date": None})


def trends_png(trends: Sequence[Trend], language: str) -> bytes:
    """All ``trends`` (one at least) side by side on one scale, wide enough for a phone and for a desktop."""
    from matplotlib.figure import Figure

    if language == "ko" and len(_families()) < 2:
        language = "en"  # better than boxes where no Korean font is installed
    rows = -(-len(trends) // COLUMNS)
    height = 0.9 + 1.75 * rows
    top = max(max(trend.counts) for trend in trends)
    with _style():
        figure = Figure(figsize=(8.0, height), facecolor="white")
        figure.text(0.03, 1 - 0.32 / height, _heading(trends, language), fontsize=13, weight="bold", va="center")
        figure.text(0.03, 0.16 / height, say(language, "trend_key"), fontsize=8, color=SOFT, va="center")
        for at, trend in enumerate(trends):
            row, column = divmod(at, COLUMNS)
            left, bottom = 0.045 + 0.495 * column, (height - 0.9 - 1.75 * row - 1.2) / height
            axes = figure.add_axes((left, bottom, 0.45, 1.2 / height))
            axes.set_title(clean(trend.title, TITLE_LENGTH), fontsize=10, loc="left", pad=6)
            _plot(axes, trend, top=top)
        return _saved(figure, "png", dpi=DPI)


def alt_text(trends: Sequence[Trend], language: str) -> str:
    """What the picture of ``trends`` says, in words; at most as long as Slack takes."""
    lines = [_heading(trends, language), *(takeaway(trend, language) for trend in trends)]
    return clean(". ".join(lines) + ".", ALT_LENGTH)


def movements(trends: Sequence[Trend], language: str) -> str:
    """The point of the picture in a line: what rises and what falls."""
    parts = [_heading(trends, language)]
    for direction, key in ((1, "trend_up"), (-1, "trend_down")):
        titles = [clean(trend.title, 100) for trend in trends if trend.direction == direction]
        if titles:
            parts.append(f"{say(language, key)}: {', '.join(titles)}")
    if len(parts) == 1:
        parts.append(say(language, "trend_steady"))
    return " · ".join(parts)


def _heading(trends: Sequence[Trend], language: str) -> str:
    return say(language, "trend_title", days=len(trends[0].days))


def _plot(axes: Any, trend: Trend, *, top: int) -> None:
    from matplotlib.ticker import MaxNLocator

    places = range(len(trend.days))
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.vlines(places, 0, trend.counts, color=BAR, linewidth=6.3, capstyle="butt")  # bars, at a third of the cost
    axes.plot(places, _means(trend.counts), color=LINE, linewidth=1.8)
    axes.set_xlim(-0.8, len(trend.days) - 0.2)
    axes.set_ylim(0, max(top, 3) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    weeks = list(places)[::-WEEK]
    axes.set_xticks(weeks, [_day(trend.days[place]) for place in weeks])
    _bare(axes)


def _bare(axes: Any) -> None:
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _means(counts: Sequence[int]) -> list[float]:
    """Of each day and the six before it, as far as they are known."""
    windows = (counts[max(0, at - WEEK + 1) : at + 1] for at in range(len(counts)))
    return [sum(window) / len(window) for window in windows]


def _day(day: date) -> str:
    return f"{day:%m-%d}"


def _style() -> Any:
    from matplotlib import rc_context

    style: Any = _STYLE | {"font.family": _families()}
    return rc_context(style)


def _families() -> list[str]:
    from matplotlib import font_manager

    held = set(font_manager.get_font_names())
    return [name for name in _FONTS if name in held]


def _saved(figure: Any, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=form, **options)
    return out.getvalue()
