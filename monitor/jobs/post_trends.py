"""Digests that are out -> the picture of their trends, in their threads.

A picture is an extra: it comes after the last message of its digest, and whatever happens to it stops no digest.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.trend import TREND_WINDOW, Trend, trends_of
from monitor.core.wording import say
from monitor.errors import DeliveryDelayedError, DeliveryError, SettingsError
from monitor.pages import alt_text, movements, trends_png
from monitor.settings import Settings
from monitor.store import Store, decisions, pictures
from monitor.store.pictures import Waiting

GIVE_UP = timedelta(days=1)  # an older picture is no news


class Uploader(Protocol):
    """What puts a file into a thread, once: monitor.slack.SlackClient."""

    def upload(
        self, channel: str, content: bytes, *, name: str, title: str, alt_text: str, comment: str, thread_ts: str
    ) -> str:
        """Upload it unless a file of this name is there, and return its id."""


@dataclass(slots=True, kw_only=True)
class TrendReport:
    """What one run did. ``troubles`` are for somebody to act on, in words."""

    pictures: int = 0
    delayed: int = 0
    troubles: list[str] = field(default_factory=list)


def post_trends(store: Store, settings: Settings, slack: Uploader, *, now: datetime) -> TrendReport:
    """Post the pictures that are missing, of digests cut within GIVE_UP. What Slack delays comes with the next run."""
    report = TrendReport()
    with store.read() as connection:
        waiting = pictures.without_picture(connection, since=now - GIVE_UP, now=now)
    for one in waiting:
        with store.write() as connection:
            mine = pictures.claim_picture(connection, one, now=now)
        if mine:
            end = _end(store, settings, slack, one, report)
            with store.write() as connection:
                pictures.record_picture(connection, one, end=end)
    return report


def _end(store: Store, settings: Settings, slack: Uploader, one: Waiting, report: TrendReport) -> str | None:
    """The id of the file, why there is none, or None to try again."""
    try:
        file = _post(store, settings, slack, one)
    except DeliveryDelayedError:
        report.delayed += 1
        return None
    except DeliveryError as error:
        report.troubles.append(f"{one.channel}: the picture of digest {one.digest_id} is lost: {error}")
        return f"refused: {error}"
    report.pictures += bool(file)
    return file


def _post(store: Store, settings: Settings, slack: Uploader, one: Waiting) -> str:
    """The id of the file in the thread; empty where there is no thread, or nothing to show."""
    trends, language = _trends(store, settings, one)
    if not trends or not one.thread_ts.replace(".", "").isdecimal():
        return ""
    return slack.upload(
        one.channel,
        trends_png(trends, language),
        name=f"trends-{one.digest_id}-{one.cut:%Y%m%dT%H%M%SZ}.png",
        title=say(language, "trend_title", days=len(trends[0].days)),
        alt_text=alt_text(trends, language),
        comment=movements(trends, language),
        thread_ts=one.thread_ts,
    )


def _trends(store: Store, settings: Settings, one: Waiting) -> tuple[list[Trend], str]:
    """The trends at the cut of a digest that have anything to show, and its language; none when it left the config."""
    try:
        spec = settings.digest(one.digest_id)
    except SettingsError:
        return [], ""
    with store.read() as connection:
        flagged = decisions.flagged_since(connection, since=one.cut - TREND_WINDOW, cut=one.cut)
    trends = trends_of(flagged, settings.themes, cut=one.cut, time_zone=spec.time_zone, wanted=spec.themes)
    return [trend for trend in trends if any(trend.counts)], spec.language
