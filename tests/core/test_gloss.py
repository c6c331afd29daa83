"""A title in another language has its gist: who, what, where, how many, when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.gloss import GLOSSED, gloss

TITLES = [
    ("ru", "Шойгу прибыл в Пхеньян на переговоры с Ким Чен Ыном", "Shoigu, Kim Jong Un · arrive, meet · Pyongyang"),
    ("ru", "Госдума ратифицировала договор с КНДР", "the State Duma, North Korea · ratify, treaty"),
    ("ru", "Белоусов вылетит в Пхеньян 15 августа", "Belousov · leave · Pyongyang · 15 Aug"),
    ("ko", "북한 노동자 5000명, 러 건설현장에", "North Korea, Russia · workers, construction · 5,000 workers"),
    (
        "ko",
        "러, 키이우에 탄도미사일 공습…4명 사망",
        "Russia · ballistic missile, strike, casualties · Kyiv · 4 casualties",
    ),
    (
        "ko",
        '미 백악관 "북, 포탄 100만발 러에 제공"',
        "the White House, North Korea · shells, supply · the United States · 1,000,000 shells",
    ),
    ("zh", "普京抵达平壤 与金正恩会谈", "Putin, Kim Jong Un · arrive, meet · Pyongyang"),
    ("zh", "俄罗斯否决延长朝鲜制裁专家小组任期", "the Panel of Experts, Russia, North Korea · veto, sanctions"),
    (
        "ja",
        "ロシアが拒否権 北朝鮮制裁の専門家パネル延長できず",
        "the Panel of Experts, Russia, North Korea · veto, sanctions",
    ),
    ("ja", "北朝鮮兵1万2000人、クルスクに派遣", "troops, deploy · Kursk · 12,000 troops"),
    ("pl", "Kim Dzong Un wysłał Putinowi 10 tys. żołnierzy", "Kim Jong Un, Putin · supply, troops · 10,000 troops"),
    (
        "uk",
        "Зеленський: у Курській області взяли в полон двох військових КНДР",
        "Zelensky, North Korea · captured, troops · Kursk",
    ),
]


@pytest.mark.parametrize(("language", "title", "words"), TITLES)
def test_a_title_in_another_language_has_its_gist(language: str, title: str, words: str) -> None:
    assert gloss(title, language) == words


def test_a_title_that_the_reader_can_read_has_none() -> None:
    assert gloss("Shoigu arrives in Pyongyang", "en") == ""


def test_where_little_is_understood_the_theme_stands_in() -> None:
    assert gloss("Песков рассказал о планах", "ru", theme="summit diplomacy") == "Peskov · summit diplomacy"
    assert gloss("오늘의 날씨", "ko", theme="") == ""


@given(st.text(max_size=120), st.sampled_from(GLOSSED))
def test_any_title_can_be_read(title: str, language: str) -> None:
    gloss(title, language)
