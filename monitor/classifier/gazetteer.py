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
MEMO = 100_000  # words that are remembered; beyond, memory would grow with the stream


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


class _Word(NamedTuple):
    """What a token is, whatever stands around it. ``units``: what it gives alone (none: to be scanned, run by run).

    ``pieces``: its numbers in patterns. ``open``: where patterns of more than one token go on from it.
    """

    units: tuple[Unit, ...]
    pieces: tuple[int, ...]
    open: tuple[_Node, ...]


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
        self._words: dict[str, _Word] = {}
        for (language, pattern), reading in _merged(concepts).items():
            self._add(language, pattern, reading)
        for table in self._cjk.values():
            for patterns in table.values():
                patterns.sort(key=lambda p: (-len(p.text), p.anchor, p.text))
        self._longest_stem = max(map(len, self._stems), default=0)

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
        known = self._words
        words = [known.get(token) or self._look_up(token) for token in tokens]
        units: list[Unit] = []
        at, count = 0, len(tokens)
        while at < count:
            word, token = words[at], tokens[at]
            if word.open and at + 1 < count and words[at + 1].pieces and (found := _longest(words, at)):
                end, reading = found
                units.extend(_read_as(reading, " ".join(tokens[at:end])))
                at = end
                continue
            if token == "." and at and len(tokens[at - 1]) <= 2:  # noqa: S105  (an abbreviation, or a number)
                units.append(Unit("mark", token, token))
            else:
                units.extend(word.units or self._scan(token, table))
            at += 1
        return units

    def _look_up(self, token: str) -> _Word:
        if len(self._words) >= MEMO:
            self._words.clear()
        # An exact word is tried before a stem, and the longer stem before the shorter.
        pieces = [self._exact[token]] if token in self._exact else []
        sizes = range(min(len(token), self._longest_stem), 0, -1)
        pieces.extend(piece for size in sizes if (piece := self._stems.get(token[:size])))
        nodes = [self._root.following[piece] for piece in pieces if piece in self._root.following]
        reading = next((node.reading for node in nodes if node.reading), None)
        self._words[token] = word = _Word(
            tuple(_read_as(reading, token)) if reading else self._units_of(token),
            tuple(pieces),
            tuple(node for node in nodes if node.following),
        )
        return word

    def _units_of(self, token: str) -> tuple[Unit, ...]:
        """What a token gives that no pattern holds alone; () for a run without word borders, which is never a word."""
        first = token[0]
        if first >= "぀" and CJK.match(token):
            if first < "가":
                return ()
            units = self._scan(token, self._cjk["ko"])
            return tuple(units) if any(u.kind in {"name", "topic"} for u in units) else (Unit("word", token, token),)
        if token.isalnum():
            return (Unit("word", token if not token.isdigit() else "0", token),)
        return (Unit("end" if token in SENTENCE_END else "mark", token, token),)

    def _scan(self, run: str, table: dict[str, list[_Pattern]]) -> list[Unit]:
        units: list[Unit] = []
        at = rest = 0
        while at < len(run):
            for pattern in table.get(run[at], ()):
                end = at + len(pattern.text)
                if run.startswith(pattern.text, at) and _stands(pattern, run, at, end):
                    if rest < at:
                        units.append(Unit("han", run[rest:at], run[rest:at]))
                    units.extend(_read_as(pattern.reading, run[at:end]))
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


def _longest(words: list[_Word], start: int) -> tuple[int, Reading] | None:
    """Where the longest pattern of two tokens or more that begins at ``start`` ends, and what it stands for."""
    best_end, best = start, None
    open_ = [(node, start + 1) for node in reversed(words[start].open)]
    while open_:
        node, at = open_.pop()
        if node.reading is not None and at > max(best_end, start + 1):
            best_end, best = at, node.reading
        if at < len(words) and node.following:
            # reversed: what is tried first is put on the heap last
            pieces = reversed(words[at].pieces)
            open_.extend([(node.following[piece], at + 1) for piece in pieces if piece in node.following])
    return (best_end, best) if best else None


def _read_as(reading: Reading, surface: str) -> Iterator[Unit]:
    for name in reading.names:
        yield Unit("name", name, surface)
    if len(reading.names) > 1:
        yield Unit("pair", "+".join(reading.names), surface)
    if reading.topic:
        yield Unit("topic", reading.topic, surface)
    elif reading.link:
        yield Unit("link", reading.link, surface)
    elif not reading.names:
        yield Unit("word", surface, surface)


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
