"""How much two articles resemble each other: do they tell of the same event, in whatever language?

Compared are the words of their titles and texts (within one language), the people, places and kinds of event that they
name in canonical form (across all), who speaks for which side, numbers and time. The weights are those of a logistic
regression on pairs of a labelled set of this project (``python benchmarks/stories.py fit``).
"""

import math
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from monitor.core.article import Article
from monitor.core.common import COMMON
from monitor.core.figures import find_numbers
from monitor.core.fold import HAN_KANA, HANGUL, fold
from monitor.core.happenings import FRAMES, STAGES
from monitor.core.lexicon import SIDES
from monitor.core.names import Concept, find_concepts

TEXT_LENGTH = 400  # characters of a summary: what comes later is background, which all stories share

WEIGHTS = {
    "crosses": 0.60,  # 1 when the languages differ
    "days": 2.34,  # between them, negative
    "title_words": 2.73,  # within one language, as the next
    "words": 1.85,
    "title_names": 0.05,
    "names": 0.46,
    "frames": 0.56,  # of the titles
    "all_frames": 0.83,
    "crossing_title_names": 0.96,  # across languages
    "crossing_names": 2.78,
    "crossing_title_what": 0.39,
    "crossing_frames": 0.39,
    "titles_in_text": 1.97,  # names of one title that the other's text mentions
    "weight_shared": 1.55,
    "title_weight_shared": 0.74,
    "persons_apart": 1.11,  # persons in one title that the other does not mention, negative
    "sides_shared": 0.14,
    "sides_apart": 0.43,  # third parties in one title that the other does not mention, negative
    "leads": 0.80,  # 1 when both titles name the same side first, -1 when one begins with a side that the other lacks
    "stages_apart": 1.01,  # -1 when the titles tell of different stages
    "numbers": 1.16,
    "views": 1.17,  # titles that read like an analysis, which stands alone: negative
}
"""What each feature of a pair of articles weighs."""
BIAS = -5.29
FEATURES = tuple(WEIGHTS)

_TOKEN = re.compile(rf"[{HAN_KANA}{HANGUL}]+|[^\W_{HAN_KANA}{HANGUL}]+")
_CJK = re.compile(f"[{HAN_KANA}{HANGUL}]")
_VIEW = re.compile(
    r"[?？]|^(?:why|how|what|who|inside|opinion|analysis|explainer|explained|live|in pictures|in photos)\b|"
    r"\b(?:analysis|opinion|editorial|explainer|explained|commentary)\b|^\[|"
    r"анали[зт]|мнение|эксперт|коммент|комент|kommentar|analy[sz]e|komentarz|opini[ao]n?\b|an[aá]lisis|éditorial|"
    r"사설|칼럼|기고|분석|전망|진단|해설|전문가|시험대|社评|社評|评论|評論|分析|解读|社説|解説|論説|專家|专家|専門家",
    re.IGNORECASE,
)
STEM = 6  # characters of a word that count: endings differ
TELLING_PERSON = 2.5  # the two leaders are in every story; others tell stories apart
_COMMON = {stem: weight for weight, stems in COMMON.items() for stem in stems.split()}
_BOTH = frozenset({"North Korea", "Russia"})
_SIDE = {name: side for side, names in SIDES.items() for name in names.split("|")}
_STAGES = frozenset(STAGES.split("|"))
_FRAMES: dict[str, list[str]] = {}
for _frame, _names in FRAMES.items():
    for _name in _names.split("|"):
        _FRAMES.setdefault(_name, []).append(_frame)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What of an article is compared."""

    language: str
    published_at: datetime
    title_words: Mapping[str, float]
    words: Mapping[str, float]
    title_names: Mapping[str, float]
    title_what: Mapping[str, float]
    names: Mapping[str, float]
    title_frames: Mapping[str, float]
    frames: Mapping[str, float]
    title_persons: frozenset[str]
    title_sides: frozenset[str]
    sides: frozenset[str]
    lead: str
    actors: frozenset[str]
    stages: frozenset[str]
    numbers: frozenset[float]
    is_view: bool


def log_odds(one: Article, other: Article) -> float:
    """How likely two articles tell of the same event: the logarithm of the odds, 0 when it is as likely as not."""
    return BIAS + sum(w * x for w, x in zip(WEIGHTS.values(), pair_features(one, other), strict=True))


def pair_features(one: Article, other: Article) -> tuple[float, ...]:
    """The FEATURES of two articles, in order, each about 0..1."""
    a, b = _sketch(one), _sketch(other)
    same = float(a.language == b.language)
    crosses = 1.0 - same
    title_names, names = _cosine(a.title_names, b.title_names), _cosine(a.names, b.names)
    title_frames = _cosine(a.title_frames, b.title_frames)
    shared = sum(weight for name, weight in a.names.items() if name in b.names)
    title_shared = sum(weight for name, weight in a.title_names.items() if name in b.title_names)
    return (
        crosses,
        -abs((a.published_at - b.published_at) / timedelta(days=1)),
        same * _cosine(a.title_words, b.title_words) if same else 0.0,
        same * _cosine(a.words, b.words) if same else 0.0,
        same * title_names,
        same * names,
        same * title_frames,
        _cosine(a.frames, b.frames),
        crosses * title_names,
        crosses * names,
        crosses * _cosine(a.title_what, b.title_what),
        crosses * title_frames,
        (_contained(a.title_names, b.names) + _contained(b.title_names, a.names)) / 2,
        min(shared, 15.0) / 10,
        min(title_shared, 12.0) / 10,
        -_apart(a.title_persons, b.names, b.title_persons, a.names),
        float(min(len(a.sides & b.sides), 2)),
        -_apart(a.title_sides, b.sides, b.title_sides, a.sides),
        _leads(a, b),
        -float(bool(a.stages and b.stages and not a.stages & b.stages)),
        float(min(len(a.numbers & b.numbers), 2)),
        -float(a.is_view + b.is_view),
    )


def _leads(a: _Sketch, b: _Sketch) -> float:
    if not a.lead or not b.lead:
        return 0.0
    if a.lead == b.lead:
        return 1.0
    return 0.0 if a.lead in b.actors and b.lead in a.actors else -1.0


def _apart(one: Iterable[str], in_other: Container[str], other: Iterable[str], in_one: Container[str]) -> float:
    """How many of each are not in the other's text; more than two say no more."""
    return float(min(sum(x not in in_other for x in one) + sum(x not in in_one for x in other), 2))


def _sketch(article: Article) -> _Sketch:
    return _sketched(article.title, article.summary[:TEXT_LENGTH], article.language, article.published_at)


@lru_cache(maxsize=4096)
def _sketched(title: str, summary: str, language: str, published_at: datetime) -> _Sketch:
    text = f"{title} . {summary}"
    in_title, in_text = find_concepts(title), find_concepts(text)
    sides = frozenset(_SIDE[c.name] for c in in_text if c.name in _SIDE) - _BOTH
    return _Sketch(
        language=language,
        published_at=published_at,
        title_words=_words(title),
        words=_words(text),
        title_names=_weights(in_title),
        title_what=_weights(c for c in in_title if c.kind in {"event", "arms"}),
        names=_weights(in_text),
        title_frames=_frames(in_title),
        frames=_frames(in_text),
        title_persons=frozenset(c.name for c in in_title if c.kind == "person" and c.weight >= TELLING_PERSON),
        title_sides=frozenset(_SIDE[c.name] for c in in_title if c.name in _SIDE) - _BOTH,
        sides=sides,
        lead=next((_SIDE[c.name] for c in in_title if c.name in _SIDE), ""),
        actors=frozenset(_SIDE[c.name] for c in in_title if c.name in _SIDE),
        stages=frozenset(c.name for c in in_title) & _STAGES,
        numbers=find_numbers(text),
        is_view=_VIEW.search(title) is not None,
    )


def _weights(concepts: Iterable[Concept]) -> dict[str, float]:
    return {concept.name: concept.weight for concept in concepts}


def _frames(concepts: Iterable[Concept]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in {concept.name for concept in concepts}:
        for frame in _FRAMES.get(name, ()):
            found[frame] = found.get(frame, 0.0) + 1.0
    return found


def stems(text: str) -> list[str]:
    """The beginnings of words, and pairs of characters where words have no borders."""
    found: list[str] = []
    for token in _TOKEN.findall(fold(text).text):
        if _CJK.match(token):
            found += [token[at : at + 2] for at in range(len(token) - 1)] or [token]
        else:
            found.append(token[:STEM])
    return found


def _words(text: str) -> dict[str, float]:
    return {stem: _COMMON.get(stem, 1.0) for stem in stems(text)}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * weight for key, weight in one.items() if key in other)
    if not shared:
        return 0.0
    lengths = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return shared / math.sqrt(lengths)


def _contained(inner: Mapping[str, float], outer: Mapping[str, float]) -> float:
    total = sum(inner.values())
    return sum(weight for name, weight in inner.items() if name in outer) / total if total else 0.0
