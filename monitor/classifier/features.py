"""What a text shows, as named features: who stands near whom, actors with topics, words and letters.

A feature is a string whose first letter is its block: ``c`` concepts (the same in every language), ``w`` words with
names replaced by their concepts, ``k`` letters within words. Names never enter ``w`` and ``k`` as letters, so that what
is learnt from one name or one language holds for the next.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from monitor.classifier.gazetteer import Gazetteer, Unit

TITLE_LIMIT, SUMMARY_LIMIT = 400, 1000  # characters: more is full text, and training texts are no longer
WORD_LIMIT = 40  # letters of a word that are looked at
BLOCKS = "cwk"
MEMO = 200_000


class Sentence(NamedTuple):
    """One sentence (a title counts as one) reduced to what it names. ``names``: (position, concept, side)."""

    title: bool
    names: list[tuple[int, str, str]]
    topics: list[str]
    units: list[Unit]


class Reader:
    """Turns texts into features with one gazetteer. Remembers the letters of words that it has seen."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._letters: dict[str, tuple[str, ...]] = {}

    def features(self, title: str, summary: str, *, swaps: Mapping[str, str] | None = None) -> list[str]:
        """All features of one text, repeated as often as they occur; ``swaps`` puts other names (concepts) in place."""
        sentences = self.sentences(title, summary)
        if swaps:
            sentences = [self._sentence(s.title, _swapped(s.units, swaps)) for s in sentences]
        return self.features_of(sentences)

    def features_of(self, sentences: Sequence[Sentence]) -> list[str]:
        """All features of a text that has been read already."""
        found = concept_features(sentences)
        for sentence in sentences:
            for text in word_stream(sentence.units):
                found.extend(text)
            for unit in sentence.units:
                if unit.kind in {"word", "topic", "han"}:
                    found.extend(self.letters(unit.surface))
        return found

    def sentences(self, title: str, summary: str) -> list[Sentence]:
        """The title, then the sentences of the summary (its first SUMMARY_LIMIT characters)."""
        made = [self._sentence(True, [u for u in self._gazetteer.read(title[:TITLE_LIMIT]) if u.kind != "end"])]
        units: list[Unit] = []
        for unit in self._gazetteer.read(summary[:SUMMARY_LIMIT]):
            if unit.kind != "end":
                units.append(unit)
            elif units:
                made.append(self._sentence(False, units))
                units = []
        if units:
            made.append(self._sentence(False, units))
        return made

    def _sentence(self, title: bool, units: list[Unit]) -> Sentence:
        sides = self._gazetteer.sides
        names, topics, at = [], [], 0
        for unit in units:
            if unit.kind == "name":
                names.append((at, unit.value, sides[unit.value]))
            elif unit.kind == "topic":
                topics.append(unit.value)
            at += 1 if unit.kind != "han" else max(1, len(unit.value) // 2)
        return Sentence(title, names, topics, units)

    def side(self, concept: str) -> str:
        """The side a name stands for (N, R, ...)."""
        return self._gazetteer.sides[concept]

    def letters(self, word: str) -> tuple[str, ...]:
        """Letter features of one word: 3 to 5 letters within it; 1 and 2 where words have no borders."""
        known = self._letters.get(word)
        if known is None:
            if len(self._letters) >= MEMO:
                self._letters.clear()
            known = self._letters[word] = tuple(_letters(word))
        return known


def _swapped(units: Sequence[Unit], swaps: Mapping[str, str]) -> list[Unit]:
    return [unit._replace(value=swaps.get(unit.value, unit.value)) if unit.kind == "name" else unit for unit in units]


def _letters(word: str) -> Iterable[str]:
    word = word[:WORD_LIMIT]
    if word[0] >= "぀":
        yield from (f"k{letter}" for letter in word)
        yield from (f"k{word[i : i + 2]}" for i in range(len(word) - 1))
        return
    if len(word) < 4 or not word.isalpha():
        return
    padded = f"<{word}>"
    for size in (3, 4, 5):
        yield from (f"k{padded[i : i + size]}" for i in range(len(padded) - size + 1))


def word_stream(units: Sequence[Unit]) -> tuple[list[str], list[str]]:
    """Words, and pairs of words, of one sentence; a name stands as its concept."""
    words: list[str] = []
    for unit in units:
        if unit.kind == "name":
            words.append("@" + unit.value)
        elif unit.kind in {"word", "topic", "link"}:
            words.append(unit.surface)
        elif unit.kind == "han":
            words.append("~" + unit.surface if len(unit.surface) > 4 else unit.surface)
    return (
        [f"w{word}" for word in words if word[0] not in "~@"],
        [f"w{a} {b}" for a, b in pairwise(words)],
    )


def concept_features(sentences: Sequence[Sentence]) -> list[str]:
    """Language-independent features: sides by place, nearest pair, order, other countries, topics by company."""
    title, rest = sentences[0], sentences[1:]
    found = _places(title, rest)
    found += _nearest(sentences)
    found += _others(sentences)
    found += _topics(sentences)
    for sentence in sentences:
        found += _skeleton(sentence)
    return list(dict.fromkeys(found))


def _sides(names: Iterable[tuple[int, str, str]]) -> str:
    """Which of the two sides: N or, where only "Korea" is said, K; R."""
    present = {side for _, _, side in names}
    return ("N" if "N" in present else "K" if "K" in present else "") + ("R" if "R" in present else "")


def _places(title: Sentence, rest: Sequence[Sentence]) -> list[str]:
    below = [name for sentence in rest for name in sentence.names]
    first = rest[0].names if rest else []
    where = f"{_sides(title.names) or '0'}/{_sides(below) or '0' if rest else '-'}"
    found = [f"cn:where {where}", f"cn:first {_sides(title.names) or '0'}/{_sides(first) or '0' if rest else '-'}"]
    everything = title.names + below
    found.append(f"cn:any {_sides(everything) or '0'}")
    if not rest:
        found.append(f"cn:title only {_sides(title.names) or '0'}")
    for place, names in (("title", title.names), ("summary", below)):
        count = Counter(side for _, _, side in names)
        found += [f"cn:count {place} {side} {min(count[side], 4)}" for side in "NR" if count[side]]
        found += [f"cn:{place} {concept}" for _, concept, _ in names]
        joined = "".join(sorted({side for _, _, side in names} - {"M", "X", "K"}))
        found.append(f"cn:all {place} {joined or '0'}")
    n = sum(1 for _, _, side in everything if side == "N")
    r = sum(1 for _, _, side in everything if side == "R")
    if n and r:
        found.append(f"cn:less named {min(n, r, 4)} of {min(n + r, 8)}")
        both = sum(1 for sentence in (title, *rest) if _sides(sentence.names) == "NR")
        found.append(f"cn:sentences with both {min(both, 3)}")
    return found


def _nearest(sentences: Sequence[Sentence]) -> list[str]:
    """The closest two names of the two sides: how far, in which order, who, and what stands between."""
    found = []
    for sentence in sentences:
        place = "title" if sentence.title else "summary"
        pairs = [(abs(a[0] - b[0]), a, b) for a in sentence.names if a[2] == "N" for b in sentence.names if b[2] == "R"]
        if not pairs:
            continue
        distance, north, russia = min(pairs)
        low, high = sorted((north[0], russia[0]))
        others = {side for at, _, side in sentence.names if low < at < high and side not in "NRKMX"}
        around = {side for _, _, side in sentence.names if side not in "NRKMX"}
        near = "0-1 2-3 4-6 7-10 11-".split()[sum(distance > limit for limit in (1, 3, 6, 10))]
        order = "N>R" if north[0] < russia[0] else "R>N"
        found += [
            f"cn:near {near}",
            f"cn:near {place} {near}",
            f"cn:near {place} {near} others {min(len(around), 3)}",
            f"cn:between {min(len(others), 2)} {near}",
            f"cn:order {place} {order}",
            f"cn:pair {north[1]} {russia[1]}",
            f"cn:pair {place} {order} {north[1]} {russia[1]}",
        ]
        found += [f"cn:joined {place} {order} {_between(sentence.units, north[1], russia[1])}"]
    return found


def _between(units: Sequence[Unit], north: str, russia: str) -> str:
    """What joins the first such two names: links and marks as they are, other words counted."""
    places = [i for i, unit in enumerate(units) if unit.kind == "name" and unit.value in (north, russia)]
    for a, b in pairwise(places):
        if units[a].value != units[b].value:
            steps = [
                u.value if u.kind in {"link", "mark"} else u.value if u.kind == "topic" else "w"
                for u in units[a + 1 : b]
            ]
            return " ".join(steps) if len(steps) < 4 else "far"
    return "far"


def _others(sentences: Sequence[Sentence]) -> list[str]:
    """Which others are named, how many, and whether they stand with one of the two sides."""
    found = []
    every = [name for sentence in sentences for name in sentence.names]
    both = _sides(every) or "0"
    others = sorted({concept for _, concept, side in every if side not in "NRKMX"})
    found.append(f"cn:others {both} {min(len(others), 5)}")
    found += [f"cn:other {both} {concept}" for concept in others]
    title = sentences[0].names
    tboth = _sides(title) or "0"
    tothers = sorted({concept for _, concept, side in title if side not in "NRKMX"})
    found.append(f"cn:title others {tboth} {min(len(tothers), 4)}")
    found += [f"cn:title other {tboth} {concept} {both}" for concept in tothers]
    for sentence in sentences:
        present = _sides(sentence.names)
        sides = sorted({side for _, _, side in sentence.names} - {"M", "X", "K", "N", "R"})
        if present:
            found += [f"cn:with {present} {side}" for side in sides]
            found.append(f"cn:company {present} {''.join(sides) or '0'}")
    return found


def _topics(sentences: Sequence[Sentence]) -> list[str]:
    found = []
    every = _sides([name for sentence in sentences for name in sentence.names]) or "0"
    for sentence in sentences:
        here = _sides(sentence.names) or "0"
        place = "title" if sentence.title else "summary"
        topics = sorted(set(sentence.topics))
        for topic in topics:
            found += [f"ct:{topic}", f"ct:{topic} {here}", f"ct:{topic} {place} {every}", f"ct:{topic} any {every}"]
            found += [f"ct:{topic} {concept}" for _, concept, side in sentence.names if side not in "MX"]
        if here == "NR":
            found += [f"ct:{a}+{b}" for i, a in enumerate(topics) for b in topics[i + 1 :]]
        found += [f"ct:{a}+{b} {every}" for i, a in enumerate(topics) for b in topics[i + 1 :]]
    return found


def _skeleton(sentence: Sentence) -> list[str]:
    """The sentence as a sequence of concepts, cut into twos and threes."""
    place = "title" if sentence.title else "summary"
    concepts: list[str] = []
    names: list[str] = []
    for unit in sentence.units:
        if unit.kind in {"name", "topic"} and (not concepts or concepts[-1] != unit.value):
            concepts.append(unit.value)
        if unit.kind in {"name", "link"} and (not names or names[-1] != unit.value):
            names.append(unit.value)
        if unit.kind == "mark" and unit.value in ",、/-–—:" and names and names[-1] != unit.value:
            names.append(unit.value)
    found = [f"cs:{a}>{b}" for a, b in pairwise(concepts)]
    found += [f"cs:{concepts[i]}>{concepts[i + 1]}>{concepts[i + 2]}" for i in range(len(concepts) - 2)]
    found += [f"cs:{names[i]} {names[i + 1]} {names[i + 2]}" for i in range(len(names) - 2)]
    if concepts and sentence.title:
        found.append(f"cs:{place} starts {concepts[0]}")
    return found
