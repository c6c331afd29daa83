"""Moments on the clocks of a time zone: when a digest is due by its cron line, when a week begins."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

# No change of clocks that is in use moves them further than this.
LARGEST_SHIFT = timedelta(hours=3)


def last_due_cut(cron: str, time_zone: str, now: datetime) -> datetime:
    """The last moment, in UTC and not after ``now``, at which ``cron`` falls on the clocks of ``time_zone``.

    Each time of the wall clock counts once. In the hour that clocks skip it falls as much later as they jump; in the
    hour that they repeat it falls the first time. ``cron`` has five fields; it and ``time_zone`` were checked before.
    """
    zone = ZoneInfo(time_zone)
    clock = now.astimezone(zone).replace(tzinfo=None) + LARGEST_SHIFT
    times = croniter(cron, clock + timedelta(seconds=1))
    due: datetime | None = None
    # Around a change of clocks, wall times and moments may come in another order: look a little further back.
    while due is None or clock > due.astimezone(zone).replace(tzinfo=None) - LARGEST_SHIFT:
        clock = times.get_prev(datetime)
        moment = clock.replace(tzinfo=zone).astimezone(UTC)
        if moment <= now and (due is None or moment > due):
            due = moment
    return due


def next_cut(cron: str, time_zone: str, now: datetime) -> datetime:
    """The first moment, in UTC and after ``now``, at which ``cron`` falls on the clocks of ``time_zone``."""
    zone = ZoneInfo(time_zone)
    clock = now.astimezone(zone).replace(tzinfo=None) - LARGEST_SHIFT
    times = croniter(cron, clock)
    due: datetime | None = None
    while due is None or clock < due.astimezone(zone).replace(tzinfo=None) + LARGEST_SHIFT:
        clock = times.get_next(datetime)
        moment = clock.replace(tzinfo=zone).astimezone(UTC)
        if moment > now and (due is None or moment < due):
            due = moment
    return due


def iso_week(name: str, time_zone: str) -> tuple[datetime, datetime]:
    """Beginning and end, in UTC, of an ISO week such as 2026-W47 in ``time_zone``. ValueError for anything else."""
    year, _, week = name.upper().partition("-W")
    if not (year.isdecimal() and week.isdecimal()):
        raise ValueError(f"{name!r} is no ISO week such as 2026-W47")
    monday = datetime.combine(date.fromisocalendar(int(year), int(week), 1), time(), ZoneInfo(time_zone))
    return monday.astimezone(UTC), (monday + timedelta(days=7)).astimezone(UTC)


def last_week(time_zone: str, now: datetime) -> str:
    """The last whole ISO week on the clocks of ``time_zone``, such as 2026-W47."""
    year, week, _ = (now.astimezone(ZoneInfo(time_zone)).date() - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"
