"""When alerts may go out, and how many: quiet hours, a limit an hour, a pause between alerts of one theme."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.digest import Alert, AlertSpec
from monitor.core.story import Story

HOUR = timedelta(hours=1)
RUN = timedelta(minutes=10)  # by then a run would have told it, had that not been a quiet time

Bundle = tuple[Story, ...]
"""Stories of one message: one, or several that were held back or are too many."""


def is_quiet(spec: AlertSpec, moment: datetime) -> bool:
    """Is the channel not to be disturbed then: by the hour or by the day, on the clocks of its time zone?"""
    clock = moment.astimezone(ZoneInfo(spec.time_zone))
    if clock.weekday() not in spec.weekdays:
        return True
    if spec.quiet is None:
        return False
    start, end = spec.quiet
    if start < end:
        return start <= clock.time() < end
    return clock.time() >= start or clock.time() < end


def plan_alerts(spec: AlertSpec, stories: Iterable[Story], told: Sequence[Alert], now: datetime) -> tuple[Bundle, ...]:
    """Which of the untold ``stories`` (best first) go out now, message by message; the others wait.

    ``told`` are the alerts of this channel within the last hour and the last ``cool_down``. In any hour there are at
    most ``max_per_hour`` messages, and one more with all that exceeded them; what finds no place even there waits.
    Alerts of a clock that was ahead count for nothing.
    """
    if is_quiet(spec, now):
        return ()
    cooling = {story.theme() for alert in told if abs(now - alert.cut) < spec.cool_down for story in alert.stories} - {
        ""
    }
    bundles = _bundles(spec, (story for story in stories if story.theme() not in cooling))
    sent = sum(abs(now - alert.cut) < HOUR for alert in told)
    free = max(0, spec.max_per_hour - sent)
    alone, rest = bundles[:free], bundles[free:]
    if not rest or sent > spec.max_per_hour:
        return alone
    return (*alone, tuple(story for bundle in rest for story in bundle))


def _bundles(spec: AlertSpec, stories: Iterable[Story]) -> tuple[Bundle, ...]:
    found: dict[tuple[str, str], list[Story]] = {}
    for story in stories:
        if _was_held(spec, story):
            key = "held", ""
        elif spec.cool_down and story.theme():
            key = "theme", story.theme()
        else:
            key = "story", story.id
        found.setdefault(key, []).append(story)
    return tuple(tuple(bundle) for bundle in found.values())


def _was_held(spec: AlertSpec, story: Story) -> bool:
    """Did it come in a quiet time, or too shortly before one to be told?"""
    came = min((told.decision.decided_at for told in story.members if told.decision.alert), default=story.last_seen_at)
    return is_quiet(spec, came) or is_quiet(spec, came + RUN)
