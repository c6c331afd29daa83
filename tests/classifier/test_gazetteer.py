"""Names and topics in ten languages, and the traps that look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.classifier.gazetteer import gazetteer


def names(text: str) -> list[str]:
    return [unit.value for unit in gazetteer().read(text) if unit.kind == "name"]


def topics(text: str) -> list[str]:
    return [unit.value for unit in gazetteer().read(text) if unit.kind == "topic"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("North Korea's Kim Jong Un met Putin", ["DPRK", "KIM", "PUTIN"]),
        ("DPRK, Russia sign protocol", ["DPRK", "RUSSIA"]),
        ("N. Korean troops in Kursk", ["DPRK", "KURSK"]),
        ("Северная Корея и Россия", ["DPRK", "RUSSIA"]),
        ("о северокорейских военных в Курской области", ["DPRK", "KURSK"]),
        ("КНДР и РФ", ["DPRK", "RUSSIA"]),
        ("російсько-північнокорейський договір", ["DPRK", "RUSSIA"]),
        ("wojska Korei Północnej w Rosji", ["DPRK", "RUSSIA"]),
        ("Nordkoreas Machthaber Kim reist nach Russland", ["DPRK", "KIMWEAK", "RUSSIA"]),
        ("la Corée du Nord et la Russie", ["DPRK", "RUSSIA"]),
        ("Corea del Norte envía tropas a Rusia", ["DPRK", "RUSSIA"]),
        ("김정은, 푸틴과 회담", ["KIM", "PUTIN"]),
        ("北, 러에 포탄 수출", ["DPRK", "RUSSIA"]),
        ("북·러 정상회담", ["DPRK", "RUSSIA"]),
        ("북러 밀착", ["DPRK", "RUSSIA"]),
        ("朝俄签署条约", ["DPRK", "RUSSIA"]),
        ("访俄的朝鲜代表团", ["RUSSIA", "DPRK"]),
        ("露朝首脳会談", ["DPRK", "RUSSIA"]),
        ("北朝鮮兵がロシアに", ["DPRK", "RUSSIA"]),
        ("露、北に防空システム供与か", ["RUSSIA", "DPRK"]),
    ],
)
def test_the_two_sides_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "白俄罗斯总统访问北京",
        "俄亥俄州长选举",
        "朝鮮王朝の歴史",
        "朝日新聞の朝のニュース",
        "抗美援朝纪念馆",
        "北海道で大雪",
        "台北の夜市",
        "秘密を暴露した俳優",
        "러닝 열풍",
        "북콘서트에 모인 독자들",
        "페이스북 새 기능",
        "트러플 파스타",
        "South Korea's economy",
        "Kim Kardashian's new line",
        "Жемчужина Курска: имение",
        "North Carolina votes",
    ],
)
def test_lexical_traps_name_neither_side(text: str) -> None:
    sides = {gazetteer().sides[name] for name in names(text)}
    assert not sides & {"N", "R"}


def test_belarus_in_chinese_is_belarus() -> None:
    assert names("白俄罗斯") == ["BELARUS"]


def test_a_topic_that_holds_a_name_stands_for_both() -> None:
    assert (names("북한군 이동"), topics("북한군 이동")) == (["DPRK"], ["TROOPS"])


def test_the_place_where_a_report_was_filed_is_no_mention() -> None:
    assert names("(모스크바=연합뉴스) 홍길동 특파원 = 날씨가 춥다") == []


def test_the_agency_of_a_dateline_is_kept() -> None:
    assert names("Pyongyang, September 13 (KCNA) -- A meeting took place") == ["KCNA"]


def test_us_in_capitals_is_a_country_and_us_in_small_letters_is_not() -> None:
    assert (names("US warns"), names("join us today")) == (["US"], [])


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    gazetteer().read(text)
