"""Figures in a text: numbers with what they count."""

import re
from dataclasses import dataclass

UNITS: dict[str, str] = {
    "troops": r"troops?|soldiers?|servicemen|fighters|military personnel|żołnierzy|soldaten|soldats|militaires|"
    r"soldados|"
    r"북한군|солдат\w*|военнослужащ\w*|"
    r"бойц\w*|військовослужбовц\w*|солдатів|군인|병력|병사|장병|파병군|"
    r"名士兵|名军人|兵力|人の兵|兵士",
    "workers": r"workers|labou?rers|robotników|pracowników|arbeiter|ouvriers|trabajadores|рабоч\w+|робітник\w*|"
    r"노동자|근로자|"
    r"劳工|工人|労働者",
    "casualties": r"casualties|killed|dead|deaths|wounded|losses|zabitych|rannych|gefallene|getötet\w*|morts|muertos|"
    r"погибш\w*|убит\w*|ранен\w*|потер\w*|사상자|사망|전사자|부상|人死伤|人阵亡|人伤亡|人死亡|人が死",
    "shells": r"(?:artillery )?(?:shells|rounds|munitions)|pocisk\w*|granat\w*|obus|proyectiles|снаряд\w*|боеприпас\w*|"
    r"포탄|发炮弹|枚炮弹|炮弹|発の砲弾|砲弾",
    "containers": r"(?:shipping )?containers?|kontener\w*|conteneurs?|contenedores|контейнер\w*|"
    r"컨테이너|个集装箱|集装箱|コンテナ",
    "missiles": r"(?:ballistic |cruise )?missiles?|rakiet\w*|raketen?|missiles?|misiles|mísseis|ракет\w*|"
    r"미사일|枚导弹|导弹|ミサイル",
    "barrels": r"barrels?(?: of (?:oil|refined petroleum))?|baryłek|fässer|barils|barriles|баррел\w*|"
    r"барел\w*|배럴|桶|バレル",
    "tonnes": r"(?:metric )?tonn?e?s|ton|тонн\w*|톤|吨|噸|トン",
    "dollars": r"(?:u\.?s\.? )?dollars|dolarów|dollar|dólares|долларов|доларів|달러|美元|ドル",
    "roubles": r"roubles?|rubles?|rubli|rubel|рубл\w*|루블|卢布|ルーブル",
    "tourists": r"(?:russian )?tourists?|turystów|touristen|touristes|turistas|турист\w*|관광객|游客|名游客|観光客",
    "prisoners": r"prisoners(?: of war)?|pows|jeńców|kriegsgefangene|пленн\w*|полонен\w*|포로|战俘|捕虜",
}
_SCALES = {
    word: scale
    for scale, words in {
        1e3: "k thousand tys tausend mille mil тыс тысяч тис тисяч 천 千",
        1e4: "만 万 萬",
        1e6: "million millions mln millionen millones млн миллионов мільйонів 백만",
        1e8: "억 億 亿",
        1e9: "billion bn mld mrd milliarden milliards млрд",
    }.items()
    for word in words.split()
}
_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_NUMBER = re.compile(
    rf"(?<![A-Za-zА-Яа-яІіЇїЄєҐґ\d.,-])(?P<money>[$€])?(?P<digits>{_DIGITS})\s?\+?-?(?P<scale>(?:{_SCALE})(?![a-zа-яіїєґ]))?\.?"
    rf"(?P<half>\d{{1,4}})?(?P<scale2>천|백)?",
    re.IGNORECASE,
)
_BETWEEN = (
    r"(?:명의?|名|여명|여|개|발|枚|发|人的?|의|de|d['’]|of|more|north korean|dprk|norcorean\w*|nordkoreanisch\w*|"
    r"северокорейск\w*|північнокорейськ\w*|північно-?корейськ\w*|północnokoreańsk\w*|artillery|additional|"
    r"новых|북한군?|朝鲜)?"
)
_UNIT = re.compile("|".join(rf"(?P<{unit}>{words})" for unit, words in UNITS.items()), re.IGNORECASE)
_GAP = re.compile(rf"\s?(?:{_BETWEEN}\s?){{0,3}}", re.IGNORECASE)
_COUNTER = re.compile(r"\s?여?(?:명|발|発|개|個|人|名|枚|톤|トン)")
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``unit`` (one of UNITS)."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:,.0f} {self.unit}"


def find_figures(text: str) -> tuple[Figure, ...]:
    """Numbers with a unit that we know, each once, in order."""
    found: dict[Figure, None] = {}
    for number in _NUMBER.finditer(text):
        unit = "dollars" if number["money"] == "$" else _unit(text, number)
        if unit:
            found[Figure(_value(number), unit)] = None
    return tuple(found)


def find_numbers(text: str) -> frozenset[float]:
    """Numbers that may tell one event from another: no years and nothing up to 12, which are mostly dates."""
    values = (_value(number) for number in _NUMBER.finditer(text))
    return frozenset(value for value in values if value > 12 and value not in YEARS)


def _unit(text: str, number: re.Match[str]) -> str:
    gap = _GAP.match(text, number.end())
    after = _UNIT.match(text, gap.end() if gap else number.end()) or _UNIT.match(text, number.end())
    if after is not None:
        return after.lastgroup or ""
    if _COUNTER.match(text, number.end()):  # Korean and Japanese name the thing before they count it
        before = list(_UNIT.finditer(text, max(0, number.start() - 6), number.start()))
        return (before[-1].lastgroup or "") if before else ""
    return ""


def _value(number: re.Match[str]) -> float:
    digits = number["digits"]
    grouped = re.fullmatch(r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+", digits)
    value = float(re.sub(r"[,. \u00a0\u202f]", "", digits) if grouped else digits.replace(",", "."))
    value *= _SCALES.get((number["scale"] or "").lower(), 1.0)
    if number["scale"] and number["half"]:  # 1만2천, 1만 2000
        value += float(number["half"]) * _SCALES.get(number["scale2"] or "", 1.0)
    return value
