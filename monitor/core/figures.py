"""Figures in a text: numbers with what they count."""

import re
from dataclasses import dataclass
from functools import lru_cache

UNITS: dict[str, str] = {
    "troops": r"troops?|soldiers?|servicemen|fighters|military personnel|żołnierzy|żołnierz[ea]|soldat(?:en)?|soldats|"
    r"militaires|soldados|militares|солдат\w*|военнослужащ\w*|военных|бойц\w*|військовослужбовц\w*|військових|"
    r"북한군|군인|병력|병사|장병|파병|士兵|军人|兵力|部队|派兵|兵士|将兵|(?<=北朝鮮)兵",
    "workers": r"workers|labou?rers|builders|robotników|pracowników|(?:bau)?arbeiter|ouvriers|travailleurs|"
    r"trabajadores|obreros|рабоч\w+|строител\w+|працівник\w*|робітник\w*|노동자|근로자|인력|劳工|工人|労働者|作業員",
    "casualties": r"casualties|killed|dead|deaths|wounded|losses|zabitych|rannych|gefallene|tote|getötet\w*|morts|tués|"
    r"muertos|bajas|погибш\w*|убит\w*|ранен\w*|загибл\w*|поранен\w*|потер\w*|사상자|사망|전사자?|부상자?|"
    r"死伤|阵亡|伤亡|死亡|死傷|戦死|が死",
    "shells": r"(?:artillery )?(?:shells|rounds|munitions)|pocisk\w*(?: artyleryjskich)?|granat\w*|artilleriegeschosse|"
    r"obus|proyectiles|снаряд\w*|боеприпас\w*|боєприпас\w*|포탄|炮弹|砲彈|砲弾",
    "containers": r"(?:shipping )?containers?|kontener\w*|conteneurs?|contenedores|контейнер\w*|"
    r"컨테이너|集装箱|貨櫃|コンテナ",
    "missiles": r"missiles?|rockets?|rakiet\w*|raketen?|misiles|mísseis|ракет\w*|미사일|导弹|飛彈|ミサイル",
    "guns": r"(?:self-propelled )?(?:guns|howitzers)|haubic\w*|armatohaubic\w*|haubitzen|canons|obuses|гаубиц\w*|"
    r"орудий|самохідних гармат|гармат|자주포|곡사포|榴弹炮|自行火炮|自走砲",
    "barrels": r"barrels?|baryłek|fass|fässer|barils|barriles|баррел\w*|барел\w*|배럴|桶|バレル",
    "tonnes": r"(?:metric )?tonn?e?s|ton|tonnen|toneladas|тонн\w*|톤|t(?![a-z])|吨|噸|トン",
    "dollars": r"(?:u\.?s\.? )?dollars?|dolarów|dólares|долларов|доларів|달러|美元|美金|ドル",
    "roubles": r"roubles?|rubles?|rubli|rubel|рубл\w*|루블|卢布|ルーブル",
    "tourists": r"tourists?|holidaymakers|turystów|touristen|touristes|turistas|турист\w*|관광객|游客|遊客|観光客",
    "prisoners": r"prisoners(?: of war)?|pows|jeńców|kriegsgefangene|prisonniers|prisioneros|пленн\w*|"
    r"(?:військово)?полонен\w*|포로|战俘|戰俘|捕虜",
}
_WORDS = {
    1e3: "k thousand thousands tys tysiąc tysiące tysięcy tausend mille mil тыс тысяча тысячи тысяч тысячу "
    "тис тисяч тисячі",
    1e6: "m million millions mln milion miliony milionów millionen millón millones млн миллион миллиона миллионов "
    "мільйон мільйони мільйонів",
    1e9: "bn billion billions mld mrd miliard miliardy miliardów milliarde milliarden milliard milliards млрд миллиард "
    "миллиарда миллиардов мільярд мільярдів",
}
_SCALES = {word: scale for scale, words in _WORDS.items() for word in words.split()}
_SMALL = {"백": 1e2, "百": 1e2, "천": 1e3, "千": 1e3}
_LARGE = {"만": 1e4, "万": 1e4, "萬": 1e4, "억": 1e8, "億": 1e8, "亿": 1e8}
_ALONE = "тысяча тысячу тисяча tysiąc mille миллион мільйон milion миллиард мільярд miliard".split()
_COUNTED = {
    word: value
    for value, words in enumerate(
        (
            "a an one один одна одну ein eine un une jeden",
            "two две два dwa dwie zwei deux dos дві",
            "three три trzy drei trois tres",
            "four четыре cztery vier quatre cuatro чотири",
            "five пять pięć fünf cinq cinco п'ять",
            "six шесть sześć sechs seis шість",
            "seven семь siedem sieben sept siete сім",
            "eight восемь osiem acht huit ocho вісім",
            "nine девять dziewięć neun neuf nueve дев'ять",
            "ten десять dziesięć zehn dix diez",
            "eleven",
            "twelve двенадцать dwanaście zwölf douze doce дванадцять",
        ),
        start=1,
    )
    for word in words.split()
}

_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_SIGN = "[백百천千만万萬억億亿]"
_LATIN = "A-Za-zÀ-ɏЀ-ӿ"
# Signs of ten thousands and more: 1만2천, 3천400만, 1万2000.
_SIGNED = re.compile(rf"(?<![\d.,])(?P<money>[$€])?(?P<parts>(?:(?:{_DIGITS})\s?여?{_SIGN}+\s?)+(?:\d[\d,]*)?)")
_PART = re.compile(rf"({_DIGITS})?\s?여?({_SIGN})?")
_NUMBER = re.compile(
    rf"(?<![{_LATIN}\d.,-])(?:us)?(?P<money>[$€])?\s?(?P<digits>{_DIGITS})(?:[\s-]?(?P<scale>{_SCALE})(?![{_LATIN}]))?\.?"
    rf"|(?<![{_LATIN}])(?P<count>{'|'.join(map(re.escape, _COUNTED))})\s(?P<word>{_SCALE})(?![{_LATIN}])"
    rf"|(?<![{_LATIN}])(?P<alone>{'|'.join(_ALONE)})(?![{_LATIN}])",
    re.IGNORECASE,
)
_KOREAN = r"[\w’'-]*(?:korea|corea|coré|корей|корій)[\w’'-]*|dprk|кндр|kndr|krld|朝鲜|朝鮮|北朝鮮|북한|北"
_WHICH = (
    r"north|nord|północno-?|of|more|additional|new|elite|kim(?:['’]s)?|de|d['’]|ballistic|cruise|artillery|long-range|"
    r"self-propelled|shipping|russian|russische|russes|rusos|rosyjskich|kn-?\d+|rouge|новых|самоходн\w+|баллистическ\w+|артиллерийск\w+|балистичн\w+|"
    r"balistycznych|artyleryjskich|ballistische|российск\w+|kolejnych"
)
_COUNTER = r"\s?(?:여|余|多|餘|余り)?\s?(?:명|개|발|문|대|척|기|名|人|个|個|枚|发|發|発|门|門|辆|艘)?(?:의|인|の|的)?"
_GAP = re.compile(
    rf"\s?\+?-?{_COUNTER}(?:\s?(?:{_KOREAN}|{_WHICH})(?:\s|(?=\W)|(?<=[\u4e00-\u9fff])))*\s?", re.IGNORECASE
)
_UNIT = re.compile("|".join(rf"(?P<{unit}>(?:{words})(?![a-zA-Z]))" for unit, words in UNITS.items()), re.IGNORECASE)
_COUNTS = re.compile(r"\s?(?:여|余|多)?\s?(?:명|발|発|发|개|個|个|人|名|枚|문|門|톤|トン|吨|t(?![a-z]))")
_FELL = re.compile(
    r"[\w\s’'-]{0,20}?\b(?:killed|dead|died|wounded|injured|погиб\w*|убит\w*|ранен\w*|загин\w*|zgin\w+|zabit\w+|poleg\w+|"
    r"tués|morts|getötet|gefallen|starben|muertos|murieron)|[가-힣\s]{0,4}(?:전사|사망|숨[졌져진]|부상)|(?:阵亡|死亡|伤亡|が死|戦死)",
    re.IGNORECASE,
)
_BEFORE = 8  # characters between a thing and its number, where the thing comes first
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``unit`` (one of UNITS)."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:,.0f} {self.unit}"


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    money: bool
    start: int
    end: int


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """Numbers with a unit that we know, each once, in order."""
    found: dict[Figure, None] = {}
    for number in _numbers(text):
        unit = "dollars" if number.money else _unit(text, number)
        if unit:
            found[Figure(number.value, unit)] = None
    return tuple(found)


def find_numbers(text: str) -> frozenset[float]:
    """Numbers that may tell one event from another: no years and nothing up to 12, which are mostly dates."""
    return frozenset(n.value for n in _numbers(text) if n.value > 12 and n.value not in YEARS)


def _numbers(text: str) -> list[_Number]:
    """Every number, in order; those with signs such as 만 first take what is theirs."""
    signed = [
        _Number(
            _signed_value(found["parts"]), found["money"] == "$", found.start(), found.start() + len(found[0].rstrip())
        )
        for found in _SIGNED.finditer(text)
    ]
    taken = {at for number in signed for at in range(number.start, number.end)}
    plain = [
        _Number(_plain_value(found), found["money"] == "$", found.start(), found.end())
        for found in _NUMBER.finditer(text)
        if found.start() not in taken
    ]
    return sorted([*signed, *plain], key=lambda number: number.start)


def _signed_value(parts: str) -> float:
    total = section = 0.0
    pending: float | None = None
    for digits, sign in _PART.findall(parts):
        if digits:
            section += pending or 0.0
            pending = _digits_value(digits)
        if sign in _SMALL:
            pending = (1.0 if pending is None else pending) * _SMALL[sign]
        elif sign in _LARGE:
            total += (section + (pending or 0.0)) * _LARGE[sign]
            section, pending = 0.0, None
    return total + section + (pending or 0.0)


def _plain_value(number: re.Match[str]) -> float:
    if number["alone"]:
        return _SCALES[number["alone"].lower()]
    if number["word"]:
        return _COUNTED[number["count"].lower()] * _SCALES[number["word"].lower()]
    return _digits_value(number["digits"]) * _SCALES.get((number["scale"] or "").lower(), 1.0)


def _digits_value(digits: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+", digits)
    return float(re.sub(r"[,. \u00a0\u202f]", "", digits) if grouped else digits.replace(",", "."))


def _unit(text: str, number: _Number) -> str:
    gap = _GAP.match(text, number.end)
    after = (_UNIT.match(text, gap.end()) if gap else None) or _UNIT.match(text, number.end)
    if after is not None:
        unit = after.lastgroup or ""
        return "casualties" if unit == "troops" and _FELL.match(text, after.end()) else unit
    if _COUNTS.match(text, number.end):  # Korean and Japanese name the thing before they count it
        before = list(_UNIT.finditer(text, max(0, number.start - _BEFORE), number.start))
        return (before[-1].lastgroup or "") if before else ""
    return ""
