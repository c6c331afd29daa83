"""Reasons: the shares of single features, gathered into a few things that a reader understands."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from monitor.classifier.features import Reader, Sentence, concept_features, word_stream
from monitor.core.decision import Reason

SHOWN = 6  # what a reader takes in at a glance; the rest is one sum
SIDES = {"N": "North Korea", "R": "Russia"}


def explain(
    reader: Reader, vocabulary: Mapping[str, int], shares: Mapping[int, float], bias: float, title: str, summary: str
) -> tuple[Reason, ...]:
    """Reasons whose weights add up to ``bias`` plus all ``shares`` (column -> log-odds), the heaviest first.

    A share goes whole to one group: the names found, a topic, or a word.
    """
    sentences = reader.sentences(title, summary)
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    spent: set[int] = set()
    for feature, kind, text in _attributed(reader, sentences):
        column = vocabulary.get(feature)
        if column is not None and column not in spent:
            spent.add(column)
            groups[kind, text].append(shares[column])
    sums = sorted(((math.fsum(parts), key) for key, parts in groups.items()), key=lambda pair: (-abs(pair[0]), pair[1]))
    reasons = [Reason(kind=kind, text=text, weight=weight) for weight, (kind, text) in sums[:SHOWN]]
    rest = [weight for weight, _ in sums[SHOWN:]]
    if rest:
        reasons.append(Reason(kind="rest", text=f"{len(rest)} other words and phrases", weight=math.fsum(rest)))
    reasons.append(Reason(kind="base", text="before reading: how rare such stories are", weight=bias))
    return tuple(reasons)


def _attributed(reader: Reader, sentences: list[Sentence]) -> Iterator[tuple[str, str, str]]:
    """Every feature with the kind and the text of the reason that it belongs to."""
    surfaces: dict[str, dict[str, None]] = defaultdict(dict)
    for sentence in sentences:
        for unit in sentence.units:
            if unit.kind == "topic":
                surfaces[unit.value][unit.surface] = None
    names = _names(reader, sentences)
    for feature in concept_features(sentences):
        topic = feature[3:].split(" ")[0].split("+")[0].split(">")[0]
        if feature.startswith("ct:") or (feature.startswith("cs:") and topic in surfaces):
            yield feature, "phrase", f"{topic.lower()}: {', '.join(list(surfaces[topic])[:3])}"
        else:
            yield feature, "names", names
    for sentence in sentences:
        for group in word_stream(sentence.units):
            for feature in group:
                yield feature, "phrase", feature[1:].replace("~", "").replace("@", "")
        for unit in sentence.units:
            if unit.kind in {"word", "topic", "han"}:
                for feature in reader.letters(unit.surface):
                    yield feature, "phrase", unit.surface


def _names(reader: Reader, sentences: list[Sentence]) -> str:
    """The names found, in plain words: which, as written, and where."""
    written: dict[str, dict[str, None]] = {"N": {}, "R": {}, "": {}}
    for sentence in sentences:
        for unit in sentence.units:
            if unit.kind == "name":
                side = reader.side(unit.value)
                written[side if side in SIDES else ""][unit.surface] = None
    if not any(written.values()):
        return "no country or leader"
    parts = [f"{SIDES[side]} ({', '.join(list(written[side])[:3])})" for side in SIDES if written[side]]
    together = any({reader.side(c) for _, c, _ in s.names} >= {"N", "R"} for s in sentences)
    text = " and ".join(parts) + (" in one sentence" if together else "")
    others = ", ".join(list(written[""])[:4])
    return f"{text}; also {others}" if parts and others else text or others
