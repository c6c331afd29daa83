"""Trends: how much is reported on each theme, day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.theme import Theme

TREND_DAYS = 30
TREND_WINDOW = timedelta(days=TREND_DAYS)
WEEK = 7
_DAY = timedelta(days=1)
CHANGED = 1.25  # less of a difference, or a single story, is no change


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One flagged article as a trend counts it. ``at`` is when it was published, ``themes`` most probable first."""

    story_id: str
    themes: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One theme over some days: ``counts`` are the stories that were reported on each of ``days``, oldest first."""

    theme: str
    title: str
    days: tuple[date, ...]
    counts: tuple[int, ...]

    @property
    def last_week(self) -> int:
        """Stories on the last seven days, summed day by day."""
        return sum(self.counts[-WEEK:])

    @property
    def usual_week(self) -> float:
        """The mean of a week in the days before."""
        before = self.counts[:-WEEK]
        return sum(before) * WEEK / len(before) if before else 0.0

    @property
    def direction(self) -> int:
        """1 when the last week had clearly more than a usual one, -1 when less, else 0."""
        last, usual = self.last_week, self.usual_week
        if abs(last - usual) < 2:
            return 0
        return 1 if last > usual * CHANGED else -1 if last * CHANGED < usual else 0

    @property
    def peak(self) -> tuple[date, int]:
        """The day with the most stories, the latest of equals."""
        return max(zip(self.days, self.counts, strict=True), key=lambda pair: (pair[1], pair[0]))


def trends_of(
    flagged: Iterable[Flagged],
    themes: Sequence[Theme],
    *,
    cut: datetime,
    time_zone: str,
    wanted: Sequence[str] = (),
) -> tuple[Trend, ...]:
    """The trend of each of ``themes`` (of ``wanted``, where some are given), in their order.

    A day is the 24 hours that end at the time of day of ``cut``, so that the last one is as long as the others; it
    bears the date on which it ends in ``time_zone``. A story counts once a day under each theme that leads one of
    its articles, however many outlets carry it.
    """
    shown = [theme for theme in themes if not wanted or theme.id in wanted]
    seen = {
        (theme, (cut - one.at) // _DAY, one.story_id)
        for one in flagged
        if one.at <= cut and (theme := _leading(one.themes, wanted))
    }
    counts: dict[str, list[int]] = {theme.id: [0] * TREND_DAYS for theme in shown}
    for theme, ago, _ in seen:
        if theme in counts and ago < TREND_DAYS:
            counts[theme][TREND_DAYS - 1 - ago] += 1
    last = cut.astimezone(ZoneInfo(time_zone)).date()
    dates = tuple(last - _DAY * ago for ago in reversed(range(TREND_DAYS)))
    return tuple(Trend(theme=t.id, title=t.title, days=dates, counts=tuple(counts[t.id])) for t in shown)


def _leading(themes: Sequence[str], wanted: Sequence[str]) -> str:
    return next((theme for theme in themes if not wanted or theme in wanted), "")
