"""The gist of a title in a language that the reader may not read: names, events, figures and dates, in English."""

import re

from monitor.core.figures import find_figures
from monitor.core.names import find_concepts

GLOSSED = ("ko", "ja", "zh", "ru", "uk", "pl")
LONGEST = 7  # concepts of a kind
_PARTIES = {"North Korea", "Russia"}
_EMPTY = {"again", "experts", "first time", "photo"}  # they help to compare texts, and tell a reader nothing

_MONTHS = {
    month: names.split()
    for month, names in {
        "Jan": "января січня stycznia",
        "Feb": "февраля лютого lutego",
        "Mar": "марта березня marca",
        "Apr": "апреля квітня kwietnia",
        "May": "мая травня maja",
        "Jun": "июня червня czerwca",
        "Jul": "июля липня lipca",
        "Aug": "августа серпня sierpnia",
        "Sep": "сентября вересня września",
        "Oct": "октября жовтня października",
        "Nov": "ноября листопада listopada",
        "Dec": "декабря грудня grudnia",
    }.items()
}
_MONTH_OF = {name: month for month, names in _MONTHS.items() for name in names}
_DATE = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s(?P<name>{'|'.join(_MONTH_OF)})\b"
    r"|(?<!\d)(?P<month>1[0-2]|0?[1-9])\s?[월月]\s?(?P<day2>\d{1,2})\s?[일日]",
    re.IGNORECASE,
)


def gloss(title: str, language: str, *, theme: str = "") -> str:
    """``title`` in concepts: who, what, where, how many, when; ``theme`` (its title) where little else is understood.

    Empty for a language that is not glossed, and where nothing is understood and no theme is given.
    """
    if language not in GLOSSED:
        return ""
    found = list(dict.fromkeys(find_concepts(title)))
    who = [c for c in found if c.kind in {"person", "body"}]
    what = [c for c in found if c.kind in {"event", "arms"} and c.name not in _EMPTY]
    where = [c for c in found if c.kind == "place"]
    telling = [c for c in where if c.name not in _PARTIES]
    parties = who if len(who) > 1 else [*who, *(c for c in where if c.name in _PARTIES)]
    vague = not what or len(who) + len(what) + len(telling) < 2
    if vague and not theme:
        return ""
    parts = [
        ", ".join(c.name for c in parties[:LONGEST]),
        ", ".join(c.name for c in what[:LONGEST]),
        ", ".join(c.name for c in telling[:LONGEST]),
        ", ".join(map(str, find_figures(title))),
        ", ".join(_dates(title)),
        theme if vague else "",
    ]
    return " · ".join(part for part in parts if part)


def _dates(title: str) -> list[str]:
    found = []
    for date in _DATE.finditer(title):
        month = _MONTH_OF[date["name"].lower()] if date["name"] else list(_MONTHS)[int(date["month"]) - 1]
        found.append(f"{int(date['day'] or date['day2'])} {month}")
    return found
