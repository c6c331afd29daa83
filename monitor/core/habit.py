"""A feed's habit: how long it is usually quiet, and so when its silence means something.

The model. Over the last days with new entries we know the number of gaps between entries, ``n``, and the longest of
them. Were gaps exponential (a feed that publishes at random), the chance that the next one is longer than ``c`` times
the longest of ``n`` would be ``G(n+1) G(c+1) / G(n+c+1)``, with ``G`` the gamma function. ``c`` is chosen so that the
feed would raise one false alarm a year. Real feeds keep nights and weekends, which the longest gap contains, so that
they alarm more rarely than that; they alarm more often when their habit itself changes (holidays, a redesign).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, lgamma

from monitor.core.feed import FeedState, Habit

REMEMBERED_DAYS = 40  # days with new entries: for a daily outlet, five weekends
FEWEST_GAPS = 6  # with fewer nothing can be said
FALSE_ALARMS_A_YEAR = 1.0
SHORTEST_SILENCE = timedelta(hours=6)
_DAY = 86400.0


def observe(habit: Habit, moments: Iterable[datetime], *, connected: bool = True) -> Habit:
    """Take in the moments (UTC) at which new entries were published, in any order.

    ``connected`` is False when entries were lost before them: the gap up to the first one is none of the feed's.
    """
    days = {day: (gaps, longest) for day, gaps, longest in habit.days}
    newest = habit.newest_at
    for moment in sorted(set(moments)):
        if newest is not None and moment <= newest:
            continue  # published late, behind what we have: says nothing about silence
        if newest is not None and connected:
            day = moment.astimezone(UTC).toordinal()
            gaps, longest = days.get(day, (0, 0.0))
            days[day] = (gaps + 1, max(longest, (moment - newest).total_seconds()))
        newest, connected = moment, True
    kept = sorted(days.items())[-REMEMBERED_DAYS:]
    return replace(habit, days=tuple((day, gaps, longest) for day, (gaps, longest) in kept), newest_at=newest)


def silent_after(habit: Habit) -> timedelta | None:
    """The silence that is no longer this feed's habit; None when too little is known of it."""
    gaps = sum(gaps for _, gaps, _ in habit.days)
    if gaps < FEWEST_GAPS:
        return None
    longest = max(longest for _, _, longest in habit.days)
    span = max((habit.days[-1][0] - habit.days[0][0] + 1) * _DAY, longest)
    chance = min(0.2, FALSE_ALARMS_A_YEAR * span / (365 * _DAY * gaps))
    return max(timedelta(seconds=longest * _times_longest(gaps, chance)), SHORTEST_SILENCE)


def is_silent(state: FeedState, now: datetime) -> bool:
    """True when a feed that answers has brought nothing new for longer than is its habit."""
    limit = silent_after(state.habit)
    if limit is None or state.last_new_at is None:
        return False
    return now - state.last_new_at > limit + (state.interval or timedelta())


def _times_longest(gaps: int, chance: float) -> float:
    """``c`` with P(next gap > c * longest of ``gaps``) = ``chance``, by bisection."""
    low, high = 1.0, 16.0
    for _ in range(40):
        middle = (low + high) / 2
        if exp(lgamma(gaps + 1) + lgamma(middle + 1) - lgamma(gaps + middle + 1)) > chance:
            low = middle
        else:
            high = middle
    return high
