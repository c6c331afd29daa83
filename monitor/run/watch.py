"""Answers about the watch: what a change would do, what changed, what to add, and what became of known events."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.gold import Event, Verdict, read_events
from monitor.core.trial import Example, Trial
from monitor.core.watch import Watch
from monitor.errors import MonitorError, SettingsError
from monitor.run.live import environment, open_live, open_store, write_file
from monitor.settings import (
    Settings,
    advise_on_archive,
    advise_on_watch,
    load_settings,
    print_term,
    read_watch,
    readable_watches,
)
from monitor.store import runs

if TYPE_CHECKING:
    from monitor.core.suggest import Suggestion

DAYS = 90
LATE_AFTER = timedelta(hours=24)


def try_watch(
    file: Path | None, *, days: int = DAYS, gold: Path | None = None, page: Path | None = None
) -> dict[str, Any]:
    """What the watch of ``file`` would have done in place of the present one; ``page`` is written as HTML.

    Without a file the config itself is tried against the watch that was used last.
    """
    from monitor.jobs.try_watch import try_watch as job

    events = read_gold(gold) if gold is not None else ()
    # Started when there is work for it, afresh: a fork would take the database's connection along.
    helper = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    with open_live(strict=True) as live, helper:
        if file is not None:
            old, new = live.settings.watch, read_watch(str(file), _read(file))
        else:
            old, new = _used_last(live.store, live.settings), live.settings.watch
        trial = job(live.store, live.settings, old, new, now=live.now, days=days, events=events, helper=helper)
        if page is not None:
            from monitor.pages import trial_page

            write_file(page, trial_page(trial, live.settings.themes))
        return _trial(trial)


def _used_last(store: Any, settings: Settings) -> Watch:
    with store.read() as connection:
        versions = runs.known_versions(connection, "watch")
    if not versions:
        return settings.watch
    last = max(versions, key=lambda version: version.last_used_at)
    return readable_watches([last]).get(last.version, settings.watch)


def log_watch(*, days: int = DAYS, limit: int = 10) -> list[dict[str, Any]]:
    """The last changes of the watch, newest first, with what each did to stories and alerts a week."""
    from monitor.jobs.log_watch import log_watch as job

    with open_live(strict=True) as live:
        return [
            asdict(change) | {"at": change.at.isoformat(timespec="seconds")}
            for change in job(live.store, live.settings, now=live.now, days=days, limit=limit)
        ]


def suggest(limit: int) -> dict[str, Any]:
    """Phrases worth a watch term, as plain data and as ``yaml`` to paste."""
    from monitor.jobs.suggest_terms import suggest as job

    with open_live(strict=True) as live:
        found = job(live.store, live.settings.watch, now=live.now, limit=limit)
    sources = (
        ("labelled", found.labelled, "labelled relevant", found.relevant, "labelled irrelevant", found.irrelevant),
        ("rising", found.rising, "flagged this month", found.this_month, "flagged in the two before", found.before),
    )
    text, plain = "", {}
    for name, suggestions, inside, of_inside, outside, of_outside in sources:
        plain[name] = [_suggestion(suggestion) for suggestion in suggestions]
        for suggestion in suggestions:
            text += (
                f"  # in {suggestion.inside} of {of_inside} {inside}, {suggestion.outside} of {of_outside} {outside}; "
                f"z {suggestion.z:.1f}\n{print_term(suggestion.term)}"
            )
    return plain | {"yaml": text, "notices": list(found.notices)}


def _suggestion(suggestion: "Suggestion") -> dict[str, Any]:
    return {
        "phrase": suggestion.term.any_of[0],
        "languages": list(suggestion.term.languages),
        "weight": suggestion.term.weight,
        "inside": suggestion.inside,
        "outside": suggestion.outside,
        "z": suggestion.z,
    }


def audit_gold(file: Path, *, late_after: timedelta = LATE_AFTER) -> list[dict[str, Any]]:
    """What became of each event of a CSV list: caught, late or missed, the gate that lost it, and the lead time."""
    from monitor.jobs.audit_gold import audit_gold as job

    events = read_gold(file)
    with open_live(strict=True) as live:
        return [_verdict(verdict) for verdict in job(live.store, live.settings, events, late_after=late_after)]


def read_gold(file: Path) -> Sequence[Event]:
    """The events of a CSV list. Raises SettingsError with every line that is wrong."""
    events, problems = read_events(str(file), _read(file))
    if problems or not events:
        raise SettingsError(problems or [f"{file}:1: (file): holds no event"])
    return events


def check_config() -> tuple[str, list[str]]:
    """What the config holds, and warnings. Raises SettingsError with every problem in it.

    Where there is an archive, it says which terms match nothing and which always match together.
    """
    folder = environment().config
    settings = load_settings(folder)
    file, text = str(folder / "watch.yaml"), settings.texts["watch"]
    warnings = advise_on_watch(file, text, settings.watch, settings.feeds) + _archive_advice(file, text, settings)
    enabled = sum(feed.enabled for feed in settings.feeds)
    held = (
        f"{folder}: well; {enabled} of {len(settings.feeds)} feeds enabled, {len(settings.watch.terms)} watch terms, "
        f"{len(settings.themes)} themes, {len(settings.digests)} digests"
    )
    return held + (f"; {len(warnings)} warnings" if warnings else ""), warnings


def _archive_advice(file: str, text: str, settings: Settings) -> list[str]:
    from monitor.jobs.check_watch import check_watch

    try:
        with open_store(environment()) as store:
            use = check_watch(store, settings.watch, now=datetime.now(UTC), days=DAYS)
    except MonitorError as error:
        return [f"{file}:1: (file): warning: not checked against the archive: {error}"]
    return advise_on_archive(file, text, settings.watch, use.matched, days=use.days) if use.articles else []


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError([f"{file}:1: (file): cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{file}:1: (file): is not UTF-8; save it as UTF-8"]) from error


def _trial(trial: Trial) -> dict[str, Any]:
    plain = asdict(trial)
    return plain | {
        "since": trial.since.isoformat(timespec="seconds"),
        "until": trial.until.isoformat(timespec="seconds"),
        "by_day": {day.isoformat(): counts for day, counts in trial.by_day.items()},
        "examples_gained": [_example(example) for example in trial.examples_gained],
        "examples_lost": [_example(example) for example in trial.examples_lost],
    }


def _example(example: Example) -> dict[str, Any]:
    article = example.article
    return {
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "language": article.language,
        "seen_at": article.seen_at.isoformat(timespec="seconds"),
        "theme": example.theme,
        "score_before": round(example.score_before, 4),
        "score_after": round(example.score_after, 4),
        "scores": example.scores,
        "causes": [asdict(cause) for cause in example.causes],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    best = verdict.best
    return {
        "line": verdict.event.line,
        "date": verdict.event.at.isoformat(timespec="seconds"),
        "event": verdict.event.title,
        "outcome": verdict.outcome,
        "gate": verdict.gate,
        "why": verdict.why,
        "lead_hours": verdict.lead_hours,
        "articles": verdict.reports,
        "best": {
            "title": best.article.title,
            "url": best.article.url,
            "outlet": best.article.outlet,
            "score": round(best.score, 4),
            "told_at": best.told_at.isoformat(timespec="seconds") if best.told_at else None,
        }
        if best
        else None,
    }
