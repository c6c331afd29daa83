"""Pictures of trends are real pictures, the same for the same numbers, and their words fit into Slack."""

import struct
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from monitor.core.report import RecallPoint
from monitor.core.theme import THEME_IDS
from monitor.core.trend import Trend
from monitor.pages.charts import alt_text, movements, recall_svg, trend_svg, trends_png
from tests.support.news import HOSTILE, make_trend, make_trends


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_all_themes_fit_on_one_png_that_a_phone_can_show(language: str) -> None:
    trends = make_trends()
    assert len(trends) == len(THEME_IDS)
    width, height = size(trends_png(trends, language))
    assert 1000 <= width <= 1600
    assert height <= 2 * width


def test_one_theme_makes_a_lower_picture() -> None:
    assert size(trends_png(make_trends()[:1], "en"))[1] < size(trends_png(make_trends(), "en"))[1]


def test_a_png_stands_on_white_whatever_is_behind_it() -> None:
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(trends_png(make_trends()[:1], "en"))).convert("RGBA")
    corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
    assert {picture.getpixel(corner) for corner in corners} == {(255, 255, 255, 255)}


def test_an_svg_shows_the_days_as_text_and_runs_nothing() -> None:
    root = etree.fromstring(trend_svg(make_trend()))
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "11-23" in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_recall_is_drawn_with_its_interval_at_each_review() -> None:
    points = [RecallPoint(day=date(2026, 11, day), value=0.8, low=0.6, high=0.9) for day in (9, 16, 23)]
    root = etree.fromstring(recall_svg(points))
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"11-09", "11-16", "11-23", "50 %", "100 %"} <= texts
    assert recall_svg(points) == recall_svg(points)
    assert recall_svg(points) != recall_svg([replace(point, low=0.5) for point in points])


def test_the_same_numbers_give_the_same_file() -> None:
    assert trend_svg(make_trend()) == trend_svg(make_trend())


def test_other_numbers_give_another_file() -> None:
    other = make_trend(counts=tuple(range(30)))
    assert trend_svg(make_trend()) != trend_svg(other)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_of_any_kind_can_be_drawn_and_told(title: str) -> None:
    trend = replace(make_trend(), title=title.translate({ord(c): None for c in title if ord(c) > 0xFFFF}))
    assert trends_png([trend], "en")
    assert len(alt_text([trend] * 9, "en")) <= 1000


def test_the_alt_text_says_what_each_theme_does() -> None:
    said = alt_text(make_trends(), "en")
    assert said.count("in a usual week") == len(THEME_IDS)


def test_the_line_above_the_picture_names_what_moves() -> None:
    up, flat = make_trend(counts=(0,) * 23 + (4,) * 7), make_trend(counts=(1,) * 30)
    assert movements([replace(up, title="Up"), replace(flat, title="Flat")], "en").endswith("· rising: Up")
    assert movements([flat], "en").endswith("· steady")


def test_a_trend_keeps_its_days_and_counts_together() -> None:
    trend: Trend = make_trend()
    assert len(trend.days) == len(trend.counts) == 30
