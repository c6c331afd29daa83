"""Has the stream of articles changed between two months: in its scores, and in its words?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, log2

BINS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9)  # of scores: most articles are far below the line
SHIFTED, MOVED = 0.25, 0.1  # of the population stability index, as it is usually read (Siddiqi 2006)
FEWEST = 200  # articles a month; fewer say nothing
RISING = 8  # words that are named
_WORD = re.compile(r"[^\W\d_]{3,}")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Two months beside each other, ``before`` and ``after`` articles.

    ``scores``: population stability index, 0 is the same; ``words``: Jensen-Shannon divergence of the words in titles
    in bits, 0 the same and 1 nothing in common; ``usual``: that between two halves of the earlier month, by turns.
    """

    before: int
    after: int
    scores: float
    words: float
    usual: float
    rising: tuple[str, ...]
    """Words that are more frequent now, the most telling first."""

    def lines(self) -> list[str]:
        """The same in sentences, for the weekly report."""
        if min(self.before, self.after) < FEWEST:
            return [f"Too few articles to compare two months ({self.before} and {self.after}, {FEWEST} are needed)."]
        degree = (
            "have shifted" if self.scores >= SHIFTED else "moved a little" if self.scores >= MOVED else "are as before"
        )
        said = [
            f"Scores of the last 30 days {degree} (PSI {self.scores:.2f}).",
            f"Words in titles diverge by {self.words:.3f} bits, {self.usual:.3f} within one month.",
            f"More frequent now: {', '.join(self.rising) or 'nothing'}.",
        ]
        if self.scores >= SHIFTED:
            said.append("The classifier may see news that it was not trained for: label, and look below the line.")
        return said


def compare_months(before: Sequence[tuple[float, str]], after: Sequence[tuple[float, str]]) -> Drift:
    """(Score, title) of every article of the month before, and of the last one."""
    old, new = count_words(title for _, title in before), count_words(title for _, title in after)
    shares = divergence(old, new)
    risen = sorted((word for word in shares if _share(new, word) > _share(old, word)), key=lambda w: (-shares[w], w))
    halves = [count_words(title for _, title in before[start::2]) for start in (0, 1)]
    return Drift(
        before=len(before),
        after=len(after),
        scores=stability_index([score for score, _ in before], [score for score, _ in after]),
        words=sum(shares.values()),
        usual=sum(divergence(*halves).values()),
        rising=tuple(risen[:RISING]),
    )


def stability_index(before: Sequence[float], after: Sequence[float]) -> float:
    """Population stability index of scores over BINS: the sum of (share now - share then) times the log of their ratio.

    Half an article is added to each bin, so that an empty one is no infinity.
    """
    old, new = (_binned(scores) for scores in (before, after))
    return sum((b - a) * log(b / a) for a, b in zip(old, new, strict=True))


def _binned(scores: Sequence[float]) -> list[float]:
    counts = Counter(sum(score >= edge for edge in BINS) for score in scores)
    bins = len(BINS) + 1
    return [(counts[at] + 0.5) / (len(scores) + 0.5 * bins) for at in range(bins)]


def divergence(one: Counter[str], other: Counter[str]) -> dict[str, float]:
    """What each word adds to the Jensen-Shannon divergence (Lin 1991), in bits; the sum lies between 0 and 1."""
    made = {}
    for word in one.keys() | other.keys():
        p, q = _share(one, word), _share(other, word)
        middle = (p + q) / 2
        made[word] = sum(share * log2(share / middle) for share in (p, q) if share) / 2
    return made


def count_words(titles: Iterable[str]) -> Counter[str]:
    """In how many titles each word stands; in scripts without spaces, each pair of characters."""
    counts: Counter[str] = Counter()
    for title in titles:
        counts.update({part for word in _WORD.findall(title.casefold()) for part in _parts(word)})
    return counts


def _parts(word: str) -> Iterable[str]:
    return (word[at : at + 2] for at in range(len(word) - 1)) if _HAN.search(word) else (word,)


def _share(counts: Counter[str], word: str) -> float:
    total = counts.total()
    return counts[word] / total if total else 0.0
