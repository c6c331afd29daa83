"""Who said it first is found by its attribution, in every language, and agencies that pass it on are no origins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.origins import find_origins, first_hand

ATTRIBUTED = [
    ("KCNA", "Pyongyang, March 3 (KCNA) -- Kim Jong Un sent a letter to Putin"),
    ("KCNA", "북한이 러시아에 대표단을 보냈다고 조선중앙통신이 3일 보도했다"),
    ("KCNA", "노동신문은 4일 김정은 위원장이 대표단을 만났다고 전했다"),
    ("KCNA", "Как сообщает ЦТАК, Ким Чен Ын принял Лаврова"),
    ("KCNA", "据朝中社报道，金正恩会见拉夫罗夫"),
    ("KCNA", "朝鮮中央通信によると、金正恩総書記がラブロフ外相と会談した"),
    ("KCNA", "Według agencji KCNA Kim spotkał się z Ławrowem"),
    ("KCNA", "Nordkoreas Staatsmedien zufolge traf Kim den Außenminister"),
    ("KCNA", "Selon l'agence KCNA, Kim a reçu M. Lavrov"),
    ("KCNA", "Kim met Lavrov, North Korean state media reported"),
    ("NIS", "South Korea's spy agency told lawmakers that 2,000 soldiers had died"),
    ("NIS", "2,000 soldiers dead: NIS"),
    ("NIS", "국정원 “북한군 사상자 4700명” 보고"),
    ("NIS", "Южнокорейская разведка оценивает потери в 4700 человек"),
    ("NIS", "韓国の国家情報院は北朝鮮兵の死傷者が4700人と報告した"),
    ("NIS", "韩国国情院称朝鲜士兵伤亡4700人"),
    ("NIS", "Jak podał południowokoreański wywiad, zginęło 2000 żołnierzy"),
    ("NIS", "Laut dem südkoreanischen Geheimdienst starben 2000 Soldaten"),
    ("NIS", "Selon les services de renseignement sud-coréens, 2000 soldats sont morts"),
    ("ISW", "Po danych: jak podał Instytut Studiów nad Wojną, oddziały wróciły"),
    ("ISW", "По данным Института изучения войны, войска отведены"),
    ("Reuters", "Russia has sent air defence systems, two sources told Reuters"),
    ("Reuters", "Два источника рассказали Рейтер о поставках"),
    ("Reuters", "複数の関係者がロイターに語った"),
    ("HUR", "Ukraine's military intelligence said 12,000 troops were in Kursk"),
    ("HUR", "ГУР: у Курській області 11 тисяч солдатів"),
    ("HUR", "우크라이나 정보총국은 북한군이 투입됐다고 밝혔다"),
    ("JCS", "합동참모본부는 북한이 미사일을 발사했다고 밝혔다"),
    ("Kremlin", "克里姆林宫表示，普京将访问朝鲜"),
    ("White House", "Biały Dom poinformował o dostawach broni"),
    ("White House", "White House accuses Pyongyang of hiding shipments"),
    ("Zelensky", "Зеленський повідомив про полонених"),
    ("South Korean Defence Ministry", "국방부는 북한군 1만명이 러시아에 있다고 밝혔다"),
]


@pytest.mark.parametrize(("origin", "text"), ATTRIBUTED)
def test_an_attribution_names_its_origin_in_its_language(origin: str, text: str) -> None:
    assert find_origins(text) == (origin,)


@pytest.mark.parametrize(
    "text",
    [
        "Kim walks past the Kremlin wall",
        "Putin and Kim met in the Kremlin",
        "North Korea warns NIS agents of punishment",
        "Zelensky arrives in Seoul",
        "White House hosts Japan's premier over North Korean missiles. Troops leave, a villager said",
        "(서울=연합뉴스) 북한 대표단이 모스크바에 도착했다고 주민이 말했다",
    ],
)
def test_a_name_that_says_nothing_is_no_origin(text: str) -> None:
    assert find_origins(text) == ()


def test_an_agency_that_passes_on_what_another_said_is_no_origin() -> None:
    assert find_origins("국정원이 1만명 파병을 확인했다고 연합뉴스가 보도했다") == ("NIS",)
    assert first_hand(["TASS", "KCNA", "TASS"]) == ("KCNA",)
    assert first_hand(["TASS", "Reuters"]) == ("TASS", "Reuters")


def test_several_origins_come_in_the_order_of_the_text() -> None:
    assert find_origins("The Pentagon said 10,000 came. ISW assessed that more would follow") == ("Pentagon", "ISW")


def test_half_a_character_is_no_obstacle() -> None:
    assert find_origins("NIS: 10,000 troops leave \ud83d") == ("NIS",)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert len(set(find_origins(text))) == len(find_origins(text))
