"""The report of some days, usually a week: what was told, by whom, in which languages, and what was not seen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.core.digest import Digest
from monitor.core.feed import Feed, FeedState, Health
from monitor.core.habit import is_silent
from monitor.core.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one outlet, or one language, contributed: flagged articles, stories, and those it had before all others."""

    name: str
    articles: int
    stories: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One feed: how it is now, what it brought in the time of the report, and what it lost then."""

    feed: Feed
    health: Health
    notes: tuple[str, ...]
    reason: str
    last_success_at: datetime | None
    articles: int
    lost: int

    @property
    def well(self) -> bool:
        """Nothing to do about it."""
        return self.health is Health.HEALTHY and not self.lost and "silent" not in self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallPoint:
    """The share of what is relevant that was flagged, by the reviews up to a day, with its 95 % interval."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """What people's answers below the line say: recall over time (one point at least), and the same in sentences."""

    recall: tuple[RecallPoint, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the readers of one digest are told about a window, half-open: (since, cut] of ``digest``."""

    digest: Digest
    """All of the window as one digest: its best stories, the trends, the coverage."""
    articles: int
    """Flagged articles in all its stories."""
    outlets: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    feeds: tuple[FeedLine, ...]
    misses: Misses | None = None
    """None as long as nobody judged articles below the line."""


def tally_outlets(stories: Iterable[Story]) -> tuple[Tally, ...]:
    """What each outlet contributed, the most first."""
    return _tally((told.article.outlet for told in story.members) for story in _by_publication(stories))


def tally_languages(stories: Iterable[Story]) -> tuple[Tally, ...]:
    """What was written in each language, the most first."""
    return _tally((told.article.language for told in story.members) for story in _by_publication(stories))


def _by_publication(stories: Iterable[Story]) -> Iterable[Story]:
    for story in stories:
        members = sorted(story.members, key=lambda told: (told.article.published_at, told.article.id))
        yield replace(story, members=tuple(members))


def _tally(stories: Iterable[Iterable[str]]) -> tuple[Tally, ...]:
    articles: Counter[str] = Counter()
    held: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for names in map(list, stories):
        articles.update(names)
        held.update(set(names))
        first[names[0]] += 1
    return tuple(
        Tally(name=name, articles=count, stories=held[name], first=first[name])
        for name, count in sorted(articles.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def feed_lines(
    feeds: Iterable[Feed],
    states: Mapping[str, FeedState],
    brought: Mapping[str, int],
    *,
    since: datetime,
    until: datetime,
) -> tuple[FeedLine, ...]:
    """One line for each enabled feed, those with troubles first; ``brought`` is the number of articles by feed id."""
    lines = [_feed_line(feed, states, brought, since, until) for feed in feeds if feed.enabled]
    return tuple(sorted(lines, key=lambda line: (line.well, line.feed.outlet, line.feed.id)))


def _feed_line(
    feed: Feed, states: Mapping[str, FeedState], brought: Mapping[str, int], since: datetime, until: datetime
) -> FeedLine:
    state = states.get(feed.id)
    if state is None or state.url != feed.url:
        state = FeedState(feed_id=feed.id)
    silent = ("silent",) if "silent" not in state.notes and is_silent(state, until) else ()
    lost_at = state.habit.lost_at
    return FeedLine(
        feed=feed,
        health=state.health,
        notes=(*state.notes, *silent),
        reason=state.reason,
        last_success_at=state.last_success_at,
        articles=brought.get(feed.id, 0),
        lost=state.habit.lost if lost_at is not None and since < lost_at <= until else 0,
    )
