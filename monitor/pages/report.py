"""The report of some days as one self-contained HTML page, for the screen, for mail and for paper."""

from collections.abc import Sequence
from typing import Any

from monitor.core.report import FeedLine, Misses, Report, Tally
from monitor.core.tell import clean
from monitor.core.theme import Theme
from monitor.core.wording import count_stories, language_name, say
from monitor.pages.charts import recall_svg
from monitor.pages.digest import chart_of, charts_of, story_values, words_of
from monitor.pages.render import clock, render_page

CHAPTERS = ("stories", "trends", "outlets", "languages", "missed", "coverage")
COLUMNS = ("theme", "last_week", "usual_week", "outlet", "language", "flagged", "stories", "first")
FEED_COLUMNS = ("feed", "health", "last_answer", "articles", "lost")
RECALL_COLUMNS = ("review", "recall", "interval")
OUTLETS = 40


def report_page(report: Report, *, themes: Sequence[Theme]) -> str:
    """HTML of ``report``: no script, nothing loaded from elsewhere; every picture has its numbers in a table too."""
    digest = report.digest
    language, trends = digest.language, digest.trends
    days = len(trends[0].days) if trends else 0
    columns = (f"col_{name}" for name in COLUMNS + FEED_COLUMNS + RECALL_COLUMNS)
    absent = {*(() if report.outlets else ("outlets", "languages")), *(() if report.misses else ("missed",))}
    return render_page(
        "report.html",
        title=clean(say(language, "report", title=digest.title), 200),
        words=words_of(language, "trend_key", *columns, *(f"report_{name}" for name in CHAPTERS)),
        **story_values(digest, themes)
        | {"point": count_stories(language, len(digest.stories) + digest.left_out, report.articles)},
        chapters=[name for name in CHAPTERS if name not in absent],
        trends=trends,
        charts=charts_of(digest, trends),
        trend_title=say(language, "trend_title", days=days),
        days=say(language, "col_days", days=days),
        outlets=[_tally(tally, clean(tally.name, 60)) for tally in report.outlets[:OUTLETS]],
        languages=[_tally(tally, language_name(language, clean(tally.name, 20))) for tally in report.languages],
        missed=_missed(report.misses) if report.misses else None,
        feeds=[_feed(line, language, digest.time_zone) for line in report.feeds],
    )


def _tally(tally: Tally, name: str) -> dict[str, Any]:
    return {"name": name, "articles": tally.articles, "stories": tally.stories, "first": tally.first}


def _missed(misses: Misses) -> dict[str, Any]:
    lines = [clean(line, 300) for line in misses.lines]
    rows = [(f"{p.day:%Y-%m-%d}", f"{p.value:.0%}", f"{p.low:.0%} – {p.high:.0%}") for p in misses.recall]
    return {"lines": lines[1:], "chart": chart_of(recall_svg(misses.recall), lines[0]), "rows": rows}


def _feed(line: FeedLine, language: str, time_zone: str) -> dict[str, Any]:
    seen = line.last_success_at
    return {
        "outlet": clean(line.feed.outlet, 60),
        "id": clean(line.feed.id, 60),
        "health": clean(", ".join([line.health.value.replace("_", " "), *line.notes]), 120),
        "reason": clean(line.reason, 300),
        "seen": clock(seen, time_zone) if seen is not None else say(language, "never"),
        "articles": line.articles,
        "lost": line.lost,
        "well": line.well,
    }
