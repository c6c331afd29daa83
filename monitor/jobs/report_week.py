"""The store -> the report of a week, or of any other window."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.assess import coverage
from monitor.core.compose import compose, takes
from monitor.core.digest import DigestSpec
from monitor.core.rank import RECENT, rank
from monitor.core.report import Misses, Report, feed_lines, tally_languages, tally_outlets
from monitor.core.trend import TREND_WINDOW, trends_of
from monitor.settings import Settings
from monitor.store import Store, articles, decisions, feeds, stories

MOST_STORIES = 100  # that are told; the others are a number


def report_week(
    store: Store,
    settings: Settings,
    spec: DigestSpec,
    *,
    since: datetime,
    until: datetime,
    notices: Sequence[str] = (),
    misses: Misses | None = None,
) -> Report:
    """What was decided in (since, until], for the readers of ``spec``: in its words, on its clock, of its themes.

    Trends always show the 30 days before ``until``. The health of the feeds, and ``misses``, are the
    present ones.
    """
    with store.read() as connection:
        found = stories.flagged_stories(connection, since=since, cut=until)
        decided = decisions.count_decisions(connection, after=since, until=until)["decided"]
        flagged = decisions.flagged_since(connection, since=until - TREND_WINDOW, cut=until)
        brought = articles.count_by_feed(connection, since=since, until=until)
        states = feeds.load_states(connection)
        besides = [story.id for story in found]
        recent = stories.recent_titles(connection, since=since - RECENT, until=until, besides=besides)
    ranked = rank((story for story in found if takes(spec, story)), settings.themes, until, recent=recent)
    digest = compose(
        replace(spec, max_stories=MOST_STORIES),
        ranked,
        since=since,
        cut=until,
        themes=settings.themes,
        baseline=None,
        coverage=coverage(settings.feeds, states, until),
        decided=decided,
        trends=trends_of(flagged, settings.themes, cut=until, time_zone=spec.time_zone, wanted=spec.themes),
        notices=notices,
    )
    return Report(
        digest=digest,
        articles=sum(len(story.members) for story in ranked),
        outlets=tally_outlets(ranked),
        languages=tally_languages(ranked),
        feeds=feed_lines(settings.feeds, states, brought, since=since, until=until),
        misses=misses,
    )
