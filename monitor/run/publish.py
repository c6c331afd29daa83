"""What people take away: previews, reports, and exports for other programs."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.core.cuts import iso_week, last_week
from monitor.errors import MonitorError
from monitor.run.labels import misses
from monitor.run.live import Live, open_live, recorded, write_file
from monitor.store import models, runs

WEEK = timedelta(days=7)


def preview(only: str, *, since: datetime | None = None, page: Path | None = None) -> str:
    """One digest (of no name: the first) as it would be now, as text and as a page; nothing is stored or posted."""
    from monitor.jobs.send_digests import preview_digest
    from monitor.pages import digest_page, digest_text

    with open_live(strict=True) as live:
        digest = preview_digest(live.store, live.settings, only, now=live.now, since=since, notices=notices(live))
        if page is not None:
            write_file(page, digest_page(digest, themes=live.settings.themes))
        return digest_text(digest, live.settings.themes)


def report(
    page: Path, only: str = "", *, week: str = "", since: datetime | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Write the report of an ISO week or of (since, until] for one digest's readers; else of the last 7 days."""
    from monitor.jobs.report_week import report_week
    from monitor.pages import report_page

    with open_live(strict=True) as live:
        spec = live.settings.digest(only)
        if week:
            try:
                since, until = iso_week(week, spec.time_zone)
            except ValueError as error:
                raise MonitorError(str(error)) from error
        until = min(until or live.now, live.now)
        since = since or until - WEEK
        if since >= until:
            raise MonitorError(f"the report would begin at {since.isoformat()}, and that is not before its end")
        made = report_week(
            live.store, live.settings, spec, since=since, until=until, notices=notices(live), misses=misses(live)
        )
        write_file(page, report_page(made, themes=live.settings.themes))
        return {
            "page": str(page),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "stories": len(made.digest.stories) + made.digest.left_out,
            "articles": made.articles,
        }


def weekly_reports(*, now: datetime | None = None) -> dict[str, Any]:
    """Write the report of the last whole ISO week for each digest, under the home; returns {"pages": number}."""
    from monitor.jobs.report_week import report_week
    from monitor.pages import report_page

    with open_live(now) as live:

        def work() -> dict[str, Any]:
            missed, told = misses(live), notices(live)
            for spec in live.settings.digests:
                week = last_week(spec.time_zone, live.now)
                since, until = iso_week(week, spec.time_zone)
                made = report_week(
                    live.store, live.settings, spec, since=since, until=until, notices=told, misses=missed
                )
                page = live.environment.home / "pages" / f"report-{spec.id}-{week}.html"
                write_file(page, report_page(made, themes=live.settings.themes))
            return {"pages": len(live.settings.digests)}

        return recorded(live, "report_week", work)


def export(form: str, only: str = "", *, since: datetime | None = None) -> str:
    """One digest's stories (of no name: the first's) as Atom, RSS, JSON Feed or CSV; else of the last 7 days."""
    from monitor.jobs.export_stories import export_stories

    with open_live(strict=True) as live:
        spec = live.settings.digest(only)
        return export_stories(live.store, spec, form, since=since or live.now - WEEK, now=live.now)


def notices(live: Live) -> tuple[str, ...]:
    """What readers must know about the product itself."""
    told = []
    if live.problems:
        more = f" (and {len(live.problems) - 1} more)" if len(live.problems) > 1 else ""
        told.append(f"The config has problems; the last good one is used: {live.problems[0]}{more}")
    with live.store.read() as connection:
        last = runs.last_runs(connection, job="classify_articles", limit=1)
        if models.model_in_use(connection) is None:
            told.append("There is no trained model, so nothing new was classified: run `monitor train`")
        elif last and last[0].state == "failed":
            told.append(f"The last classification failed, so new articles are missing here: {last[0].error}")
    return tuple(told)
