"""Kinds of values in the config, each with a message that says how to mend it."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from croniter import croniter
from pydantic import AfterValidator, BeforeValidator

from monitor.core.theme import THEME_IDS

LANGUAGES = frozenset(
    "aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cs cv cy da de dv dz ee el en eo es et eu "
    "fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi hr ht hu hy id ig ii is it iu ja jv ka kg kk kl km kn ko ks ku kv "
    "kw ky la lb lg ln lo lt lv mg mh mi mk ml mn mr ms mt my nb ne nl nn no nv ny oc om or os pa pl ps pt qu rm rn ro "
    "ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz "
    "ve vi wo xh yi yo za zh zu und".split()
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MIN_RETENTION = timedelta(days=35)  # novelty and trends look back 30 days, and a digest may be late


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`` (did you mean x?)`` when something close is known, else nothing."""
    close = get_close_matches(str(word), sorted(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    parts = re.fullmatch(r"(\d{1,6})([smhdw])", str(value).strip())
    if parts is None:
        raise ValueError(f"{value!r} is not a time span; write a number and a unit: 30m, 6h or 90d")
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def _retention(value: Any) -> timedelta | None:
    if value is None or str(value).strip() == "never":
        return None
    found = _duration(value)
    if found < MIN_RETENTION:
        raise ValueError(f"{value!r} is too short: digests look back 30 days; write at least 35d, or never")
    return found


def _language(value: str) -> str:
    if value not in LANGUAGES:
        names = {"kr": "ko", "kp": "ko", "jp": "ja", "cn": "zh", "ua": "uk"}
        hint = f" (did you mean {names[value]}?)" if value in names else did_you_mean(value, LANGUAGES)
        raise ValueError(f"{value!r} is not a two-letter language code such as en, ko, ru{hint}")
    return value


def _theme(value: str) -> str:
    if value not in THEME_IDS:
        raise ValueError(f"{value!r} is not a theme{did_you_mean(value, THEME_IDS)}")
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in value)
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{value!r} is not an http or https address")
    if parts.username or parts.password:
        raise ValueError("the address holds a user name or password; secrets do not belong in the config")
    return value


def _cron(value: str) -> str:
    if len(value.split()) != 5 or not croniter.is_valid(value):
        raise ValueError(
            f"{value!r} is not a cron line of five fields: minute hour day month weekday, such as 0 8 * * *"
        )
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        hint = did_you_mean(value, available_timezones())
        raise ValueError(f"{value!r} is not a time zone such as Europe/Warsaw or Asia/Seoul{hint}")
    return ZoneInfo(value).key


def _channel(value: str) -> str:
    if not re.fullmatch(r"#[^\s#,A-Z]{1,80}|[CGD][A-Z0-9]{6,}", value):
        raise ValueError(f"{value!r} is not a Slack channel; write #name (lower case) or its id (C0123456789)")
    return value


def _user_group(value: str) -> str:
    if not re.fullmatch(r"S[A-Z0-9]{6,}", value):
        raise ValueError(f"{value!r} is not the id of a Slack user group (S0123456789: under its ⋮, Copy group ID)")
    return value


def _user(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]{6,}", value):
        raise ValueError(f"{value!r} is not the id of a Slack user (U0123456789: in the profile, under ⋮)")
    return value


def _quiet(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    clock = r"([01]?\d|2[0-3]):([0-5]\d)"
    parts = re.fullmatch(rf"{clock}\s*[-–]\s*{clock}", value.strip())
    if parts is None:
        raise ValueError(f"{value!r} is not a time of day from-to, such as 22:00-07:00")
    start, end = time(int(parts[1]), int(parts[2])), time(int(parts[3]), int(parts[4]))
    if start == end:
        raise ValueError(f"{value!r} begins when it ends; to stop alerts altogether say enabled: false")
    return start, end


def _weekday(value: Any) -> int:
    if value not in _WEEKDAYS:
        raise ValueError(f"{value!r} is not a day of the week: {', '.join(_WEEKDAYS)}{did_you_mean(value, _WEEKDAYS)}")
    return _WEEKDAYS.index(value)


def _translator(value: str) -> str:
    if value and "{url}" not in value:
        raise ValueError(f"{value!r} has no {{url}} in it: that is where the article's address goes")
    if value:
        _url(value.replace("{url}", "x"))
    return value


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise ValueError(f"{value!r} is not an id; use lower-case letters, digits, - and _")
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError(f"{value!r} is not a country code of two capital letters such as KR (UN and EU are fine too)")
    return value


def _line(value: str) -> str:
    hidden = next((char for char in value if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}), "")
    if hidden:
        raise ValueError(f"{value!r} holds a control character (U+{ord(hidden):04X}); write it on one line, without")
    return value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _shards(value: object) -> object:
    if value == "auto":
        return None
    if type(value) is int and 1 <= value <= 32:
        return value
    raise ValueError("must be auto, or a number from 1 to 32")


Retention = Annotated[timedelta | None, BeforeValidator(_retention)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Language = Annotated[str, AfterValidator(_language)]
ThemeId = Annotated[str, AfterValidator(_theme)]
Url = Annotated[str, AfterValidator(_url)]
Cron = Annotated[str, AfterValidator(_cron)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Channel = Annotated[str, AfterValidator(_channel)]
Channels = Annotated[tuple[Channel, ...], BeforeValidator(_several)]
UserGroups = Annotated[tuple[Annotated[str, AfterValidator(_user_group)], ...], BeforeValidator(_several)]
Users = Annotated[tuple[Annotated[str, AfterValidator(_user)], ...], BeforeValidator(_several)]
Quiet = Annotated[tuple[time, time], BeforeValidator(_quiet)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(_several)]
Translator = Annotated[str, AfterValidator(_translator)]
Shards = Annotated[int | None, BeforeValidator(_shards)]
Id = Annotated[str, AfterValidator(_id)]
Country = Annotated[str, AfterValidator(_country)]
Languages = Annotated[tuple[Language, ...], BeforeValidator(_several)]
ThemeIds = Annotated[tuple[ThemeId, ...], BeforeValidator(_several)]
Line = Annotated[str, AfterValidator(_line)]
Words = Annotated[tuple[Line, ...], BeforeValidator(_several)]
