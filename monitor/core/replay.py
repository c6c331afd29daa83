"""What past articles would have become under other watches: matched, judged and grouped, with no model run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from monitor.core.article import Article
from monitor.core.decide import Judgement, is_late, judge, themes_of
from monitor.core.decision import Label, Thresholds
from monitor.core.group import COMPARED, REACH, new_story_id, place
from monitor.core.match import matching_terms
from monitor.core.trial import Collision, Past, Quality
from monitor.core.watch import Watch, WatchTerm

Terms = tuple[WatchTerm, ...]

WEEK = timedelta(days=7)

CHUNK = 1000  # articles that are matched at once
FEW_TERMS = 10  # to be looked for: not worth a helper
INSIDE = 0.9  # of the articles of a term are matched by another one too: it adds little
MOST_COMPARISONS = 60_000  # of articles without a story with those of open stories: some seconds


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past article under each of the watches."""

    past: Past
    terms: tuple[Terms, ...]
    judged: tuple[Judgement, ...]


def replay(
    pasts: Iterable[Past],
    watches: Sequence[Watch],
    known: Mapping[str, Watch],
    thresholds: Thresholds,
    *,
    helper: Executor | None = None,
) -> Iterator[Replayed]:
    """Each past article with the terms of each watch that match it, and what follows.

    ``known`` are watches by version: where an article was decided under one of them, what its terms matched then is
    taken as it was, and only patterns that it did not have are looked for. A ``helper`` takes half of that work where
    there is much of it.
    """
    terms_of = _Rematch(watches, known)
    for past, terms in terms_of.each(pasts, helper):
        late, probability = is_late(past.article), past.prediction.probability
        if all(held is terms[0] for held in terms):
            judged = (judge(probability, terms[0], thresholds, late=late),) * len(terms)
        else:
            judged = tuple(judge(probability, held, thresholds, late=late) for held in terms)
        yield Replayed(past, terms, judged)


Plan = tuple[dict[str, str], Watch]
"""By name of term of a stored watch the number of its pattern, and the patterns that it did not have, by number."""


class _Rematch:
    """The terms of several watches in past articles."""

    def __init__(self, watches: Sequence[Watch], known: Mapping[str, Watch]) -> None:
        self._patterns: dict[WatchTerm, str] = {}
        self._watches = [
            [(self._patterns.setdefault(_pattern(term), str(len(self._patterns))), term) for term in _by_name(watch)]
            for watch in watches
        ]
        self._known = known
        self._plans: dict[str, Plan] = {}
        self._terms: dict[frozenset[str], tuple[Terms, ...]] = {}
        self._same: dict[Terms, Terms] = {}

    def each(self, pasts: Iterable[Past], helper: Executor | None) -> Iterator[tuple[Past, tuple[Terms, ...]]]:
        """Each article with the terms of each watch that match it."""
        waiting = iter(pasts)
        while chunk := list(islice(waiting, CHUNK)):
            plans = self._plans_of(chunk)
            other: list[Past] = []
            if helper is not None and len(plans[_version(chunk[0])][1].terms) > FEW_TERMS:
                other = list(islice(waiting, CHUNK))
            ahead = helper.submit(_find, self._plans_of(other), other) if helper is not None and other else None
            found = _find(plans, chunk) + (ahead.result() if ahead else [])
            for past, patterns in zip([*chunk, *other], found, strict=True):
                yield past, self._terms_of(patterns)

    def _terms_of(self, patterns: frozenset[str]) -> tuple[Terms, ...]:
        if patterns not in self._terms:
            terms = (tuple(term for number, term in watch if number in patterns) for watch in self._watches)
            self._terms[patterns] = tuple(self._same.setdefault(held, held) for held in terms)
        return self._terms[patterns]

    def _plans_of(self, pasts: Sequence[Past]) -> dict[str, Plan]:
        versions = {_version(past) for past in pasts}
        for version in versions - self._plans.keys():
            self._plans[version] = self._plan(version)
        return {version: self._plans[version] for version in versions}

    def _plan(self, version: str) -> Plan:
        then = self._known[version].terms if version in self._known else ()
        patterns = {term.name: _pattern(term) for term in then}
        carried = {name: self._patterns[pattern] for name, pattern in patterns.items() if pattern in self._patterns}
        absent = self._patterns.keys() - patterns.values()
        rest = tuple(replace(pattern, name=self._patterns[pattern]) for pattern in absent)
        return carried, Watch(terms=rest, version="")


def _find(plans: Mapping[str, Plan], pasts: Sequence[Past]) -> list[frozenset[str]]:
    """For each article the numbers of the patterns that it has. Runs in a helper's process too."""
    found = []
    for past in pasts:
        carried, rest = plans[_version(past)]
        numbers = {carried[name] for name in past.decision.terms if name in carried}
        if rest.terms:
            numbers.update(matching_terms(rest, past.article))
        found.append(frozenset(numbers))
    return found


def _version(past: Past) -> str:
    return past.decision.versions.watch


def _pattern(term: WatchTerm) -> WatchTerm:
    """What of a term decides whether it matches."""
    return replace(term, name="", weight=0.0, themes=(), always=False, never=False, alert=False)


def _by_name(watch: Watch) -> list[WatchTerm]:
    return sorted(watch.terms, key=lambda term: term.name)


@dataclass(slots=True)
class Lead:
    """The article of a story that scores best under one watch."""

    article_id: str
    seen_at: datetime
    language: str
    theme: str
    scores: tuple[float, ...]


@dataclass(slots=True)
class StoryCount:
    """One story under each of the watches: its best flagged article, and whether it is worth an alert."""

    leads: list[Lead | None]
    alerted: list[bool]


@dataclass(slots=True)
class Count:
    """What several watches make of the archive, story by story. Feed it ``Replayed`` in order of time."""

    watches: int
    thresholds: Thresholds
    stories: dict[str, StoryCount] = field(default_factory=dict)
    articles: int = 0
    flagged: list[int] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    ungrouped: int = 0
    _open: dict[str, list[Article]] = field(default_factory=dict)
    _left: int = MOST_COMPARISONS

    def __post_init__(self) -> None:
        self.flagged = [0] * self.watches

    def add(self, one: Replayed) -> str:
        """Count one article; returns the id of its story, empty when no watch flags it."""
        self.articles += 1
        self.first = self.first or one.past.article.seen_at
        self.last = one.past.article.seen_at
        if not any(judged.digest for judged in one.judged):
            return ""
        story_id = self._place(one)
        held = self.stories.get(story_id)
        if held is None:
            held = self.stories[story_id] = StoryCount([None] * self.watches, [False] * self.watches)
        scores = tuple(judged.score for judged in one.judged)
        for at, judged in enumerate(one.judged):
            if not judged.digest:
                continue
            self.flagged[at] += 1
            held.alerted[at] |= judged.alert
            lead = held.leads[at]
            if lead is None or judged.score > lead.scores[at]:
                held.leads[at] = self._lead(one, at, scores)
        return story_id

    def per_week(self, now: datetime) -> list[tuple[float, float]]:
        """Of each watch the stories with a flagged article, and those with an alert decision, a week.

        An archive of less than a week counts as one: a busy first day says nothing about a week.
        """
        weeks = max((now - (self.first or now)) / WEEK, 1.0)
        stories = self.stories.values()
        return [
            (
                round(sum(story.leads[at] is not None for story in stories) / weeks, 1),
                round(sum(story.alerted[at] for story in stories) / weeks, 1),
            )
            for at in range(self.watches)
        ]

    def _lead(self, one: Replayed, at: int, scores: tuple[float, ...]) -> Lead:
        themes = themes_of(one.past.prediction, one.terms[at], self.thresholds, flagged=True)
        article = one.past.article
        return Lead(article.id, article.seen_at, article.language, themes[0] if themes else "", scores)

    def _place(self, one: Replayed) -> str:
        """The story that the store has for the article, or the one that it would have joined, or its own."""
        article, story_id = one.past.article, one.past.story_id
        oldest = article.seen_at - REACH
        if not story_id:
            self._open = {key: held for key, held in self._open.items() if held[-1].seen_at >= oldest}
            cost = sum(len(held) for held in self._open.values())
            if cost <= self._left:
                self._left -= cost
                story_id = place(article, self._open).story_id or ""
            else:
                self.ungrouped += 1
        story_id = story_id or new_story_id(article)
        self._open[story_id] = [*self._open.get(story_id, ()), article][-COMPARED:]
        return story_id


def relevance_of(labels: Iterable[Label]) -> dict[str, bool]:
    """What people said of articles: the last word of each person, then the majority; a tie counts as relevant.

    A theme label implies relevance.
    """
    last: dict[tuple[str, str], bool] = {}
    for label in labels:
        if label.kind == "relevance" and label.value in {"0", "1"}:
            last[label.article_id, label.who] = label.value == "1"
        elif label.kind == "theme" and label.value:
            last[label.article_id, label.who] = True
    votes: dict[str, list[bool]] = {}
    for (article_id, _), relevant in last.items():
        votes.setdefault(article_id, []).append(relevant)
    return {article_id: 2 * sum(given) >= len(given) for article_id, given in votes.items()}


def quality(flagged: int, right: int, relevant: int, judged: int) -> Quality:
    """Precision and recall from counts: flagged, flagged and relevant, relevant, judged at all."""
    return Quality(
        judged=judged,
        relevant=relevant,
        precision=right / flagged if flagged else None,
        recall=right / relevant if relevant else None,
    )


def collisions(
    names: Iterable[str], articles: Mapping[str, int], pairs: Mapping[tuple[str, str], int], watch: Watch
) -> list[Collision]:
    """Which terms of ``watch`` collide with the named ones, by how many ``articles`` they match, and ``pairs`` both."""
    terms = {term.name: term for term in watch.terms}
    found = []
    for name in names:
        for other in terms:
            both = pairs.get((name, other), 0)
            relation = _relation(terms[name], terms[other], both, articles) if both else ""
            if relation:
                found.append(
                    Collision(
                        term=name,
                        other=other,
                        both=both,
                        term_articles=articles[name],
                        other_articles=articles[other],
                        relation=relation,
                    )
                )
    return sorted(found, key=lambda c: (c.term, -c.both, c.other))


def _relation(one: WatchTerm, other: WatchTerm, both: int, articles: Mapping[str, int]) -> str:
    if _direction(one) * _direction(other) < 0:
        return "against"
    if both == articles[one.name] == articles[other.name]:
        return "same"
    return "inside" if both >= INSIDE * articles[one.name] else ""


def _direction(term: WatchTerm) -> int:
    if term.never:
        return -1
    return 1 if term.always or term.alert or term.weight > 0 else -1 if term.weight < 0 else 0
