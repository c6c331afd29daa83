"""Numbers are read with what they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.figures import Figure, find_figures, find_numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("up to 12,000 troops", 12_000, "troops"),
        ("북한군 1만1000여명 파병", 11_000, "troops"),
        ("1만2천명의 병력", 12_000, "troops"),
        ("около 12 тыс. северокорейских солдат", 12_000, "troops"),
        ("ponad 10 tys. żołnierzy", 10_000, "troops"),
        ("1.1万名士兵", 11_000, "troops"),
        ("砲弾100万発", 1_000_000, "shells"),
        ("포탄 800만발", 8_000_000, "shells"),
        ("1 млн снарядов", 1_000_000, "shells"),
        ("1K containers", 1_000, "containers"),
        ("$1.5 billion", 1_500_000_000, "dollars"),
        ("5,000 North Korean workers", 5_000, "workers"),
        ("more than 4,700 casualties", 4_700, "casualties"),
        ("3 000 soldats", 3_000, "troops"),
        ("up to 11,000 North Korean troops", 11_000, "troops"),
        ("약 1만1천 명의 북한군이 쿠르스크에", 11_000, "troops"),
        ("북한군 1만 1000명", 11_000, "troops"),
        ("1만2000여 명의 병력", 12_000, "troops"),
        ("1만5천명 파병", 15_000, "troops"),
        ("около 12 тысяч военнослужащих КНДР", 12_000, "troops"),
        ("ponad 10 tysięcy północnokoreańskich żołnierzy", 10_000, "troops"),
        ("10 tys. żołnierzy Kima", 10_000, "troops"),
        ("1.2万名朝鲜士兵", 12_000, "troops"),
        ("约1万2000名士兵", 12_000, "troops"),
        ("北朝鮮兵1万2000人", 12_000, "troops"),
        ("1万2千人の兵士", 12_000, "troops"),
        ("12 тисяч солдатів КНДР", 12_000, "troops"),
        ("12.000 nordkoreanische Soldaten", 12_000, "troops"),
        ("12 000 soldats nord-coréens", 12_000, "troops"),
        ("12.000 soldados norcoreanos", 12_000, "troops"),
        ("a million shells", 1_000_000, "shells"),
        ("one million artillery shells", 1_000_000, "shells"),
        ("миллион снарядов", 1_000_000, "shells"),
        ("포탄 100만 발", 1_000_000, "shells"),
        ("9 million rounds of artillery", 9_000_000, "shells"),
        ("砲弾900万発", 9_000_000, "shells"),
        ("900万发炮弹", 9_000_000, "shells"),
        ("milion pocisków artyleryjskich", 1_000_000, "shells"),
        ("13,000 containers of munitions", 13_000, "containers"),
        ("컨테이너 1만3천개", 13_000, "containers"),
        ("13 тыс. контейнеров", 13_000, "containers"),
        ("1.3万个集装箱", 13_000, "containers"),
        ("コンテナ1万3000個", 13_000, "containers"),
        ("13 tys. kontenerów", 13_000, "containers"),
        ("more than 1 million barrels of oil", 1_000_000, "barrels"),
        ("석유 100만 배럴", 1_000_000, "barrels"),
        ("100万桶石油", 1_000_000, "barrels"),
        ("миллион баррелей нефти", 1_000_000, "barrels"),
        ("50万バレル", 500_000, "barrels"),
        ("2,000 workers", 2_000, "workers"),
        ("노동자 5만 명", 50_000, "workers"),
        ("50 тысяч рабочих", 50_000, "workers"),
        ("$20 billion", 20_000_000_000, "dollars"),
        ("20 billion dollars", 20_000_000_000, "dollars"),
        ("200억 달러", 20_000_000_000, "dollars"),
        ("20 млрд долларов", 20_000_000_000, "dollars"),
        ("200亿美元", 20_000_000_000, "dollars"),
        ("200億ドル", 20_000_000_000, "dollars"),
        ("20 mld dolarów", 20_000_000_000, "dollars"),
        ("20 Milliarden Dollar", 20_000_000_000, "dollars"),
        ("US$20bn", 20_000_000_000, "dollars"),
        ("1.5 million U.S. dollars", 1_500_000, "dollars"),
        ("3400万美元", 34_000_000, "dollars"),
        ("3천400만 달러", 34_000_000, "dollars"),
        ("4,700 casualties", 4_700, "casualties"),
        ("사상자 4천700여 명", 4_700, "casualties"),
        ("전사자 2천명", 2_000, "casualties"),
        ("2,000 North Korean soldiers killed", 2_000, "casualties"),
        ("600 dead", 600, "casualties"),
        ("потеряли 3000 убитыми и ранеными", 3_000, "casualties"),
        ("100 KN-23 missiles", 100, "missiles"),
        ("100 ballistic missiles", 100, "missiles"),
        ("밀 5만t", 50_000, "tonnes"),
        ("50 тысяч тонн пшеницы", 50_000, "tonnes"),
        ("5万吨小麦", 50_000, "tonnes"),
        ("1 million tonnes", 1_000_000, "tonnes"),
        ("120 самоходных гаубиц", 120, "guns"),
        ("자주포 120문", 120, "guns"),
        ("120 self-propelled guns", 120, "guns"),
    ],
)
def test_a_figure_has_its_value_and_unit(text: str, value: float, unit: str) -> None:
    assert find_figures(text) == (Figure(value, unit),)


@pytest.mark.parametrize(
    "text",
    [
        "KN-23 in 2024",
        "Article 4",
        "on 19 June",
        "no numbers",
        "M. Lavrov met soldiers",
        "millions of shells",
        "19 June, soldiers left",
        "2024년 북한군",
        "12 officials met soldiers",
        "Kim, 40, and troops",
    ],
)
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert find_figures(text) == ()


def test_years_and_small_numbers_do_not_tell_events_apart() -> None:
    assert find_numbers("on 12 June 2024, 3 ships took 1,500 containers") == {1500.0}


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    find_figures(text)
