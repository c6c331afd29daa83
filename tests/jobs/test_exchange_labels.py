"""Labels go out and come in again as they were, and no spreadsheet runs what a feed wrote."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.decision import Label
from monitor.errors import MonitorError
from monitor.jobs.exchange_labels import format_labels, parse_labels
from tests.conftest import NOW

LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(str.strip).filter(bool)
SOME = st.builds(
    Label,
    article_id=LINE,
    kind=st.just("relevance"),
    value=st.sampled_from(["0", "1"]),
    who=LINE,
    at=st.just(NOW),
    text=st.tuples(LINE, LINE).map("\n".join),
    model=LINE,
    language=st.just("ko"),
    source=st.just("slack"),
)


def parse(text: str, *, as_csv: bool = False, who: str = "") -> list[Label]:
    return parse_labels(text, as_csv=as_csv, where="f", who=who, now=NOW)


@pytest.mark.parametrize("as_csv", [True, False])
@given(given=st.lists(SOME, max_size=5))
def test_labels_survive_the_way_out_and_in(given: list[Label], as_csv: bool) -> None:
    assert parse(format_labels(given, as_csv=as_csv), as_csv=as_csv) == given


@pytest.mark.parametrize("title", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "'=1", "\t=1"])
def test_no_cell_of_a_csv_begins_like_a_formula(title: str) -> None:
    label = Label(article_id="a", kind="relevance", value="1", who="=cmd", at=NOW, text=title)
    (_, cells) = csv.reader(io.StringIO(format_labels([label], as_csv=True)))
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_a_short_line_is_enough() -> None:
    (label,) = parse(json.dumps({"title": "Shells", "value": 1}), who="ann")
    assert (label.value, label.who, label.at, label.source, label.kind) == ("1", "ann", NOW, "import", "relevance")
    assert label.article_id.startswith("import-")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"value": "1", "who": "a"}, "title"),
        ({"title": "T", "value": "yes", "who": "a"}, "'yes' must be 1"),
        ({"title": "T", "value": "1"}, "who"),
        ({"title": "T", "value": "1", "who": "a", "kind": "mood"}, "'mood' is none of"),
        ({"title": "T", "value": "weather", "who": "a", "kind": "theme"}, "no theme"),
        ({"title": "T", "value": "1", "who": "a", "at": "soon"}, "no ISO date"),
    ],
)
def test_a_line_that_is_no_label_is_named(row: dict[str, str], wrong: str) -> None:
    with pytest.raises(MonitorError, match=rf"^f:2: .*{wrong}"):
        parse("\n" + json.dumps(row))


def test_every_bad_line_is_told_at_once() -> None:
    with pytest.raises(MonitorError) as caught:
        parse("nonsense\n[1]\n" + json.dumps({"title": "T", "value": "1", "who": "a"}) + "\n{}")
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["1", "2", "4"]
