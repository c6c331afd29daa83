"""Phrases that tell relevant articles from others, or rise, and that no term watches yet.

Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words"): the prior is the
corpus of both sides, the statistic a z-score.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.core.article import Article
from monitor.core.fold import HAN_KANA, HANGUL, fold
from monitor.core.match import find_matches
from monitor.core.phrase import phrase_problem
from monitor.core.watch import Watch, WatchTerm

LONGEST = 3  # words of a phrase
LONGEST_SIGNS = 5  # characters, in scripts without blanks
SMALLEST_Z = 2.0
FEWEST = 3  # articles that have it
PRIOR = 10.0  # articles that the prior weighs on each side
HEAVIEST = 1.5  # log-odds of a suggested term: a push, not a verdict
_RUN = re.compile(f"[{HAN_KANA}]+|[{HANGUL}]+|[^ \\-,.\\n{HAN_KANA}{HANGUL}]+")
_HAN = re.compile(f"[{HAN_KANA}]")
_BREAK = re.compile(r"[,.\n]")
_SMALL = frozenset(
    "the of and to in for on with is at from by as says said after over its was has will be that it an are have not "
    "their his this which were been but also than into more new who had he she they we you or one two about up out "
    "der die das und ist von den mit im für auf nicht ein eine dem zu des sich bei nach le la les du et est en une "
    "dans pour sur au aux qui que pas par avec ses el los las del y un por con para es su al se como más lo w z na do "
    "się nie jest że o po za od przez dla oraz jak и в на с о по за из для не что это как к у от до при об а но его их "
    "і у з та до що про за від не як це".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A phrase to watch: in how many articles of either side it is, and how sure that is (``z``)."""

    term: WatchTerm
    inside: int
    outside: int
    z: float


def suggest_terms(
    inside: Sequence[Article], outside: Sequence[Article], watch: Watch, *, limit: int
) -> list[Suggestion]:
    """The phrases that set ``inside`` most apart from ``outside``, at most ``limit``, best first.

    A phrase counts once an article. What some term of ``watch`` finds in it is watched already; of phrases within one
    another the better one is kept.
    """
    shown: dict[str, Counter[str]] = {}
    languages: dict[str, Counter[str]] = {}
    ours, theirs = (_counts(side, shown, languages) for side in (inside, outside))
    ranked = sorted(
        _scored(ours, theirs, len(inside), len(outside)), key=lambda found: (-found[1], -len(found[0]), found[0])
    )
    watched = _parts(watch)
    chosen: list[Suggestion] = []
    for phrase, z, weight in ranked:
        if len(chosen) == limit:
            break
        text = shown[phrase].most_common(1)[0][0]
        if any(phrase in taken.term.name or taken.term.name in phrase for taken in chosen) or phrase_problem(text):
            continue
        if find_matches(watched, _bare(text)):
            continue
        spoken = languages[phrase]
        term = WatchTerm(
            name=phrase,
            any_of=(text,),
            languages=tuple(sorted(spoken)) if len(spoken) == 1 else (),
            weight=round(min(weight, HEAVIEST), 1),
        )
        chosen.append(Suggestion(term=term, inside=ours[phrase], outside=theirs[phrase], z=round(z, 1)))
    return chosen


def _scored(ours: Counter[str], theirs: Counter[str], inside: int, outside: int) -> Iterable[tuple[str, float, float]]:
    """(phrase, z, log-odds ratio) of what is more frequent inside."""
    total = inside + outside
    for phrase, count in ours.items():
        other = theirs[phrase]
        if count < FEWEST or count / inside <= other / max(outside, 1):
            continue
        prior = PRIOR * (count + other) / total
        apart = _log_odds(count + prior, inside + PRIOR) - _log_odds(other + prior, outside + PRIOR)
        z = apart / math.sqrt(1 / (count + prior) + 1 / (other + prior))
        if z >= SMALLEST_Z:
            yield phrase, z, apart


def _log_odds(count: float, of: float) -> float:
    return math.log(count / (of - count)) if count < of else math.log(count / 0.5)


def _counts(
    articles: Iterable[Article], shown: dict[str, Counter[str]], languages: dict[str, Counter[str]]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for article in articles:
        found = phrases_of(f"{article.title}\n{article.summary}")
        counts.update(found.keys())
        for phrase, text in found.items():
            shown.setdefault(phrase, Counter())[text] += 1
            languages.setdefault(phrase, Counter())[article.language] += 1
    return counts


def phrases_of(text: str) -> dict[str, str]:
    """The phrases of a text, folded, each as it is written there first: up to three words that do not begin or end
    with a small word, or two to five characters of Chinese or Japanese."""
    folded = fold(text)
    found: dict[str, str] = {}

    def add(start: int, end: int) -> None:
        found.setdefault(folded.text[start:end], text[slice(*folded.original(start, end))])

    runs = [(run.start(), run.end()) for run in _RUN.finditer(folded.text)]
    for at, (start, end) in enumerate(runs):
        if _HAN.match(folded.text, start):
            for length in range(2, LONGEST_SIGNS + 1):
                for first in range(start, end - length + 1):
                    add(first, first + length)
            continue
        for last, (begin, stop) in enumerate(runs[at : at + LONGEST]):
            if _HAN.match(folded.text, begin) or _BREAK.search(folded.text, start, stop):
                break
            words = [folded.text[slice(*run)] for run in runs[at : at + last + 1]]
            if _telling(words):
                add(start, stop)
    return found


def _telling(words: list[str]) -> bool:
    ends = (words[0], words[-1])
    return all(word not in _SMALL and not word.isdigit() and len(word) > 1 for word in ends) and (
        len(words) > 1 or len(words[0]) > 3 or not words[0].isascii()
    )


def _parts(watch: Watch) -> Watch:
    """A term of each phrase that is looked for."""
    phrases = {
        phrase
        for term in watch.terms
        for phrase in (*term.any_of, *term.all_of, *(p for near in term.near for group in near.groups for p in group))
    }
    return Watch(terms=tuple(WatchTerm(name=phrase, any_of=(phrase,)) for phrase in phrases), version="")


def _bare(text: str) -> Article:
    from datetime import UTC, datetime

    moment = datetime(1970, 1, 1, tzinfo=UTC)
    return Article(
        id="", feed_id="", outlet="", url="", title=text, summary="", language="", published_at=moment, seen_at=moment
    )
