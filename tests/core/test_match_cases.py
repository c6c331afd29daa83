"""Hand-written cases in ten languages: what a phrase finds and what it must not."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from monitor.core.fold import fold
from monitor.core.phrase import compile_phrase, phrase_problem

CASES = [
    pytest.param(phrase, text, found, id=f"{language}-{phrase}-{text}")
    for language, rows in yaml.safe_load((Path(__file__).parents[1] / "data" / "watch_cases.yaml").read_text()).items()
    for phrase, text, found in rows
]


@pytest.mark.parametrize(("phrase", "text", "found"), CASES)
def test_a_phrase_finds_what_it_should(phrase: str, text: str, found: bool) -> None:
    assert bool(compile_phrase(phrase).spans(fold(text))) is found


def test_the_table_speaks_ten_languages() -> None:
    languages = Counter(str(case.id).split("-")[0] for case in CASES)
    assert len(languages) >= 10
    assert sum(languages.values()) >= 300


@pytest.mark.parametrize(
    ("phrase", "advice"),
    [
        ("/a(b/", "missing )"),
        ("/[a/", "missing ]"),
        ("/abc", "does not end with a slash"),
        ("/x*/", "matches the empty text"),
        ("/(?=a)b/", "use near or none_of"),
        (r"/(a)\1/", "use near or none_of"),
        (r"/a\bb/", "only at the very beginning or end"),
        (r"/\bone|two\b/", "put them in brackets"),
        ("*", "no letters"),
        ("...", "no letters"),
        ("a*", "at least two letters"),
        ("ab*c*d*e", "more than 2 wild cards"),
        (r"/[^\W]/", "not supported"),
    ],
)
def test_a_phrase_that_cannot_work_is_refused_with_advice(phrase: str, advice: str) -> None:
    assert advice in phrase_problem(phrase)
