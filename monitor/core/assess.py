"""How much of the world we see: the line in every digest, and the changes that are worth telling."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.digest import Coverage
from monitor.core.feed import Feed, FeedState, Health, HealthChange
from monitor.core.habit import is_silent

SEEN_WITHIN = timedelta(days=1)
PATIENCE = timedelta(hours=6)  # a feed that fails for less than this is told to nobody
NAMED = 4  # troubles that a digest names; the others are a number
LOSS_TOLD = timedelta(days=1)
_WORDS = {
    Health.FAILING: "failing",
    Health.DEAD: "dead",
    Health.BLOCKED: "blocked",
    Health.NOT_A_FEED: "not a feed",
}
_TOLD_NOTES = ("silent", "frozen", "gap", "truncated", "moved")
_NOTE_VERBS = {
    "silent": "has gone silent",
    "frozen": "stands still",
    "gap": "lost entries between two polls",
    "truncated": "comes cut short",
    "moved": "has moved",
}


def coverage(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> Coverage:
    """Of the enabled feeds, how many answered within the last day; and the worst troubles in words, worst first."""
    enabled = [feed for feed in feeds if feed.enabled]
    known = {feed.id: states[feed.id] for feed in enabled if feed.id in states and states[feed.id].url == feed.url}
    seen = sum(
        state.last_success_at is not None and now - state.last_success_at <= SEEN_WITHIN for state in known.values()
    )
    ranked = sorted(
        (trouble for feed in enabled if feed.id in known for trouble in _troubles(feed, known[feed.id], now)),
        key=lambda trouble: (trouble[0], trouble[1]),
    )
    words = [text for _, _, text in ranked]
    if len(words) > NAMED:
        words = [*words[:NAMED], f"{len(words) - NAMED} more in trouble"]
    return Coverage(enabled=len(enabled), seen=seen, troubles=tuple(words))


def _troubles(feed: Feed, state: FeedState, now: datetime) -> Iterable[tuple[int, float, str]]:
    """Rank, order within it, words. Lost entries and silence come first: of them nobody else would tell."""
    habit = state.habit
    if habit.lost_at is not None and now - habit.lost_at <= LOSS_TOLD:
        yield 0, -habit.lost, f"about {habit.lost} {'entry' if habit.lost == 1 else 'entries'} lost at {feed.outlet}"
    if state.health is Health.HEALTHY:
        if state.last_new_at is not None and is_silent(state, now):
            quiet = now - state.last_new_at
            yield 1, -quiet.total_seconds(), f"{feed.outlet} silent {_long(quiet)}"
        return
    if state.health is Health.NEW:
        return
    since = state.last_success_at
    if since is None:
        yield 3, 0.0, f"{feed.outlet} {_WORDS[state.health]}, never seen"
    elif now - since > PATIENCE:
        yield 2, (now - since).total_seconds(), f"{feed.outlet} {_WORDS[state.health]} {_long(now - since)}"


def _long(time: timedelta) -> str:
    hours = int(time.total_seconds() // 3600)
    return f"{hours} h" if hours < 72 else f"{hours // 24} d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One change of one feed that people should hear of, in words. ``trouble`` names it; it is empty for a recovery."""

    feed_id: str
    trouble: str
    text: str


def announcements(
    feeds: Iterable[Feed],
    histories: Mapping[str, Sequence[HealthChange]],
    told: Mapping[str, str],
    *,
    now: datetime,
) -> tuple[Announcement, ...]:
    """Which feeds are in another trouble than the one that was ``told`` of them last, recoveries at the end.

    ``histories`` are the changes of each feed's health, oldest first; ``told`` has the trouble by feed, and nothing or
    an empty text for a feed that is well as far as people know. What came and went in between is not told.
    """
    found = []
    for feed in feeds:
        history = histories.get(feed.id, ())
        if not feed.enabled or not history:
            continue
        before, (trouble, words) = told.get(feed.id, ""), _trouble(history, now)
        if trouble and trouble != before:
            found.append(Announcement(feed_id=feed.id, trouble=trouble, text=f"{feed.outlet} {words}"))
        elif before and not trouble and history[-1].health is Health.HEALTHY:
            found.append(Announcement(feed_id=feed.id, trouble="", text=f"{feed.outlet} is well again"))
    return tuple(sorted(found, key=lambda one: (not one.trouble, one.feed_id)))


def _trouble(history: Sequence[HealthChange], now: datetime) -> tuple[str, str]:
    """What is wrong with a feed, as one word and in words; empty when nothing is, or not for long."""
    last = history[-1]
    if last.health is Health.HEALTHY:
        note = next((note for note in _TOLD_NOTES if note in last.notes), "")
        return note, _NOTE_VERBS.get(note, "")
    if last.health is Health.NEW:
        return "", ""
    began = last.at
    for change in reversed(history):
        if change.health in {Health.HEALTHY, Health.NEW}:
            break
        began = change.at
    if now - began < PATIENCE and last.health is Health.FAILING:
        return "", ""
    return last.health.value, f"is {_WORDS[last.health]}: {last.reason}"
