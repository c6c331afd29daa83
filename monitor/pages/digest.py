"""A digest as one self-contained HTML page."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from monitor.core.digest import Digest
from monitor.core.story import Story
from monitor.core.tell import Telling, clean, coverage_line, headline, other_groups, takeaway, tell
from monitor.core.theme import Theme
from monitor.core.trend import Trend
from monitor.core.wording import count_stories, say
from monitor.pages.charts import trend_svg
from monitor.pages.render import clock, machine_time, render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Stories under one heading."""

    id: str
    title: str
    count: str
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture inside the page, and what it shows in words."""

    source: str
    takeaway: str


def digest_page(digest: Digest, *, themes: Sequence[Theme]) -> str:
    """HTML of ``digest``: no script, nothing loaded from elsewhere, readable in light and dark and on a phone."""
    language, zone = digest.language, digest.time_zone
    title = clean(f"{digest.title} · {clock(digest.cut, zone)}", 200)
    return render_page(
        "digest.html", title=title, words=words_of(language), **story_values(digest, themes), charts=charts_of(digest)
    )


def story_values(digest: Digest, themes: Sequence[Theme]) -> dict[str, Any]:
    """What every page with the stories of a digest says."""
    language, zone = digest.language, digest.time_zone
    since, cut = clock(digest.since, zone), clock(digest.cut, zone)
    return {
        "language": language,
        "window": f"{say(language, 'window', since=since, cut=cut)} ({zone})",
        "point": headline(digest),
        "notices": digest.notices,
        "empty": say(language, "empty", since=since, decided=digest.decided),
        "groups": groups_of(digest, themes),
        "left_out": say(language, "left_out", count=digest.left_out) if digest.left_out else "",
        "coverage": coverage_line(digest),
        "clock": partial(clock, time_zone=zone),
        "machine_time": machine_time,
        "score": lambda percent: say(language, "score", percent=percent),
    }


def words_of(language: str, *more: str) -> dict[str, str]:
    """The words that take no values: those of a story, and ``more``."""
    return {key: say(language, key) for key in ("why", "also", "gloss", "translate", *more)}


def charts_of(digest: Digest, trends: Iterable[Trend] | None = None) -> dict[str, Chart]:
    """Pictures by theme, of the ``trends`` that have anything to show (none given: of the themes with stories)."""
    told = {section.theme for section in digest.sections}
    shown = [trend for trend in digest.trends if trend.theme in told] if trends is None else trends
    return {
        trend.theme: chart_of(trend_svg(trend), takeaway(trend, digest.language))
        for trend in shown
        if any(trend.counts)
    }


def chart_of(svg: bytes, takeaway: str) -> Chart:
    """A picture that stands in the page itself."""
    return Chart(source=f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}", takeaway=takeaway)


def groups_of(digest: Digest, themes: Sequence[Theme]) -> list[Group]:
    """The stories of ``digest`` under their headings: themes in their order, the older ones last."""
    order = {theme.id: at for at, theme in enumerate(themes)}
    sections = sorted(digest.sections, key=lambda section: order.get(section.theme, len(order)))
    groups = [_group(digest, section.theme or "other", section.title, section.stories) for section in sections]
    others = other_groups(digest)
    return groups + [_group(digest, f"other{at}", title, stories) for at, (title, stories) in enumerate(others)]


def _group(digest: Digest, anchor: str, title: str, stories: Sequence[Story]) -> Group:
    articles = sum(len(story.members) for story in stories)
    return Group(
        id=anchor,
        title=clean(title, 100),
        count=count_stories(digest.language, len(stories), articles),
        tellings=tuple(tell(story, digest.reader) for story in stories),
    )
