"""Features read like an analyst: who stands near whom, whatever the language."""

import pytest

from monitor.classifier.features import SUMMARY_LIMIT, Reader
from monitor.classifier.gazetteer import gazetteer


@pytest.fixture
def reader() -> Reader:
    return Reader(gazetteer())


def concepts(reader: Reader, title: str, summary: str = "") -> set[str]:
    return {feature for feature in reader.features(title, summary) if feature.startswith("c")}


def test_one_sentence_in_two_languages_gives_the_same_pair(reader: Reader) -> None:
    english, korean = concepts(reader, "Kim Jong Un thanks Putin"), concepts(reader, "김정은, 푸틴에 감사")
    assert {"cn:where NR/-", "cn:pair KIM PUTIN", "cn:order title N>R"} <= english & korean


def test_the_sides_are_told_apart_by_place(reader: Reader) -> None:
    assert "cn:where N/R" in concepts(reader, "Pyongyang parade", "Moscow was silent.")


def test_names_in_two_sentences_make_no_pair(reader: Reader) -> None:
    found = concepts(reader, "World news", "Russia raised rates. North Korea fired a missile.")
    assert not {feature for feature in found if feature.startswith("cn:near")}


def test_other_countries_between_the_two_are_counted(reader: Reader) -> None:
    assert "cn:between 2 4-6" in concepts(reader, "Russia, Iran, China, North Korea")


def test_a_topic_knows_its_company(reader: Reader) -> None:
    assert "ct:TROOPS NR" in concepts(reader, "North Korean soldiers in Russia")


def test_names_never_enter_the_words(reader: Reader) -> None:
    words = {feature for feature in reader.features("Kim praises Putin", "") if feature[0] in "wk"}
    assert not any("putin" in word or "kim" in word for word in words)


def test_swapped_names_take_the_place_of_the_own(reader: Reader) -> None:
    found = reader.features("Russia arms North Korea", "", swaps={"DPRK": "IRAN"})
    assert "cn:any R" in found
    assert "cn:title IRAN" in found


def test_no_more_than_a_teaser_is_read(reader: Reader) -> None:
    long = "x " * SUMMARY_LIMIT
    assert reader.features("Title", long) == reader.features("Title", long + " Russia")


def test_an_empty_text_has_features_too(reader: Reader) -> None:
    assert "cn:any 0" in reader.features("", "")
