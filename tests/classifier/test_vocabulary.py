"""What is remembered of words changes nothing."""

import pytest

from monitor.classifier import Example, Trained, gazetteer, vocabulary
from monitor.classifier.vocabulary import Vocabulary


def test_a_text_has_the_columns_of_its_features(examples: list[Example], trained: Trained) -> None:
    known, reader = trained.model.weights.vocabulary, trained.model.reader
    for example in examples:
        features = reader.features(example.title, example.summary)
        found = known.columns_of(reader.sentences(example.title, example.summary))
        assert sorted(found) == sorted(known[feature] for feature in features if feature in known)


def test_what_is_not_known_has_no_column() -> None:
    assert list(Vocabulary(["wa", "wb"]).columns(["wb", "wc", "wb"])) == [1, 1]


def test_forgetting_words_changes_no_columns(
    examples: list[Example], trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, reader = trained.model.weights.vocabulary, trained.model.reader
    read = [reader.sentences(example.title, example.summary) for example in examples[:40]]
    forgetful = Vocabulary(known)
    monkeypatch.setattr(vocabulary, "MEMO", 3)
    assert [forgetful.columns_of(sentences) for sentences in read] == [known.columns_of(s) for s in read]


def test_forgetting_words_changes_no_reading(examples: list[Example], monkeypatch: pytest.MonkeyPatch) -> None:
    reader = gazetteer.gazetteer()
    before = [reader.read(example.summary) for example in examples[:40]]
    monkeypatch.setattr(gazetteer, "MEMO", 3)
    assert [reader.read(example.summary) for example in examples[:40]] == before
