"""Dates as feeds write them, and as their parsers misread them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import dateparser

OLDEST = datetime(1995, 1, 1, tzinfo=UTC)  # nothing was in a feed before; such dates are a clock that was never set
LONGEST = 100

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_HOURS = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "eet": 2, "eest": 3, "msk": 3, "msd": 4, "trt": 3, "gst": 4, "pkt": 5, "ict": 7, "wib": 7, "hkt": 8, "sgt": 8,
    "pht": 8, "awst": 8, "kst": 9, "jst": 9, "aest": 10, "vlat": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "ast": -4, "brt": -3, "art": -3,
}  # fmt: skip
_HOURS_IN = {("cst", "CN"): 8, ("cst", "TW"): 8, ("ist", "IN"): 5.5, ("ist", "IE"): 1, ("ist", "IL"): 2}
_ZONES = {
    "KR": "Asia/Seoul", "KP": "Asia/Pyongyang", "JP": "Asia/Tokyo", "CN": "Asia/Shanghai", "TW": "Asia/Taipei",
    "HK": "Asia/Hong_Kong", "SG": "Asia/Singapore", "VN": "Asia/Ho_Chi_Minh", "IN": "Asia/Kolkata",
    "RU": "Europe/Moscow", "BY": "Europe/Minsk", "UA": "Europe/Kyiv", "PL": "Europe/Warsaw", "DE": "Europe/Berlin",
    "FR": "Europe/Paris", "IT": "Europe/Rome", "ES": "Europe/Madrid", "GB": "Europe/London", "TR": "Europe/Istanbul",
}  # fmt: skip
_MONTH_FIRST = {"US", "PH"}  # 06/07 is June the seventh
_MAIL = re.compile(  # RFC 5322 and what became of it: "Thu,28 Jul 2022 4:35:5 GMT+9", "24-May-06 14:04 CEST"
    r"(?:[a-z]{2,9}\.?,?\s*)?(?P<day>\d{1,2})[\s-]{1,3}(?P<month>[a-z]{3,9})\.?,?[\s-]{1,3}(?P<year>\d{4}|\d{2})"
    r"(?:[\s,T]{1,3}(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d{1,9})?)?"
    r"\s{0,3}(?P<half>[ap]\.?m\.?(?![a-z]))?\s{0,3}(?P<zone>.{0,40}))?",
    re.IGNORECASE | re.ASCII,
)
_YEAR_FIRST = re.compile(  # ISO 8601 and East Asian: "2024-06-19 15:20", "2024.6.19.", "2024년 6월 19일 오후 3:20"
    r"(?P<year>(?:19|20)\d\d)\s{0,2}[-./년年]\s{0,2}(?P<month>\d{1,2})\s{0,2}[-./월月]\s{0,2}(?P<day>\d{1,2})"
    r"\s{0,2}[일日.]?(?:\s{0,2}\(?[월화수목금토일月火水木金土]\)?(?:曜日|요일)?)?"
    r"(?:[\sT,]{0,3}(?P<half>오전|오후|午前|午後|上午|下午)?\s{0,2}(?P<hour>\d{1,2})\s?[:시時时点點]\s?"
    r"(?:(?P<minute>\d{1,2})[분分]?(?:[:\s]?(?P<second>\d{1,2})[초秒]?(?:[.,]\d{1,9})?)?)?\s{0,3}(?P<zone>.{0,40}))?"
)
_JUCHE = re.compile(r"주체\s?\d{2,3}\s?\(((?:19|20)\d\d)\)\s?년")  # North Korean media count from 1912
_MOSCOW = re.compile(r"\s?\(?мск\)?$", re.IGNORECASE)
_OFFSET = re.compile(r"(?:gmt|utc|ut)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}?):?(?P<minutes>\d\d)?(?:\s?\(.{0,30}\))?")
_AFTERNOON = {"오후", "午後", "下午", "pm"}
_MORNING = {"오전", "午前", "上午", "am"}


def read_date(text: str, *, parsed: datetime | None, now: datetime, language: str, country: str) -> datetime | None:
    """The moment that a feed's ``text`` stands for, in UTC, or None when it cannot be read.

    ``parsed`` is what the feed parser made of it: believed where our own readings say nothing, for it misreads
    some forms (``GMT+9``, ``-800``, ``CEST``). A time without a zone is local time where ``country`` (ISO 3166)
    has one zone. Dates before 1995 count as unreadable.
    """
    text = _MOSCOW.sub(" +0300", _JUCHE.sub(r"\1년", " ".join(text.split())[:LONGEST]))
    moment = _read_mail(text, country) or _read_year_first(text, country) or parsed or _read_epoch(text)
    if moment is None and any(letter.isdigit() for letter in text):
        moment = _read_any(text, language=language, country=country, now=now)
    return moment if moment is not None and moment >= OLDEST else None


def _read_mail(text: str, country: str) -> datetime | None:
    found = _MAIL.fullmatch(text)
    month = _MONTHS.get(found["month"][:3].lower()) if found else None
    if found is None or month is None:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 70 else 1900
    return _moment(found, year=year, month=month, country=country)


def _read_year_first(text: str, country: str) -> datetime | None:
    found = _YEAR_FIRST.fullmatch(text)
    return _moment(found, year=int(found["year"]), month=int(found["month"]), country=country) if found else None


def _read_epoch(text: str) -> datetime | None:
    seconds = text.isascii() and text.isdigit() and len(text) in {10, 13}
    return datetime.fromtimestamp(int(text[:10]), UTC) if seconds else None


def _moment(found: re.Match[str], *, year: int, month: int, country: str) -> datetime | None:
    zone = _zone(found["zone"] or "", country)
    if zone is None:
        return None
    hour, half = int(found["hour"] or 0), (found["half"] or "").lower().replace(".", "")
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    second = min(int(found["second"] or 0), 59)  # leap seconds are not worth an exception
    try:
        # 24:00 is a legal way to write the end of a day
        local = datetime(year, month, int(found["day"]), hour % 24, int(found["minute"] or 0), second, tzinfo=zone)
        return (local + timedelta(days=hour // 24)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str, country: str) -> tzinfo | None:
    """The zone that ``text`` names, that of the country when it is empty, None when it is not understood."""
    text = text.strip().lower()
    if not text:
        return local_zone(country)
    if found := _OFFSET.fullmatch(text):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes)) if minutes < 24 * 60 else None
    name = text.strip("()").split(" ")[0]
    hours = _HOURS_IN.get((name, country.upper()), _HOURS.get(name))
    return timezone(timedelta(hours=hours)) if hours is not None else None


def local_zone(country: str) -> tzinfo:
    """The zone of a country that has one (or one that its press goes by), else UTC."""
    name = _ZONES.get(country.upper())
    return ZoneInfo(name) if name else UTC


@lru_cache(maxsize=4096)
def _read_any(text: str, *, language: str, country: str, now: datetime) -> datetime | None:
    """Whatever dateparser can make of it, in the feed's language, English, or the languages whose forms we met."""
    languages = list(dict.fromkeys([language, "en", "pt", "ru", "es", "fr", "de", "ko", "ja", "zh"]))
    settings = {
        "RELATIVE_BASE": now.replace(tzinfo=None),
        "REQUIRE_PARTS": ["year", "month", "day"],
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "MDY" if country.upper() in _MONTH_FIRST else "DMY",
    }
    for known in (languages, languages[1:]):
        try:
            found = dateparser.parse(text, languages=known, settings=settings)
            if found is not None:
                aware: datetime = found if found.tzinfo is not None else found.replace(tzinfo=local_zone(country))
                return aware.astimezone(UTC)
        except (ValueError, OverflowError, TypeError):  # a language that dateparser does not know, or the year 1
            continue
    return None
