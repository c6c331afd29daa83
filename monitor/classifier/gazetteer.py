"""Names and topics as concepts, whatever the language: the gazetteer that is frozen into every model.

The data (``names.toml``, ``topics.toml``, ``links.toml``) says how a concept is written. Words with borders are matched
token by token through a trie, with ``*`` for endings; Korean, Chinese and Japanese by the longest substring.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

FILES = ("names.toml", "topics.toml", "links.toml")
READERS = ("gazetteer.py", "features.py")  # a model trained with other code than ours would misread texts
HANGUL, KANA, HAN = "가-힣", "぀-ヿ", "㐀-鿿々"
TOKEN = re.compile(rf"[{HANGUL}]+|[{KANA}{HAN}]+|[^\W\d_{HANGUL}{KANA}{HAN}]+|\d+|[^\w\s]")
CJK = re.compile(rf"[{HANGUL}{KANA}{HAN}]+")
HAS_HANGUL, HAS_KANA = re.compile(f"[{HANGUL}]"), re.compile(f"[{KANA}]")
CAPITALS = re.compile(r"\b(?:US|UN|UNO|NK|ROK)\b")
EXPANDED = {"US": "u.s.", "UN": "u.n.", "UNO": "u.n.", "NK": "nk", "ROK": "s. korea"}
# "북·러" is one word of short names; "김 위원장" is one name.
SHORT_NAMES = re.compile(r"(?<=[북러중미한일남조])[·ㆍ・‧\-/∙](?=[북러중미한일남조])")
TITLED = re.compile(r"(?<![가-힣])([김윤이문박푸]) (위원장|대통령)")
# Where a report was filed says nothing on what it is about: "(서울=연합뉴스) 홍길동 기자 =", "МОСКВА, 3 июня. /ТАСС/.",
# "SEOUL, June 3 (Yonhap) --". The agency is kept.
AGENCIES = (
    "KCNA|Yonhap|Reuters|AP|AFP|UPI|Kyodo|TASS|dpa|EFE|Xinhua|CNN|Bloomberg|Interfax|PAP|ANSA|Korea Times|UrduPoint.*?"
)
DATELINE = re.compile(
    r"^\s*(?:\(([^()=]{1,20})=([^()=]{1,12})\)(?:[가-힣·\s]{2,24}(?:기자|특파원)\s*=)?"
    rf"|[A-Z][\w.,'/ -]{{2,50}}\(({AGENCIES})\)\s*(?:--?|[—–:])"
    r"|[А-ЯЁ-]{3,}[^.—]{0,20}[./—\s-]+(ТАСС|РИА Новости|Интерфакс)[./\s]+)"
)
PARTICLES = frozenset(
    "이 가 은 는 을 를 의 에 와 과 도 로 으로 에서 에게 서 선 측 만 엔 군 발 행 산 간 까지 보다 한테 이나 라 인 "
    "파병 제재 매체 대사 외무 외교 정상 관계 핵 미사일 주민 병사 무기 도발 위협".split()
) | {""}
SENTENCE_END = frozenset(".!?。！？;；…")
MEMO = 200_000  # words whose reading is remembered; beyond, memory would grow with the stream


class Unit(NamedTuple):
    """One piece of a text. ``kind``: name, pair, topic, link, word, han (no word borders), mark, end (of a sentence).

    ``value`` is the concept, or the text itself; ``surface`` the text as it stood there.
    """

    kind: str
    value: str
    surface: str


class Reading(NamedTuple):
    """What one pattern stands for."""

    names: tuple[str, ...]
    topic: str
    link: str


@dataclass(slots=True)
class _Node:
    following: dict[int, "_Node"] = field(default_factory=dict)
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: str
    anchor: str
    not_before: str
    reading: Reading


class Gazetteer:
    """All concepts, ready to read texts. Immutable but for its memory of words."""

    def __init__(self, concepts: dict[str, dict[str, dict[str, str]]], digest: str) -> None:
        """``concepts``: kind of file ("names", "topics", "links") -> concept -> language -> patterns."""
        self.digest = digest
        self.sides = {name: entry["side"] for name, entry in concepts["names"].items() if "+" not in name}
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._root = _Node()
        self._cjk: dict[str, dict[str, list[_Pattern]]] = {"ko": {}, "ja": {}, "zh": {}}
        self._pieces: dict[str, tuple[int, ...]] = {}
        self._korean: dict[str, tuple[Unit, ...]] = {}
        for (language, pattern), reading in _merged(concepts).items():
            self._add(language, pattern, reading)
        for table in self._cjk.values():
            for patterns in table.values():
                patterns.sort(key=lambda p: (-len(p.text), p.anchor, p.text))

    def _add(self, language: str, pattern: str, reading: Reading) -> None:
        bare, _, not_before = pattern.partition("!")
        anchor, bare = (bare[0], bare[1:]) if bare[0] in "^=" else ("", bare)
        if CJK.fullmatch(bare):
            if (
                not anchor
                and HAS_HANGUL.match(bare)
                and (len(bare) == 1 or (len(bare) == 2 and len(reading.names) > 1))
            ):
                anchor = "=" if len(bare) == 1 else "^"
            made = _Pattern(bare, anchor, not_before, reading)
            for table in (language,) if language != "ja" else ("ja", "zh"):
                known = self._cjk[table].setdefault(bare[0], [])
                if all((p.text, p.anchor) != (bare, anchor) for p in known):
                    known.append(made)
            return
        node = self._root
        for token in _pattern_tokens(bare):
            table_ = self._stems if token.endswith("*") else self._exact
            piece = table_.setdefault(token.rstrip("*"), len(self._stems) + len(self._exact) + 1)
            node = node.following.setdefault(piece, _Node())
        node.reading = node.reading or reading

    def read(self, text: str) -> list[Unit]:
        """The text as units, in order. Never fails, whatever the text."""
        text = DATELINE.sub(_agency, text)
        text = CAPITALS.sub(lambda found: EXPANDED[found[0]], text)
        text = unicodedata.normalize("NFKC", text).lower()
        korean = HAS_HANGUL.search(text) is not None
        if korean:
            text = TITLED.sub(r"\1\2", SHORT_NAMES.sub("", text))
        table = self._cjk["ko" if korean else "ja" if HAS_KANA.search(text) else "zh"]
        tokens = TOKEN.findall(text)
        pieces = [self._pieces.get(token) or self._look_up(token) for token in tokens]
        units: list[Unit] = []
        at, count = 0, len(tokens)
        while at < count:
            if pieces[at][0]:
                end, reading = self._longest(pieces, at)
                if reading is not None:
                    _emit(units, reading, " ".join(tokens[at:end]))
                    at = end
                    continue
            token = tokens[at]
            first = token[0]
            if first >= "぀" and CJK.match(token):
                units.extend(self._read_hangul(token, table) if first >= "가" else self._scan(token, table))
            elif token.isalnum():
                units.append(Unit("word", token if not token.isdigit() else "0", token))
            elif token in SENTENCE_END and (token != "." or not at or len(tokens[at - 1]) > 2):  # noqa: S105
                units.append(Unit("end", token, token))
            else:
                units.append(Unit("mark", token, token))
            at += 1
        return units

    def _look_up(self, token: str) -> tuple[int, ...]:
        if len(self._pieces) >= MEMO:
            self._pieces.clear()
        found = [self._exact[token]] if token in self._exact else []
        found.extend(self._stems[token[:size]] for size in range(len(token), 0, -1) if token[:size] in self._stems)
        # 0 stands for "in no pattern", so that the tuple is never empty and can be tested by its first element
        self._pieces[token] = tuple(found) or (0,)
        return self._pieces[token]

    def _longest(self, pieces: list[tuple[int, ...]], start: int) -> tuple[int, Reading | None]:
        best_end, best = start, None
        open_ = [(self._root, start)]
        while open_:
            node, at = open_.pop()
            if node.reading is not None and at > best_end:
                best_end, best = at, node.reading
            if at < len(pieces) and node.following:
                # reversed: an exact word is tried before a stem, and the longer stem before the shorter
                open_.extend(
                    (node.following[piece], at + 1) for piece in reversed(pieces[at]) if piece in node.following
                )
        return best_end, best

    def _read_hangul(self, token: str, table: dict[str, list[_Pattern]]) -> tuple[Unit, ...]:
        known = self._korean.get(token)
        if known is None:
            if len(self._korean) >= MEMO:
                self._korean.clear()
            units = self._scan(token, table)
            named = any(unit.kind in {"name", "topic"} for unit in units)
            known = tuple(units) if named else (Unit("word", token, token),)
            self._korean[token] = known
        return known

    def _scan(self, run: str, table: dict[str, list[_Pattern]]) -> list[Unit]:
        units: list[Unit] = []
        at = rest = 0
        while at < len(run):
            for pattern in table.get(run[at], ()):
                end = at + len(pattern.text)
                if run.startswith(pattern.text, at) and _stands(pattern, run, at, end):
                    if rest < at:
                        units.append(Unit("han", run[rest:at], run[rest:at]))
                    _emit(units, pattern.reading, run[at:end])
                    at = rest = end
                    break
            else:
                at += 1
        if rest < len(run):
            units.append(Unit("han", run[rest:], run[rest:]))
        return units


def _agency(dateline: re.Match[str]) -> str:
    return f"({dateline[2] or dateline[3] or dateline[4]}) "


def _stands(pattern: _Pattern, run: str, at: int, end: int) -> bool:
    if pattern.not_before and run[end : end + 1] and run[end] in pattern.not_before:
        return False
    if not pattern.anchor:
        return True
    return at == 0 and (pattern.anchor == "^" or run[end:] in PARTICLES)


def _emit(units: list[Unit], reading: Reading, surface: str) -> None:
    units.extend(Unit("name", name, surface) for name in reading.names)
    if len(reading.names) > 1:
        units.append(Unit("pair", "+".join(reading.names), surface))
    if reading.topic:
        units.append(Unit("topic", reading.topic, surface))
    elif reading.link:
        units.append(Unit("link", reading.link, surface))
    elif not reading.names:
        units.append(Unit("word", surface, surface))


def _pattern_tokens(pattern: str) -> list[str]:
    """Tokens as in texts, with the ``*`` kept on the token that it ends."""
    tokens: list[str] = []
    for found in TOKEN.findall(pattern):
        if found == "*" and tokens:
            tokens[-1] += found
        else:
            tokens.append(found)
    return tokens


def _merged(concepts: dict[str, dict[str, dict[str, str]]]) -> dict[tuple[str, str], Reading]:
    """(language, pattern) -> what it stands for. A pattern may be a name and a topic at once (访俄)."""
    found: dict[tuple[str, str], Reading] = {}
    for kind, entries in concepts.items():
        for concept, entry in entries.items():
            for key in ((language, p) for language, text in entry.items() if language != "side" for p in _split(text)):
                names, topic, link = found.get(key, Reading((), "", ""))
                if kind == "names" and not names and key not in found:
                    names = () if concept == "NONE" else tuple(concept.split("+"))
                topic = concept if kind == "topics" and not topic else topic
                link = concept if kind == "links" and not topic and not names else link
                found[key] = Reading(names, topic, link)
    return _with_hidden_names(found)


def _with_hidden_names(found: dict[tuple[str, str], Reading]) -> dict[tuple[str, str], Reading]:
    """A topic's pattern without word borders may hold a name (북한군 holds 북한): it then stands for both."""
    names = {key: reading.names for key, reading in found.items() if reading.names and "+" not in key[1]}
    for (language, pattern), reading in found.items():
        if reading.topic and not reading.names and CJK.fullmatch(pattern):
            held = [
                pattern[start:end]
                for start in range(len(pattern))
                for end in range(len(pattern), start, -1)
                if (language, pattern[start:end]) in names
            ]
            if held:
                longest = max(held, key=len)
                found[language, pattern] = reading._replace(names=names[language, longest])
    return found


def _split(text: str) -> Iterator[str]:
    return (part.strip().lower() for part in text.split("|") if part.strip())


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this version of the product."""
    texts = {name: resources.files(__package__).joinpath(name).read_bytes() for name in FILES}
    code = [resources.files(__package__).joinpath(name).read_bytes() for name in READERS]
    digest = hashlib.sha256(b"\0".join([*texts.values(), *code])).hexdigest()[:16]
    loaded: dict[str, Any] = {name.removesuffix(".toml"): tomllib.loads(text.decode()) for name, text in texts.items()}
    return Gazetteer(loaded, digest)
