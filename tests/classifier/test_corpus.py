"""Reading labelled texts, and labels as texts."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.classifier import Example, read_corpus, read_examples
from monitor.classifier.corpus import digest_of, from_labels
from monitor.core.decision import Label
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError
from tests.classifier.conftest import CORPUS
from tools.corpus_report import repeated, shares

GIVEN_AT = datetime(2026, 11, 1, tzinfo=UTC)


def label(kind: str, value: str, *, who: str = "ann", minutes: int = 0, article: str = "a1") -> Label:
    at = GIVEN_AT + timedelta(minutes=minutes)
    return Label(article_id=article, kind=kind, value=value, who=who, at=at, text="Kim in Moscow\nA lead.")


def test_the_corpus_is_large_and_every_theme_is_frequent() -> None:
    examples = read_corpus(CORPUS)
    counts = Counter(theme for example in examples for theme in example.themes)
    assert len(examples) >= 3200
    assert min(counts[theme] for theme in THEME_IDS) >= 150


LANGUAGES = {
    "en": 1500,
    **dict.fromkeys(("ko", "ru", "zh", "ja", "pl"), 250),
    **dict.fromkeys(("de", "fr", "es", "uk"), 80),
}


def test_the_corpus_has_enough_of_every_language() -> None:
    counts = Counter(example.language for example in read_corpus(CORPUS))
    assert {language: counts[language] for language, least in LANGUAGES.items() if counts[language] < least} == {}


def test_the_corpus_hardly_repeats_itself() -> None:
    assert repeated(read_corpus(CORPUS)) <= 0.03


def test_two_texts_of_one_template_count_as_repetition() -> None:
    made = [
        Example(
            id=str(n), title=f"Kim met the minister of {what} in Pyongyang", summary="", language="en", relevant=True
        )
        for n, what in enumerate(("coal", "rail"))
    ]
    assert repeated(made) == pytest.approx(2 / 8)  # of four 5-grams each, only the first has no name of the ministry


def test_most_negatives_are_hard_and_teasers_break_off() -> None:
    found = shares(read_corpus(CORPUS))
    assert found["hard, of the negatives"] > 0.5
    assert found["with a teaser that breaks off"] > 0.1
    assert 0.25 < found["before June 2024"] < 0.75


def test_no_evaluation_text_is_in_the_corpus() -> None:
    titles = {example.title.casefold() for example in read_corpus(CORPUS)}
    assert not titles & {item.title.casefold() for item in read_examples(CORPUS.parent / "evaluation.jsonl")}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not a labelled text"),
        ("[]", "not a labelled text"),
        (json.dumps({"id": "x", "title": "t"}), "relevant"),
        (json.dumps({"id": "x", "title": "t", "relevant": 1, "themes": ["summit"]}), "unknown theme 'summit'"),
    ],
)
def test_a_bad_line_is_named_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "bad.jsonl").write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ClassifierError, match=r"bad\.jsonl:2") as caught:
        read_corpus(tmp_path)
    assert said in str(caught.value)


def test_a_repeated_id_is_refused(tmp_path: Path) -> None:
    line = json.dumps({"id": "x", "title": "t", "relevant": 0})
    (tmp_path / "twice.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(ClassifierError, match="'x' is used twice"):
        read_corpus(tmp_path)


def test_an_empty_folder_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match="no corpus here"):
        read_corpus(tmp_path)


def test_a_label_becomes_an_example_with_title_and_summary() -> None:
    (example,) = from_labels([label("relevance", "1")])
    assert (example.title, example.summary, example.relevant) == ("Kim in Moscow", "A lead.", True)


def test_a_judgement_of_relevance_alone_teaches_no_themes() -> None:
    (example,) = from_labels([label("relevance", "1")])
    assert not example.themes_known


def test_the_last_word_of_a_person_counts() -> None:
    (example,) = from_labels([label("relevance", "1"), label("relevance", "0", minutes=1)])
    assert not example.relevant


def test_two_people_who_disagree_are_both_heard() -> None:
    found = from_labels([label("relevance", "1"), label("relevance", "0", who="bob")])
    assert [example.relevant for example in found] == [True, False]


def test_a_theme_label_implies_relevance() -> None:
    (example,) = from_labels([label("theme", "sanctions")])
    assert (example.relevant, example.themes) == (True, ("sanctions",))


def test_the_digest_does_not_depend_on_the_order() -> None:
    examples = read_corpus(CORPUS)[:50]
    assert digest_of(examples) == digest_of(examples[::-1])
