"""Composition root: environment and config -> live clients -> one job.

What the DAGs and the command line call. Each function opens and closes its own store and, where it changes something,
records its run there; the answers are plain data that JSON can hold.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from monitor.errors import ModelNotFoundError, MonitorError, SettingsError, StoreError
from monitor.settings import Environment, Settings, load_environment, load_or_last_good, load_settings
from monitor.store import Store, models, runs

if TYPE_CHECKING:
    from monitor.classifier import Model
    from monitor.jobs.send_digests import DigestReport
    from monitor.slack import SlackClient

T = TypeVar("T")
Track = Callable[[Iterable[T], int], Iterable[T]]

FEEDS_A_SHARD = 200  # one task fetches them concurrently; a task more costs half a second of machine time
ALARM_AGAIN = timedelta(hours=6)
SEED = 20240619


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a job is given: where it runs, on what, with which settings, and when."""

    environment: Environment
    store: Store
    settings: Settings
    problems: tuple[str, ...]
    """What is wrong with the config; then ``settings`` are the last good ones."""
    now: datetime


def environment() -> Environment:
    """Where this process runs, from its environment variables."""
    return load_environment(os.environ)


@contextmanager
def open_store(where: Environment) -> Iterator[Store]:
    """The store, with the tables of this version. SQLite is brought up to date here; PostgreSQL by its operator."""
    store = Store(where.store_url)
    try:
        try:
            store.check()
        except StoreError:
            if store.dialect != "sqlite":
                raise
            store.migrate()
        yield store
    finally:
        store.close()


@contextmanager
def open_live(now: datetime | None = None, *, strict: bool = False) -> Iterator[Live]:
    """Everything a job needs. A config that is wrong gives way to the last good one; the alarm channel hears of it.

    ``strict`` is for people who try something: nothing is noted in the store, and a wrong config is a SettingsError.
    """
    where, now = environment(), now or datetime.now(UTC)
    with open_store(where) as store:
        if strict:
            yield Live(environment=where, store=store, settings=load_settings(where.config), problems=(), now=now)
            return
        with store.read() as connection:
            last_good = runs.last_good_versions(connection)
        settings, problems = load_or_last_good(where.config, last_good)
        live = Live(environment=where, store=store, settings=settings, problems=problems, now=now)
        if problems:
            title = "The config has problems; the monitor goes on with the last good one"
            _alarm(where, store, title, problems, key="\n".join(problems), now=now)
        else:
            _remember(live)
        yield live


def _remember(live: Live) -> None:
    """Keep the texts of the config that is used, so that a later mistake can fall back on them."""
    known = {"watch": live.settings.watch.version, "monitor": live.settings.version}
    with live.store.write() as connection:
        for kind, text in live.settings.texts.items():
            version = known.get(kind) or hashlib.sha256(text.encode()).hexdigest()[:12]
            runs.remember_version(connection, kind, version, text, now=live.now)


def _recorded(live: Live, job: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do ``work`` and note in the store that it was done, with its counts, or why it failed."""
    began = time.monotonic()
    with live.store.write() as connection:
        run_id = runs.start_run(connection, job, now=live.now)

    def finish(counts: dict[str, Any], error: str = "") -> None:
        at = live.now + timedelta(seconds=time.monotonic() - began)
        with live.store.write() as connection:
            runs.finish_run(connection, run_id, now=at, counts=counts, error=error)

    try:
        counts = work()
    except BaseException as error:
        finish({}, str(error) or type(error).__name__)
        raise
    finish(counts)
    return counts


def shards() -> list[int]:
    """Numbers of the shards that the feeds are polled in."""
    with open_live() as live:
        enabled = sum(feed.enabled for feed in live.settings.feeds)
    return list(range(max(1, -(-enabled // FEEDS_A_SHARD))))


def ingest(
    shard: int = 0, of: int = 1, *, force: bool = False, now: datetime | None = None, track: Track[Any] | None = None
) -> dict[str, Any]:
    """Poll the due feeds of one shard (``force``: all of it) and store what is new."""
    from monitor.feeds import fetch_all
    from monitor.jobs.ingest_feeds import ingest_feeds

    with open_live(now) as live:

        def fetch(requests: Sequence[Any]) -> Iterable[Any]:
            outcomes = fetch_all(requests, live.settings.fetch, now=live.now)
            return track(outcomes, len(requests)) if track else outcomes

        return _recorded(
            live,
            "ingest_feeds",
            lambda: dict(
                ingest_feeds(live.store, live.settings, fetch, now=live.now, shard=(shard, of), force=force).counts()
            ),
        )


def classify(
    *, since: datetime | None = None, now: datetime | None = None, track: Track[Any] | None = None
) -> dict[str, Any]:
    """Decide on every article without a decision; with ``since``, decide again on those first seen since then."""
    from monitor.jobs.classify_articles import classify_articles

    with open_live(now) as live:
        return _recorded(
            live,
            "classify_articles",
            lambda: dict(
                classify_articles(
                    live.store,
                    live.settings,
                    load_model_in_use(live.environment, live.store),
                    now=live.now,
                    since=since,
                    track=track or (lambda steps, _total: steps),
                ).counts()
            ),
        )


def digests(only: str = "", *, force: bool = False, now: datetime | None = None) -> dict[str, Any]:
    """Compose the digests that are due (``force``: now) and post them; without a Slack token they become pages."""
    return digest_summary(send(only, force=force, now=now))


def digest_summary(report: "DigestReport") -> dict[str, Any]:
    """What a run of ``send`` did, as plain data."""
    return {
        "digests": [
            {
                "id": digest.id,
                "channel": digest.channel,
                "cut": digest.cut.isoformat(),
                "stories": len(digest.stories) + digest.left_out,
            }
            for digest in report.digests
        ],
        "posted": report.posted,
        "refused": report.refused,
        "delayed": report.delayed,
        "troubles": list(report.troubles),
        "pages": [str(page) for page in report.pages],
    }


def send(only: str = "", *, force: bool = False, now: datetime | None = None) -> "DigestReport":
    """The same as ``digests`` for callers that show the digests themselves."""
    from monitor.jobs.send_digests import send_digests

    done: list[DigestReport] = []
    with open_live(now) as live:

        def work() -> dict[str, Any]:
            done.append(
                send_digests(
                    live.store,
                    live.settings,
                    slack(live.environment),
                    now=live.now,
                    only=only,
                    force=force,
                    home=live.environment.home,
                    notices=_notices(live),
                )
            )
            return dict(done[0].counts())

        _recorded(live, "send_digests", work)
        troubles = done[0].troubles
        if troubles:
            title = "Slack does not take everything"
            _alarm(live.environment, live.store, title, troubles, key="\n".join(troubles), now=live.now)
    return done[0]


def _notices(live: Live) -> tuple[str, ...]:
    """What readers must know about the product itself."""
    told = []
    if live.problems:
        more = f" (and {len(live.problems) - 1} more)" if len(live.problems) > 1 else ""
        told.append(f"The config has problems; the last good one is used: {live.problems[0]}{more}")
    with live.store.read() as connection:
        if models.model_in_use(connection) is None:
            told.append("There is no trained model, so nothing new was classified: run `monitor train`")
    return tuple(told)


def train(*, force: bool = False, seed: int = SEED, now: datetime | None = None) -> dict[str, Any]:
    """Train on the corpus and people's labels, and put the model in use if it is good enough."""
    from monitor.jobs.train_classifier import train_classifier

    with open_live(now) as live:
        return _recorded(
            live,
            "train_classifier",
            lambda: dict(
                train_classifier(
                    live.store,
                    corpus_folder(),
                    live.environment.home / "models",
                    seed=seed,
                    now=live.now,
                    force=force,
                ).counts()
            ),
        )


def corpus_folder() -> Path:
    """Where the training texts are: beside the package in a checkout, else in the present folder."""
    for root in (Path(__file__).parents[1], Path.cwd()):
        if (root / "models" / "corpus").is_dir():
            return root / "models" / "corpus"
    raise ModelNotFoundError("models/corpus is not here: run from the project's folder, or install with its sources")


def has_model() -> bool:
    """Is there a model to classify with?"""
    with open_store(environment()) as store, store.read() as connection:
        return models.model_in_use(connection) is not None


def load_model_in_use(where: Environment, store: Store) -> "Model":
    """The model in use, out of the store by way of a folder on this machine's disk."""
    from monitor.classifier import load_model, unpack_model

    with store.read() as connection:
        version = models.model_in_use(connection)
        folder = where.home / "models" / str(version)
        archive = models.load_archive(connection, version) if version and not folder.is_dir() else None
    if version is None:
        raise ModelNotFoundError("there is no trained model yet: run `monitor train` (some minutes)")
    if archive is not None:
        unpack_model(archive, folder)
    return load_model(folder)


def cycle(*, now: datetime | None = None, track: Track[Any] | None = None) -> dict[str, Any]:
    """The whole main job once: ingest, train if there is no model, classify, digests. A failed step stops no other."""
    done: dict[str, Any] = {"failed": {}}
    steps: list[tuple[str, Callable[[], dict[str, Any]]]] = [
        ("ingest", lambda: ingest(now=now, track=track)),
        ("train", lambda: {} if has_model() else train(now=now)),
        ("classify", lambda: classify(now=now, track=track)),
        ("digests", lambda: digests(now=now)),
    ]
    for name, step in steps:
        try:
            done[name] = step()
        except SettingsError:
            raise
        except MonitorError as error:
            done["failed"][name] = str(error)
    return done


def score(items: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    """What a digest would decide about each (line number, text): {id, relevant, score, themes, reasons}."""
    from monitor.jobs.score_articles import read_article, score_articles, scored

    with open_live(strict=True) as live:
        model = load_model_in_use(live.environment, live.store)
        articles = (read_article(item, number, now=live.now) for number, item in items)
        for _, _, _, decision in score_articles(articles, live.settings, model, now=live.now):
            yield scored(decision)


def explain(text: str) -> dict[str, Any]:
    """Why a text, or the stored article with this URL, would be flagged or not."""
    from monitor.core.links import canonical_url
    from monitor.jobs.score_articles import explained, read_article, score_articles
    from monitor.store import articles

    with open_live(strict=True) as live:
        model = load_model_in_use(live.environment, live.store)
        if text.startswith(("http://", "https://")):
            with live.store.read() as connection:
                article = articles.find_by_url(connection, canonical_url(text))
            if article is None:
                raise MonitorError(f"{text}: no stored article has this link; give its title and text instead")
        else:
            title, _, summary = text.strip().partition("\n")
            article = read_article({"title": title, "summary": summary}, 1, now=live.now)
        (found,) = score_articles([article], live.settings, model, now=live.now)
        return explained(*found, live.settings.thresholds.applied_to(model.card.thresholds))


def evaluate(file: Path) -> dict[str, Any]:
    """Measure the model in use on labelled texts: its own report, and as ``decided`` what digests make of them."""
    from monitor.jobs.evaluate_classifier import evaluate_classifier

    with open_live(strict=True) as live:
        model = load_model_in_use(live.environment, live.store)
        report, decided = evaluate_classifier(model, live.settings, file)
        return report.to_dict() | {"decided": decided}


def status() -> dict[str, Any]:
    """The last runs, counts by step, feeds by state, the model in use."""
    from monitor.jobs.report_status import report_status

    where, now = environment(), datetime.now(UTC)
    with open_store(where) as store:
        with store.read() as connection:
            last_good = runs.last_good_versions(connection)
        settings, problems = load_or_last_good(where.config, last_good)
        return report_status(store, settings, now=now) | {"config_problems": list(problems)}


def doctor() -> list[dict[str, str]]:
    """What is installed, reachable and out of date: {what, state (ok, warning, error), found, advice} each."""
    from monitor.jobs.examine import examine

    where = environment()
    client = slack(where)
    return [asdict(finding) for finding in examine(where, client.check if client else None, now=datetime.now(UTC))]


def slack(where: Environment) -> "SlackClient | None":
    """The client, or None when there is no token."""
    if not where.slack_token:
        return None
    from monitor.slack import SlackClient

    return SlackClient(where.slack_token, where.slack_api_url)


def tell_failure(dag_id: str, run_id: str, task_id: str, error: str) -> None:
    """Tell the alarm channel of a run that failed for good; without Slack, the log alone. Raises nothing of ours."""
    title, key = f"{dag_id} failed", f"{dag_id}/{task_id}/{error}"
    lines = [f"Task {task_id} of {run_id}" if task_id else run_id, error or "no reason given"]
    now = datetime.now(UTC)
    try:
        where = environment()
    except SettingsError as problem:
        print(f"ALARM: {title}: {'; '.join(lines)}; not told to Slack: {problem}", file=sys.stderr)
        return
    try:
        with open_store(where) as store:
            _alarm(where, store, title, lines, key=key, now=now)
    except StoreError:  # it may be what failed
        _alarm(where, None, title, lines, key=key, now=now)


def _alarm(
    where: Environment, store: Store | None, title: str, lines: Sequence[str], *, key: str, now: datetime
) -> None:
    """Log it and post it to the alarm channel, the same ``key`` at most once in ALARM_AGAIN.

    The memory of that are the runs of ``alarm`` in the store.
    """
    key = hashlib.sha256(key.encode()).hexdigest()[:16]
    if store is not None:
        with store.write() as connection:
            told = runs.last_runs(connection, job="alarm", limit=50)
            if any(run.counts.get("key") == key and run.started_at > now - ALARM_AGAIN for run in told):
                return
            run_id = runs.start_run(connection, "alarm", now=now)
            runs.finish_run(connection, run_id, now=now, counts={"key": key, "title": title})
    print(f"ALARM: {title}: {'; '.join(lines)}", file=sys.stderr)
    client = slack(where)
    if client is None or not where.alarm_channel:
        return
    from monitor.slack import render_alarm

    try:
        client.post(where.alarm_channel, render_alarm(title, lines), key=f"alarm/{key}/{now.isoformat()}")
    except MonitorError as error:
        print(f"ALARM: not told to Slack: {error}", file=sys.stderr)
