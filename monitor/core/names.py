"""Names and events in their canonical form, whatever the language: what an article is about, in concepts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.fold import HAN_KANA, HANGUL, fold
from monitor.core.happenings import ARMS, EVENTS
from monitor.core.lexicon import BODIES, PEOPLE, PLACES, SHORT

_LINE = re.compile(r"(\w+) ([\d.]+) ([^:]+): (.+)")
_CJK = f"{HAN_KANA}{HANGUL}"
_TOKEN = re.compile(rf"[{_CJK}]+|[^ \-,.\n{_CJK}]+")
_IS_CJK = re.compile(f"[{_CJK}]")
SHORTEST_STEM = 2
LONGEST_SHORT = 3  # sides in a row: 한미일
_SHORT = {sign: name for name, signs in SHORT.items() for sign in signs} | {"일": "Japan"}


@dataclass(frozen=True, slots=True)
class Concept:
    """A person, place, body, weapon or kind of event. ``weight``: how much it says that two articles share it."""

    name: str
    kind: str
    weight: float


class _Node:
    """Patterns of words: what may follow, and the concept that ends here."""

    __slots__ = ("concept", "exact", "stems")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.concept: Concept | None = None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: _Node
    signs: dict[str, Concept]
    """Ways of writing in scripts without word borders."""
    longest: int
    concepts: dict[str, Concept]


def find_concepts(text: str) -> tuple[Concept, ...]:
    """Every mention of a concept in ``text``, in order; of overlapping ones the longest."""
    lexicon = _lexicon()
    tokens = _TOKEN.findall(fold(text).text)
    found: list[Concept] = []
    at = 0
    while at < len(tokens):
        if _IS_CJK.match(tokens[at]):
            found.extend(_in_run(lexicon, tokens[at]))
            at += 1
            continue
        concept, length = _at_word(lexicon.words, tokens, at)
        if concept is not None:
            found.append(concept)
        at += max(length, 1)
    return tuple(found)


def concept_named(name: str) -> Concept:
    """The concept with this canonical name; KeyError when there is none."""
    return _lexicon().concepts[name]


def _in_run(lexicon: _Lexicon, run: str) -> Iterator[Concept]:
    if run not in lexicon.signs and len(run) <= LONGEST_SHORT and run != "일" and all(sign in _SHORT for sign in run):
        yield from (lexicon.concepts[_SHORT[sign]] for sign in run)
        return
    at = 0
    while at < len(run):
        for length in range(min(lexicon.longest, len(run) - at), 0, -1):
            concept = lexicon.signs.get(run[at : at + length])
            if concept is not None:
                yield concept
                at += length
                break
        else:
            at += 1


def _at_word(root: _Node, tokens: list[str], at: int) -> tuple[Concept | None, int]:
    """The longest pattern that begins at token ``at``, and how many tokens it takes."""
    best: tuple[Concept | None, int] = (None, 0)
    nodes, taken = [root], 0
    while nodes and at + taken < len(tokens):
        token = tokens[at + taken]
        nodes = [following for node in nodes for following in _step(node, token)]
        taken += 1
        for node in nodes:
            if node.concept is not None:
                best = (node.concept, taken)
    return best


def _step(node: _Node, token: str) -> Iterator[_Node]:
    if token in node.exact:
        yield node.exact[token]
    if node.stems:
        for length in range(len(token), SHORTEST_STEM - 1, -1):
            if token[:length] in node.stems:
                yield node.stems[token[:length]]
                return


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    words = _Node()
    signs: dict[str, Concept] = {}
    concepts: dict[str, Concept] = {}
    for line in (line for data in (PEOPLE, PLACES, BODIES, ARMS, EVENTS) for line in data.strip().splitlines()):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise ValueError(f"lexicon: {line!r}")
        kind, weight, name, ways = parts.groups()
        concept = concepts.setdefault(name, Concept(name=name, kind=kind, weight=float(weight)))
        for way in ways.split("|"):
            _add(words, signs, way.strip(), concept)
    return _Lexicon(words=words, signs=signs, longest=max(map(len, signs)), concepts=concepts)


def _add(words: _Node, signs: dict[str, Concept], way: str, concept: Concept) -> None:
    pieces = [(_TOKEN.findall(fold(piece).text), piece.endswith("*")) for piece in way.split()]
    tokens = [(token, stem and token == piece[-1]) for piece, stem in pieces for token in piece]
    if any(_IS_CJK.match(token) for token, _ in tokens):
        signs.setdefault("".join(token for token, _ in tokens), concept)
        return
    node = words
    for token, is_stem in tokens:
        table = node.stems if is_stem else node.exact
        node = table.setdefault(token, _Node())
    node.concept = node.concept or concept
