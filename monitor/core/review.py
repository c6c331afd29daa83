"""A look below the line: which articles people judge so that we learn what the threshold hides, and what follows.

An elusion test (Roitblat 2007): a stratified random sample of what was not flagged, and a few that were, so that who
judges does not know the answer and precision is measured too.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.decide import logit
from monitor.core.decision import Label

SHARES = (0.2, 0.45, 0.25, 0.1)  # of the sample: above the line, just below, further, far below
STEPS = (1.5, 4.0)  # log-odds below the threshold where "just below" and "further" end


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSpec:
    """Where samples go (empty: nowhere, they wait for ``monitor label --review``), and how many articles one has."""

    channel: str = ""
    size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One article of a sample. ``stratum`` 0 is above the line, the last one is far below it."""

    article_id: str
    stratum: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """How many articles it held, and how many of them are relevant by their own scores."""

    held: int
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One sample of what was first seen in [since, drawn_at)."""

    drawn_at: datetime
    since: datetime
    model: str
    threshold: float
    strata: tuple[Stratum, ...]
    articles: tuple[Sampled, ...]
    """In the order in which they are asked."""


def draw(
    decided: Sequence[tuple[str, float, bool]],
    *,
    size: int,
    since: datetime,
    drawn_at: datetime,
    model: str,
    threshold: float,
) -> Review:
    """A sample of ``decided``: (article id, score, flagged) of all that was first seen in the time.

    Which articles it takes depends on nothing but the ids and ``drawn_at``: as good as chance, and the same each time.
    """
    held: list[list[tuple[str, float]]] = [[] for _ in SHARES]
    for article_id, score, flagged in decided:
        held[_stratum(score, threshold, flagged=flagged)].append((article_id, score))
    taken = []
    for stratum, (members, wanted) in enumerate(zip(held, _allot([len(m) for m in held], size), strict=True)):
        by_chance = sorted(members, key=lambda member: _chance(member[0], drawn_at))
        taken += [Sampled(article_id=i, stratum=stratum, score=score) for i, score in by_chance[:wanted]]
    return Review(
        drawn_at=drawn_at,
        since=since,
        model=model,
        threshold=threshold,
        strata=tuple(Stratum(held=len(members), expected=sum(score for _, score in members)) for members in held),
        articles=tuple(sorted(taken, key=lambda one: _chance(one.article_id, drawn_at))),
    )


def _stratum(score: float, threshold: float, *, flagged: bool) -> int:
    if flagged:
        return 0
    below = logit(threshold) - logit(score)
    return 1 + sum(below > step for step in STEPS)


def _allot(held: Sequence[int], size: int) -> list[int]:
    """How many of each stratum: by SHARES, and what one cannot give comes from the next nearer to the line."""
    wanted = [min(count, round(size * share)) for count, share in zip(held, SHARES, strict=True)]
    for stratum in (1, 2, 3, 0):
        wanted[stratum] += min(max(0, size - sum(wanted)), held[stratum] - wanted[stratum])
    return wanted


def _chance(article_id: str, drawn_at: datetime) -> str:
    return hashlib.sha256(f"{drawn_at.isoformat()}/{article_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One stratum of one or more reviews: what it held, how many were judged, and how many of these are relevant."""

    held: int
    expected: float
    judged: int
    relevant: int


def answered(reviews: Sequence[Review], said: Mapping[str, bool]) -> tuple[Answered, ...]:
    """The strata of ``reviews`` together, but of those nobody answered; ``said``: by article id, is it relevant."""
    heard = [review for review in reviews if any(one.article_id in said for one in review.articles)]
    made = []
    for stratum in range(len(SHARES)):
        mine = [one.article_id for review in heard for one in review.articles if one.stratum == stratum]
        judged = [said[article_id] for article_id in mine if article_id in said]
        made.append(
            Answered(
                held=sum(review.strata[stratum].held for review in heard),
                expected=sum(review.strata[stratum].expected for review in heard),
                judged=len(judged),
                relevant=sum(judged),
            )
        )
    return tuple(made)


def weighed(reviews: Sequence[Review], said: Mapping[str, bool]) -> list[tuple[float, float, bool]]:
    """(Score, how many articles it stands for, flagged) of every sampled article that is relevant, best first."""
    strata = answered(reviews, said)
    found = {
        a.article_id: (a.score, strata[a.stratum].held / strata[a.stratum].judged, a.stratum == 0)
        for review in reviews
        for a in review.articles
        if said.get(a.article_id)
    }
    return sorted(found.values(), reverse=True)


def keeping(found: Sequence[tuple[float, float, bool]], target: float) -> float | None:
    """The highest score at which a threshold still finds ``target`` of all that is relevant (``weighed``).

    None when what is flagged already is that much, or when nothing relevant was sampled.
    """
    total, reached = sum(weight for _, weight, _ in found), sum(weight for _, weight, flagged in found if flagged)
    if not found or reached >= target * total:
        return None
    for score, weight, flagged in found:
        if not flagged:
            reached += weight
            if reached >= target * total:
                return score
    return None


def settled(labels: Iterable[Label]) -> dict[str, bool]:
    """Is it relevant, by article id. The last word of each person counts; a tie is relevant, for misses are sought."""
    last = {(label.article_id, label.who): label.value == "1" for label in labels if label.kind == "relevance"}
    words: dict[str, list[bool]] = {}
    for (article_id, _), relevant in last.items():
        words.setdefault(article_id, []).append(relevant)
    return {article_id: 2 * sum(given) >= len(given) for article_id, given in words.items()}
