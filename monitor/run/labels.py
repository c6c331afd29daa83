"""What people teach the product: labels, the look below the line, and what follows from both."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.report import Misses, RecallPoint
from monitor.errors import MonitorError
from monitor.run.live import Live, environment, model_in_use, open_live, open_store, recorded, write_file
from monitor.store import clicks, labels, models

if TYPE_CHECKING:
    from monitor.jobs.label_articles import Questions

ENOUGH_LABELS = 20  # new ones that are worth a training before its week is over


def questions(who: str, *, wanted: int = 10, review: bool = False) -> "Questions":
    """What ``who`` should judge next, the most instructive first; or of the last sample from below the line."""
    from monitor.jobs.label_articles import find_questions

    with open_live(strict=True) as live:
        model = model_in_use(live.environment, live.store)
        return find_questions(live.store, live.settings, model, who=who, wanted=wanted, review=review, now=live.now)


def label(article_id: str, relevant: bool, *, who: str, source: str = "terminal") -> None:
    """Keep what ``who`` says of a stored article."""
    from monitor.jobs.label_articles import label_article

    with open_store(environment()) as store:
        label_article(store, article_id, relevant, who=who, source=source, now=datetime.now(UTC))


def withdraw_label(article_id: str, *, who: str) -> int:
    """Take back what ``who`` said of an article; returns how many labels that were."""
    with open_store(environment()) as store, store.write() as connection:
        return labels.withdraw_labels(connection, who, [article_id], until=datetime.now(UTC))


def list_labels(who: str | None = None) -> list[dict[str, str]]:
    """Every label, or those of one person, in the order in which they were given."""
    from monitor.jobs.exchange_labels import label_row

    with open_store(environment()) as store, store.read() as connection:
        return [label_row(one) for one in labels.all_labels(connection, who=who)]


def export_labels(*, as_csv: bool, who: str | None = None) -> str:
    """The labels as JSON Lines or CSV."""
    from monitor.jobs.exchange_labels import format_labels

    with open_store(environment()) as store, store.read() as connection:
        return format_labels(labels.all_labels(connection, who=who), as_csv=as_csv)


def import_labels(file: Path, *, who: str = "") -> dict[str, int]:
    """Add the labels of a file (.csv, else JSON Lines) that are not here yet: how many were read, and how many new."""
    from monitor.jobs.exchange_labels import parse_labels

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MonitorError(f"{file}: cannot be read: {error}") from error
    given = parse_labels(text, as_csv=file.suffix == ".csv", where=str(file), who=who, now=datetime.now(UTC))
    with open_store(environment()) as store, store.write() as connection:
        return {"read": len(given), "new": labels.import_labels(connection, given)}


def erase_labels(who: str) -> int:
    """Delete all that one person said and pressed; returns how many labels. The next training is without them."""
    with open_store(environment()) as store, store.write() as connection:
        clicks.erase_clicks(connection, who)
        return labels.erase_labels(connection, who=who)


def new_labels() -> dict[str, Any]:
    """How many labels came in since a model was trained last, and whether these are ``enough`` for another."""
    with open_store(environment()) as store, store.read() as connection:
        count = labels.count_labels(connection, since=models.last_made(connection))
    return {"labels": count, "enough": count >= ENOUGH_LABELS}


def review(*, force: bool = False, now: datetime | None = None) -> dict[str, Any]:
    """Draw this week's sample from below the line, and let the review channel of the config have it."""
    from monitor.jobs.review_articles import review_articles

    with open_live(now) as live:
        # Without Slack nothing could be answered there; the sample waits in the store.
        channel = live.settings.review.channel if live.environment.slack_token else ""

        def work() -> dict[str, Any]:
            drawn = review_articles(live.store, live.settings, channel=channel, now=live.now, force=force)
            return {"drawn": int(drawn is not None), "articles": len(drawn.articles) if drawn else 0}

        return recorded(live, "review_articles", work)


def misses(live: Live) -> Misses | None:
    """For the weekly report: what is missed, and whether the news drifts away; None before anybody answered."""
    from monitor.jobs.review_articles import find_missed
    from monitor.jobs.watch_drift import watch_drift

    found = find_missed(live.store, live.settings, now=live.now)
    if not found.over_time:
        return None
    points = (RecallPoint(day=at.date(), value=r.value, low=r.low, high=r.high) for at, r in found.over_time)
    return Misses(recall=tuple(points), lines=(*found.lines(), *watch_drift(live.store, now=live.now).lines()))


def learning_report(*, now: datetime | None = None) -> dict[str, Any]:
    """The same as plain data: ``recall`` over time as (date, value, low, high), and ``lines`` to print below it."""
    from monitor.jobs.review_articles import find_missed
    from monitor.jobs.watch_drift import watch_drift

    with open_live(now, strict=True) as live:
        found = find_missed(live.store, live.settings, now=live.now)
        drift = watch_drift(live.store, now=live.now)
    return {
        "recall": [(at.date().isoformat(), r.value, r.low, r.high) for at, r in found.over_time],
        "lines": [*found.lines(), *drift.lines()],
        "proposal": asdict(found.proposal) if found.proposal else None,
        "drift": asdict(drift),
    }


def save_labels(file: Path, *, who: str | None = None) -> int:
    """Write the labels to a file (.csv, else JSON Lines); returns how many."""
    write_file(file, export_labels(as_csv=file.suffix == ".csv", who=who))
    return len(list_labels(who))
