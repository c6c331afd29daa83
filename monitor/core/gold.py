"""A user's list of dated events, matched to the archive: what told of each, and how soon."""

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.core.article import Article
from monitor.core.languages import detect_language
from monitor.core.likeness import log_odds
from monitor.core.links import canonical_url, link_key
from monitor.core.match import find_matches
from monitor.core.names import find_concepts
from monitor.core.phrase import phrase_problem
from monitor.core.watch import Watch, WatchTerm

BEFORE, AFTER = timedelta(days=1), timedelta(days=7)
"""Around its date, when articles can tell of an event: time zones before, echoes after."""
LIKE = 0.05
"""Smallest probability that an article tells of an event known by its title alone. Chosen on the project's own stories
(``benchmarks/replay.py gold``): 0.85 of the pairs right, 0.82 of the events found."""
STEM = 5

COLUMNS = {
    "date": ("date", "time", "when", "day", "published"),
    "event": ("event", "title", "headline", "name", "what"),
    "url": ("url", "urls", "link", "links"),
    "phrases": ("phrases", "phrase", "keywords", "find"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the list. A date alone means its whole day in UTC: ``at`` is its beginning, ``due`` its end."""

    line: int
    title: str
    at: datetime
    due: datetime
    """When the list's reader knew of it: lead times count to here."""
    links: tuple[str, ...] = ()
    """Keys of links that report it."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Phrases; an article that tells of it has one of each group."""


def read_events(name: str, text: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The events of a CSV text, and what is wrong as ``file:line: column: message``.

    Columns ``date`` (ISO 8601), ``event``, ``url`` (several parted by blanks) and ``phrases`` (groups parted by ``;``,
    alternatives by ``|``); commas, semicolons or tabs part columns.
    """
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=max(",;\t", key=first.count))
    head = [cell.strip().lower() for cell in next(rows, [])]
    at = {column: next((head.index(n) for n in names if n in head), None) for column, names in COLUMNS.items()}
    if at["date"] is None or (at["event"] is None and at["url"] is None and at["phrases"] is None):
        return (), (
            f"{name}:1: (columns): needs date and event (or url, or phrases); it has {', '.join(head) or 'none'}",
        )
    events, problems = [], []
    for row in rows:
        cells = {c: row[n].strip() if n is not None and n < len(row) else "" for c, n in at.items()}
        if any(cells.values()):
            event, problem = _event(cells, rows.line_num)
            events += [event] if event else []
            problems += [f"{name}:{rows.line_num}: {problem}"] if problem else []
    return tuple(events), tuple(problems)


def _event(cells: Mapping[str, str], line: int) -> tuple[Event | None, str]:
    date = cells["date"]
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None, f"date: {date!r} is not a date such as 2026-11-23 or a time such as 2026-11-23T09:30+09:00"
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not (cells["event"] or cells["url"] or cells["phrases"]):
        return None, "event: is empty"
    groups = tuple(
        tuple(phrase.strip() for phrase in group.split("|") if phrase.strip())
        for group in cells["phrases"].split(";")
        if group.strip(" |")
    )
    for phrase in (phrase for group in groups for phrase in group):
        if problem := phrase_problem(phrase):
            return None, f"phrases: {problem}"
    urls = cells["url"].split()
    if wrong := [url for url in urls if not canonical_url(url)]:
        return None, f"url: {wrong[0]!r} is not an http or https address"
    whole_day = len(date) == len("2026-11-23")
    return Event(
        line=line,
        title=cells["event"] or urls[0] if not groups else cells["event"] or cells["phrases"],
        at=moment,
        due=moment + timedelta(days=1) if whole_day else moment,
        links=tuple(link_key(url) for url in urls),
        groups=groups,
    ), ""


class Finder:
    """Finds the events that an article tells of; the articles may come in any order."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = sorted(events, key=lambda event: event.at)
        self._times = [event.at for event in self._events]
        self._links = {link: event for event in self._events for link in event.links}
        self._like = {event: _as_article(event) for event in self._events if not event.groups and event.title}
        self._known = {event: _traces(article) for event, article in self._like.items()}
        self._watches = {
            event: [Watch(terms=(WatchTerm(name="event", any_of=group),), version="") for group in event.groups]
            for event in self._events
        }

    def find(self, article: Article) -> list[Event]:
        """The events that it tells of: by its link, by their phrases, or by likeness where they have no phrases."""
        linked = self._links.get(link_key(article.url)) if article.url and self._links else None
        first = bisect_left(self._times, article.published_at - AFTER)
        near = self._events[first : bisect_right(self._times, article.published_at + BEFORE)]
        found = [linked] if linked else []
        traces = _traces(article) if any(event in self._like for event in near) else frozenset()
        for event in near:
            if event is linked:
                continue
            if event.groups:
                if all(find_matches(watch, article) for watch in self._watches[event]):
                    found.append(event)
            elif event in self._like and len(traces & self._known[event]) >= min(2, len(self._known[event])):
                found += [event] if log_odds(self._like[event], article) >= LIKE else []
        return found


def _as_article(event: Event) -> Article:
    middle = event.at + (event.due - event.at) / 2
    return Article(
        id=f"event-{event.line}",
        feed_id="",
        outlet="",
        url="",
        title=event.title,
        summary="",
        language=detect_language(event.title, ""),
        published_at=middle,
        seen_at=middle,
    )


def _traces(article: Article) -> frozenset[str]:
    """Names in canonical form and beginnings of words: an event and its reports share some."""
    text = f"{article.title} {article.summary[:400]}"
    words = {word[:STEM] for word in text.lower().split() if len(word) >= STEM}
    return frozenset({concept.name for concept in find_concepts(text)} | words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article that tells of an event, and how far it came."""

    article: Article
    score: float
    probability: float
    flagged: bool
    dropped: tuple[str, ...]
    """Terms that pulled it down or dropped it."""
    helped: tuple[str, ...]
    story_id: str
    told_at: datetime | None
    """When readers were first told of the article: its digest's cut, or its alert."""
    story_told: bool
    """Whether its story was told, by whichever article."""
    shown: bool
    """False when the digest only counted it: it was over the cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one event: caught, late or missed; for missed the ``gate`` that lost it and why.

    Gates: feed, keyword, classifier, threshold, grouping, digest, digest cap."""

    event: Event
    outcome: str
    gate: str
    why: str
    reports: int
    best: Report | None
    lead_hours: float | None
    """From when readers were told to when the list's reader knew; negative: after it."""


def judge_event(
    event: Event,
    reports: Sequence[Report],
    threshold: float,
    *,
    near: float,
    late_after: timedelta,
    archive: datetime | None,
) -> Verdict:
    """What became of ``event``. ``near`` is the score from which one more nudge would have flagged an article;
    ``archive`` is when the archive begins."""
    told = [r for r in reports if r.told_at is not None and r.shown]
    if told:
        best = min(told, key=lambda r: (r.told_at or event.due, r.article.id))
        assert best.told_at is not None  # noqa: S101  (filtered above)
        lead = (event.due - best.told_at) / timedelta(hours=1)
        late = best.told_at > event.due + late_after
        why = f"told {-lead:.0f} h after it" if late else ""
        outcome = "late" if late else "caught"
        return Verdict(
            event=event, outcome=outcome, gate="", why=why, reports=len(reports), best=best, lead_hours=round(lead, 1)
        )
    gate, why, found = _lost(event, reports, threshold, near=near, archive=archive)
    return Verdict(event=event, outcome="missed", gate=gate, why=why, reports=len(reports), best=found, lead_hours=None)


def _lost(
    event: Event, reports: Sequence[Report], threshold: float, *, near: float, archive: datetime | None
) -> tuple[str, str, Report | None]:
    """The last gate that some article reached, why it went no further, and the article."""
    flagged = [r for r in reports if r.flagged]
    if capped := [r for r in flagged if r.told_at is not None]:
        return "digest cap", "flagged, but only counted: over max_stories of its digest", capped[0]
    if swallowed := [r for r in flagged if r.story_told]:
        return "grouping", "flagged, but taken for no news of a story that was told already", swallowed[0]
    if flagged:
        return "digest", "flagged, but no digest took it: its filters, or none was cut since", flagged[0]
    if not reports:
        before = archive is not None and event.due + AFTER < archive
        return "feed", "the archive begins later" if before else "no feed carried it", None
    best = max(reports, key=lambda r: r.score)
    if best.dropped and (best.probability >= threshold or best.score < best.probability):
        return "keyword", f"pulled down by {', '.join(best.dropped)}", best
    if best.score >= near:
        return "threshold", f"score {best.score:.2f}, threshold {threshold:.2f}", best
    if not best.helped:
        return "keyword", f"no watch term matched, and the classifier alone gave it {best.probability:.2f}", best
    return "classifier", f"{', '.join(best.helped)} matched, but the classifier gave it {best.probability:.2f}", best
