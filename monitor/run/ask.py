"""Answers: what a person asks the product. Nothing here is noted in the store, but an evaluation and a rollback."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.feed import FeedKind
from monitor.errors import ModelNotFoundError, MonitorError
from monitor.run.live import Track, environment, model_in_use, open_live, open_store, slack, write_file
from monitor.settings import load_or_last_good, load_settings
from monitor.store import Store, models, runs, transfer

if TYPE_CHECKING:
    from monitor.core.story import Story
    from monitor.feeds import FileEntry, FileState
    from monitor.metrics import Served


def score(items: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    """What a digest would decide about each (line number, text): {id, relevant, score, themes, reasons}."""
    from monitor.jobs.score_articles import read_article, score_articles, scored

    with open_live(strict=True) as live:
        model = model_in_use(live.environment, live.store)
        articles = (read_article(item, number, now=live.now) for number, item in items)
        for _, _, _, decision in score_articles(articles, live.settings, model, now=live.now):
            yield scored(decision)


def explain(text: str) -> dict[str, Any]:
    """Why a text, or the stored article with this URL, would be flagged or not."""
    from monitor.core.links import canonical_url
    from monitor.jobs.score_articles import explained, read_article, score_articles
    from monitor.store import articles

    with open_live(strict=True) as live:
        model = model_in_use(live.environment, live.store)
        if text.startswith(("http://", "https://")):
            with live.store.read() as connection:
                article = articles.find_by_url(connection, canonical_url(text))
            if article is None:
                raise MonitorError(f"{text}: no stored article has this link; give its title and text instead")
        else:
            title, _, summary = text.strip().partition("\n")
            article = read_article({"title": title, "summary": summary}, 1, now=live.now)
        (found,) = score_articles([article], live.settings, model, now=live.now)
        return explained(*found, live.settings.watch, live.settings.thresholds.applied_to(model.card.thresholds))


def evaluate(file: Path, *, page: Path | None = None) -> dict[str, Any]:
    """Measure the model in use on labelled texts and keep the report; with ``page``, write it as a page too."""
    from monitor.jobs.evaluate_classifier import evaluate_classifier
    from monitor.pages import evaluation_page

    with open_live(strict=True) as live:
        model = model_in_use(live.environment, live.store)
        report = evaluate_classifier(live.store, model, live.settings, file, now=live.now)
    if page is not None:
        write_file(page, evaluation_page(report))
    return report


def status(*, whole: bool = True) -> dict[str, Any]:
    """How the monitor is, and what is wrong: see ``jobs.report_status``."""
    from monitor.jobs.report_status import report_status

    where, now = environment(), datetime.now(UTC)
    with open_store(where) as store:
        with store.read() as connection:
            last_good = runs.last_good_versions(connection)
        settings, problems = load_or_last_good(where.config, last_good)
        return report_status(store, settings, problems, now=now, whole=whole)


def metrics() -> bytes:
    """The same in the text format of Prometheus."""
    from monitor.metrics import expose

    return expose(partial(status, whole=False))


def serve_metrics(host: str, port: int) -> "Served":
    """Let Prometheus ask for it at http://host:port/metrics until ``close``. Raises MonitorError for a taken port."""
    from monitor.metrics import serve

    environment()  # what is wrong with it is told at once
    return serve(partial(status, whole=False), host, port)


def doctor() -> list[dict[str, str]]:
    """What is installed, reachable and out of date: {what, state (ok, warning, error), found, advice} each."""
    from monitor.jobs.examine import examine

    where = environment()
    client = slack(where)
    check = getattr(client, "check", None)  # a webhook can only post
    found = examine(
        where,
        lambda store: model_in_use(where, store).card,
        check,
        now=datetime.now(UTC),
    )
    return [asdict(finding) for finding in found]


def list_models() -> list[dict[str, Any]]:
    """The kept models, newest first: version, made_at, in_use, card."""
    with open_store(environment()) as store, store.read() as connection:
        used = models.model_in_use(connection)
        return [
            {"version": version, "made_at": made_at.isoformat(), "in_use": version == used, "card": card}
            for version, made_at, _, card in models.list_models(connection)
        ]


def show_model(version: str = "") -> dict[str, Any]:
    """One kept model (none named: the one in use): version, in_use, card, and its evaluations, the last first."""
    with open_store(environment()) as store, store.read() as connection:
        used = models.model_in_use(connection)
        cards = {name: card for name, _, _, card in models.list_models(connection)}
        wanted = version or used or ""
        if wanted not in cards:
            raise ModelNotFoundError(f"no model {wanted!r} in the store; kept models: {', '.join(cards) or 'none'}")
        reports = [asdict(kept) | {"at": kept.at.isoformat()} for kept in models.list_evaluations(connection, wanted)]
        return {"version": wanted, "in_use": wanted == used, "card": cards[wanted], "evaluations": reports}


def rollback(version: str = "") -> str:
    """Take an earlier model into use again (none named: the one before); returns its version."""
    from monitor.jobs.train_classifier import roll_back

    with open_store(environment()) as store:
        return roll_back(store, now=datetime.now(UTC), version=version)


def list_feeds() -> list[dict[str, Any]]:
    """Every feed of the config: health, notes, and the reason with what to do."""
    from monitor.jobs.check_feeds import describe_feeds
    from monitor.store import feeds

    with open_live(strict=True) as live, live.store.read() as connection:
        return describe_feeds(live.settings, feeds.load_states(connection))


def check_feeds(names: Sequence[str], *, track: Track[Any] | None = None) -> list[dict[str, Any]]:
    """Ask feeds now (ids, addresses, or none for all) and store nothing."""
    from monitor.feeds import fetch_all
    from monitor.jobs import check_feeds as job
    from monitor.store import feeds

    with open_live(strict=True) as live:
        with live.store.read() as connection:
            states = feeds.load_states(connection)

        def fetch(requests: Sequence[Any]) -> Iterable[Any]:
            outcomes = fetch_all(requests, live.settings.fetch, now=live.now)
            return track(outcomes, len(requests)) if track else outcomes

        return list(job.check_feeds(live.settings, states, fetch, names, now=live.now))


def parse_files(files: Sequence[Path], *, now: datetime) -> Iterator["FileEntry | FileState"]:
    """For each feed file its entries, then its state."""
    from monitor.feeds import parse_files as parse

    return parse(files, now=now)


def export_feeds() -> bytes:
    """The enabled feeds as OPML. Pages are left out: other readers cannot watch them."""
    from monitor.feeds import format_opml

    settings = load_settings(environment().config)
    feeds = (feed for feed in settings.feeds if feed.enabled and feed.kind is FeedKind.FEED)
    return format_opml(feeds, title="North Korea-Russia cooperation")


def import_feeds(file: Path) -> str:
    """What to paste into feeds.yaml for the feeds of an OPML file that the config does not have."""
    from monitor.jobs.import_feeds import import_feeds as job

    try:
        opml = file.read_bytes()
    except OSError as error:
        raise MonitorError(f"{file}: cannot be read: {error.strerror}") from error
    return job(load_settings(environment().config), opml)


def group(items: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """The stories that dated texts would make: {id, story} for each {id, title, summary, lang, published}."""
    from monitor.jobs.group_articles import group_articles

    return group_articles(items)


def read_time(published: str) -> datetime:
    """A moment as ``group`` reads it; ValueError for what is none."""
    from monitor.jobs.group_articles import read_time as read

    return read(published)


def list_stories(limit: int) -> list[dict[str, Any]]:
    """The stories that grew last, with their articles."""
    from monitor.store import stories

    with open_store(environment()) as store, store.read() as connection:
        return [_story(story) for story in stories.newest_stories(connection, limit=limit)]


def _story(story: "Story") -> dict[str, Any]:
    best = max(story.members, key=lambda told: told.decision.score)
    return {
        "id": story.id,
        "title": story.title,
        "score": round(story.score, 4),
        "themes": list(best.decision.themes),
        "first_seen_at": story.first_seen_at.isoformat(),
        "last_seen_at": story.last_seen_at.isoformat(),
        "outlets": list(story.outlets),
        "languages": list(story.languages),
        "articles": [
            {"id": told.article.id, "title": told.article.title, "url": told.article.url, "outlet": told.article.outlet}
            for told in story.members
        ],
    }


def migrate(revision: str) -> str:
    """Bring the store to a revision of its schema; returns its address."""
    store = Store(environment().store_url)
    try:
        store.migrate(revision)
    finally:
        store.close()
    return f"{store.url}: schema {revision}"


def export_records(file: Path, *, since: datetime | None, before: datetime | None) -> int:
    """Write articles first seen in [since, before), and what was sent then, to a file; returns how many records."""
    from monitor.jobs.exchange_records import export_records

    with open_store(environment()) as store:
        return export_records(store, file, since=since, before=before)


def import_records(file: Path) -> dict[str, int]:
    """Read such a file, or one that retention wrote, into the store: how many records, how many new articles."""
    from monitor.jobs.exchange_records import import_records

    with open_store(environment()) as store:
        return import_records(store, file)


def copy_store(target_url: str) -> dict[str, int]:
    """Copy the store into the empty database at ``target_url``; returns rows by table."""
    where = environment()
    with open_store(where) as source, open_store(replace(where, store_url=target_url)) as target:
        return transfer.copy_store(source, target)


def backup_store(file: Path) -> int:
    """Copy the store on SQLite into a new file while it is in use; returns its bytes."""
    with open_store(environment()) as store:
        return transfer.backup_sqlite(store, file)
