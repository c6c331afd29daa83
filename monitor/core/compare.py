"""An old and a new watch compared while the archive goes by."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.core.article import Article
from monitor.core.decision import Thresholds
from monitor.core.gold import Event, Finder
from monitor.core.match import find_matches
from monitor.core.replay import Count, Lead, Replayed, collisions, quality
from monitor.core.trial import Cause, Collision, Example, Quality, Side
from monitor.core.watch import Watch, WatchTerm

K = TypeVar("K")


@dataclass(slots=True)
class Comparison:
    """Sums over the archive: give it every article in order of time, then ask."""

    old: Watch
    new: Watch
    thresholds: Thresholds
    people: Mapping[str, bool]
    events: Sequence[Event]
    count: Count = field(init=False)
    matched: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    new_names: tuple[str, ...] = ()
    _labelled: Counter[tuple[bool, bool, bool]] = field(default_factory=Counter)
    _finder: Finder | None = None
    _told: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    _on_list: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))

    def __post_init__(self) -> None:
        self.count = Count(2, self.thresholds)
        self.new_names = tuple(sorted(term.name for term in set(self.new.terms) - set(self.old.terms)))
        self._finder = Finder(self.events) if self.events else None

    def add(self, one: Replayed) -> None:
        story_id = self.count.add(one)
        article = one.past.article
        names = [term.name for term in one.terms[1]]
        self.matched.update(names)
        for name in names:
            if name in self.new_names:
                self.pairs.update((name, other) for other in names if other != name)
        flagged = tuple(judged.digest for judged in one.judged)
        if article.id in self.people:
            self._labelled[self.people[article.id], flagged[0], flagged[1]] += 1
        if self._finder is not None and story_id:
            for event in self._finder.find(article):
                for at in (at for at in (0, 1) if flagged[at]):
                    self._told[at].add(event.line)
                    self._on_list[at].add(story_id)

    def changed(self) -> tuple[list[Lead], list[Lead]]:
        """The best articles of the stories that are gained, and of those that are lost; best score first."""
        gained, lost = [], []
        for story in self.count.stories.values():
            before, after = story.leads
            if after and not before:
                gained.append(after)
            elif before and not after:
                lost.append(before)
        return (
            sorted(gained, key=lambda lead: (-lead.scores[1], lead.article_id)),
            sorted(lost, key=lambda lead: (-lead.scores[0], lead.article_id)),
        )

    def side(self, at: int, now: datetime) -> Side:
        """What one watch makes of it."""
        return Side(
            articles=self.count.flagged[at],
            stories=sum(story.leads[at] is not None for story in self.count.stories.values()),
            alerts_per_week=self.count.per_week(now)[at][1],
        )

    def collide(self) -> list[Collision]:
        """New or changed terms, and others that match the same articles."""
        return collisions(self.new_names, self.matched, self.pairs, self.new)

    def on_labels(self) -> tuple[Quality, Quality] | None:
        """Against what people said."""
        if not self._labelled:
            return None
        judged = self._labelled.total()
        relevant = sum(n for (is_relevant, *_), n in self._labelled.items() if is_relevant)

        def side(at: int) -> Quality:
            flagged = {key: n for key, n in self._labelled.items() if key[1 + at]}
            right = sum(n for key, n in flagged.items() if key[0])
            return quality(sum(flagged.values()), right, relevant, judged)

        return side(0), side(1)

    def on_gold(self) -> tuple[Quality, Quality] | None:
        """Against the list of events within the archive: recall of events, and stories that are on the list."""
        first, last = self.count.first, self.count.last
        if first is None or last is None or not self.events:
            return None
        within = {event.line for event in self.events if first <= event.due and event.at <= last}
        begins, ends = min(e.at for e in self.events), max(e.due for e in self.events)

        def side(at: int) -> Quality:
            leads = [story.leads[at] for story in self.count.stories.values()]
            stories = sum(lead is not None and begins <= lead.seen_at <= ends + timedelta(days=1) for lead in leads)
            on_list = len(self._on_list[at])
            return Quality(
                judged=len(self.events),
                relevant=len(within),
                precision=on_list / max(stories, on_list) if stories else None,
                recall=len(self._told[at] & within) / len(within) if within else None,
            )

        return side(0), side(1)

    def notices(self, waiting: int) -> Iterable[str]:
        """What one must know before trusting the figures."""
        if set(self.new.terms) == set(self.old.terms):
            yield "the two watches mean the same"
        if waiting:
            yield f"{waiting} articles are not decided yet and were left out"
        if self.count.ungrouped:
            yield (
                f"{self.count.ungrouped} newly flagged articles were too many to be grouped: each counts as a story, "
                "so that the numbers of stories are too high"
            )
        for name in self.new_names:
            if not self.matched[name]:
                yield f"{name!r} matches nothing in this archive"


def _names(watch: Watch) -> set[str]:
    return {term.name for term in watch.terms}


def counted(gained: Iterable[Lead], lost: Iterable[Lead], key: Callable[[Lead], K]) -> dict[K, tuple[int, int]]:
    """Numbers gained and lost by ``key``, in its order."""
    plus, minus = Counter(map(key, gained)), Counter(map(key, lost))
    return {value: (plus[value], minus[value]) for value in sorted(plus.keys() | minus.keys(), key=str)}


def example(lead: Lead, article: Article, old: Watch, new: Watch) -> Example:
    """One gained or lost story by its article, with the differing terms that match it in one of the watches."""
    before, after = set(old.terms) - set(new.terms), set(new.terms) - set(old.terms)
    causes = []
    for terms, others, change in ((after, old, "new"), (before, new, "gone")):
        found: dict[str, list[str]] = {}
        for match in find_matches(Watch(terms=tuple(terms), version=""), article):
            found.setdefault(match.term, []).append(match.found)
        by_name = {term.name: term for term in terms}
        for name, words in found.items():
            term = by_name[name]
            causes.append(
                Cause(
                    term=name,
                    change=_change(change, name in _names(others)),
                    weight=term.weight,
                    rule=_rule(term),
                    found=tuple(dict.fromkeys(words)),
                )
            )
    return Example(
        article=article, theme=lead.theme, score_before=lead.scores[0], score_after=lead.scores[1], causes=tuple(causes)
    )


def _change(change: str, in_both: bool) -> str:
    if not in_both:
        return change
    return "changed to" if change == "new" else "changed from"


def _rule(term: WatchTerm) -> str:
    return "never" if term.never else "always" if term.always else "alert" if term.alert else ""
