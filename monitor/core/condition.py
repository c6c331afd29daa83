"""How the monitor is, in words: the facts of jobs.report_status, and what is wrong with what to do.

The terminal shows them as a table, Slack as lines.
"""

from collections.abc import Iterator, Mapping
from typing import Any

WHY_SLOW = {
    "poll": "Feeds are polled too seldom or too slowly: does ingest_feeds run, and how long do its runs take?",
    "classification": "Articles wait for their decision: does classify_articles run, are there free workers?",
    "slack": "Messages wait for Slack: `monitor doctor` says whether it takes them.",
}
HOPS = {
    "publication_to_store": "publication to store",
    "store_to_flag": "store to flag",
    "flag_to_alert": "flag to alert in Slack",
    "cut_to_digest": "cut to digest in Slack",
}
STALE = 2 * 3600  # seconds since a job that runs every ten minutes
ALWAYS = {"ingest_feeds", "classify_articles", "send_alerts", "send_digests"}
MANY_UNDECIDED = 1000


def facts_of(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(What, how it is), the weightiest first."""
    seen, day, counts = report["coverage"], report["last_24_h"], report["articles"]
    yield "coverage", f"{seen['seen']:,} of {seen['enabled']:,} feeds answered in 24 h; {_counted(report['feeds'])}"
    if report["notes"]:
        yield "notes", _counted(report["notes"])
    for window, name in (("last_hour", "last hour"), ("last_24_h", "24 h")):
        yield f"fresh, {name}", in_time(report["freshness"][window])
    for hop, name in HOPS.items():
        lag = report["lags"][hop]
        if lag["count"]:
            yield name, f"p50 {span(lag['p50'])}, p95 {span(lag['p95'])} ({lag['count']:,} in 24 h)"
    yield "articles", f"{counts['stored']:,} stored, {counts['last_24_h']:,} in 24 h"
    yield "decided in 24 h", f"{day['decided']:,}, {day['flagged']:,} flagged"
    yield "waiting", _counted(report["queues"], none="nothing")
    yield "model", _model(report["model"])
    for one in report["digests"]:
        told = f"last {_moment(one['last_cut'])}, next {_moment(one['next_cut'])}, {one['last_24_h']} in 24 h"
        yield f"digest {one['id']}", f"{told}, to {one['channel']}"
    for one in report["alerts"]:
        yield f"alerts {one['id']}", f"last {_moment(one['last'])}, {one['last_24_h']} in 24 h, to {one['channel']}"
    for mute in report["muted"]:
        yield "muted", f"{mute['outlet']} until {mute['until'][:10]} by @{mute['by']}"


def troubles_of(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(What is wrong, what to do), the weightiest first; nothing when all is well."""
    for problem in report["config_problems"]:
        yield f"config: {problem}", "mend it, then `monitor config check`; until then the last good one holds"
    if report["model"] is None:
        yield "there is no model", "run `monitor train`"
    yield from _jobs(report)
    hour = report["freshness"]["last_hour"]
    if not hour["met"]:
        yield f"news is late: {in_time(hour)}", WHY_SLOW[hour["slow"]]
    elif report["overdue"]:
        yield f"{report['overdue']:,} feeds are overdue for a poll", WHY_SLOW["poll"]
    queues = report["queues"]
    if queues["undecided"] > MANY_UNDECIDED:
        yield f"{queues['undecided']:,} articles wait for a decision", WHY_SLOW["classification"]
    if queues["deliveries"]:
        yield f"{queues['deliveries']} messages are not out", WHY_SLOW["slack"]
    for trouble in report["coverage"]["troubles"]:
        yield trouble, "`monitor feeds list` says why and what to do"


def in_time(window: Mapping[str, Any]) -> str:
    """How a window stands to the objective of freshness."""
    overdue = f"; {window['overdue']:,} feeds overdue" if window["overdue"] else ""
    if window["share"] is None:
        return f"nothing to measure{overdue}"
    away = (window["share"] - window["objective"]) * 100
    verdict = "met" if window["met"] else f"missed by {window['slow']}"
    return f"{window['share']:.1%} of {window['entries']:,} entries, {verdict} ({away:+.1f} points){overdue}"


def span(seconds: float) -> str:
    """A duration as people say it."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _jobs(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for last in report["runs"]:
        if last["state"] == "failed":
            yield f"{last['job']} failed: {last['error']}", "see its log; its runbook is on its page in Airflow"
        elif last["job"] in ALWAYS and last["age_seconds"] > STALE:
            yield (
                f"{last['job']} last ran {span(last['age_seconds'])} ago",
                "is the scheduler up?",
            )
    if not report["runs"]:
        yield "nothing ran yet", "run `monitor run`, or start Airflow: `make up`"


def _model(model: Mapping[str, Any] | None) -> str:
    if model is None:
        return "none"
    waiting = f", {model['labels_waiting']:,} labels wait" if model["labels_waiting"] else ""
    return f"{model['version']}, trained {span(model['age_seconds'])} ago{waiting}"


def _moment(moment: str | None) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC" if moment else "never"


def _counted(counts: Mapping[str, int], *, none: str = "none") -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count) or none
