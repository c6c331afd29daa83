"""The work of the DAGs: what changes the store, or tells somebody."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import (
    BelowFloorError,
    ModelMismatchError,
    ModelNotFoundError,
    MonitorError,
    SettingsError,
)
from monitor.run.live import (
    Live,
    Track,
    alarm,
    environment,
    model_in_use,
    open_live,
    open_store,
    rare_collections,
    recorded,
    slack,
)
from monitor.run.publish import notices
from monitor.store import runs

if TYPE_CHECKING:
    from monitor.courier import Posted
    from monitor.jobs.send_digests import DigestReport
    from monitor.jobs.train_classifier import TrainReport
    from monitor.slack import SlackClient, SlackWebhook

SEED = 20240619


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Digests that were composed or posted: the job's report, and each new digest as text for a terminal."""

    report: "DigestReport"
    texts: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """The same as plain data."""
        composed = [
            {
                "id": digest.id,
                "channel": digest.channel,
                "cut": digest.cut.isoformat(),
                "stories": len(digest.stories) + digest.left_out,
            }
            for digest in self.report.digests
        ]
        pages = [str(page) for page in self.report.pages]
        return dict(self.report.counts()) | {
            "digests": composed,
            "troubles": list(self.report.troubles),
            "pages": pages,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a cycle: what it counted, or why it failed."""

    name: str
    counts: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    sent: Sent | None = None


def shards(*, force: bool = False, now: datetime | None = None) -> list[int]:
    """Numbers of the shards that the feeds that are due (``force``: all) are polled in."""
    from monitor.core.schedule import due, shard_count
    from monitor.store.feeds import load_states

    with open_live(now) as live, live.store.read() as connection:
        requests = due(live.settings.feeds, load_states(connection), live.now, force=force)
        last = runs.last_runs(connection, job="ingest_feeds", limit=20)
    polls = [
        (run.counts["feeds"], run.finished_at - run.started_at) for run in last if run.finished_at and not run.error
    ]
    return list(range(shard_count(requests, polls, wanted=live.settings.fetch.shards)))


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

        def work() -> dict[str, Any]:
            with rare_collections():
                report = ingest_feeds(live.store, live.settings, fetch, now=live.now, shard=(shard, of), force=force)
            return dict(report.counts())

        return recorded(live, "ingest_feeds", work)


def classify(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    now: datetime | None = None,
    track: Track[Any] | None = None,
) -> dict[str, Any]:
    """Decide on every article without a decision; with ``since``, decide again on those first seen since then.

    And not after ``until``, if that is given.
    """
    from monitor.jobs.classify_articles import classify_articles

    with open_live(now) as live:
        _read_articles(live)
        return recorded(
            live,
            "classify_articles",
            lambda: dict(
                classify_articles(
                    live.store,
                    live.settings,
                    model_in_use(live.environment, live.store),
                    now=live.now,
                    since=since,
                    until=until,
                    track=track or (lambda steps, _total: steps),
                ).counts()
            ),
        )


def move(article: str, story: str) -> dict[str, str]:
    """Put an article (id or link) into a story (id, or "new") in the name of whoever is logged in here."""
    from monitor.jobs.move_article import move_article

    with open_store(environment()) as store:
        return asdict(move_article(store, article, story, who=getuser(), now=datetime.now(UTC)))


def _read_articles(live: Live) -> None:
    """Fetch the full texts that the config asks for, so that they are there when the articles are decided on."""
    if not any(feed.full_text for feed in live.settings.feeds):
        return
    from monitor.feeds import fetch_articles
    from monitor.jobs.read_articles import read_articles

    def read(urls: Sequence[str]) -> Iterable[Any]:
        return fetch_articles(urls, live.settings.fetch)

    recorded(live, "read_articles", lambda: dict(read_articles(live.store, live.settings, read, now=live.now).counts()))


def alerts(*, now: datetime | None = None) -> dict[str, Any]:
    """Tell the alert channels of what is urgent; without Slack nothing, for digests tell it."""
    from monitor.jobs.send_alerts import AlertReport, send_alerts

    done: list[AlertReport] = []
    with open_live(now) as live:

        def work() -> dict[str, Any]:
            done.append(
                send_alerts(
                    live.store, live.settings, slack(live.environment), now=live.now, buttons=live.environment.listens
                )
            )
            return dict(done[0].counts())

        counts = recorded(live, "send_alerts", work)
        _tell_troubles(live, done[0])
        _watch_freshness(live)
    told = [{"id": a.ledger, "stories": [story.title for story in a.stories]} for a in done[0].alerts]
    return counts | {"alerts": told, "troubles": list(done[0].troubles)}


def _watch_freshness(live: Live) -> None:
    """Here, for no other job runs as often; and it runs when polls or decisions have stopped."""
    from monitor.jobs.watch_freshness import watch_freshness

    channel = live.environment.alarm_channel if live.environment.slack_token else ""
    watch_freshness(live.store, live.settings, channel=channel, now=live.now)


def _tell_troubles(live: Live, posted: "Posted") -> None:
    if posted.troubles:
        title, about = "Slack does not take everything", "\n".join(posted.troubles)
        alarm(live.environment, live.store, title, posted.troubles, about=about, now=live.now)


def digests(only: str = "", *, force: bool = False, now: datetime | None = None) -> dict[str, Any]:
    """Compose the digests that are due (``force``: now) and post them; without a Slack token they become pages."""
    return send(only, force=force, now=now).summary()


def send(only: str = "", *, force: bool = False, now: datetime | None = None) -> Sent:
    """The same as ``digests`` for callers that show the digests themselves."""
    from monitor.jobs.raise_alarm import end_store_alarm
    from monitor.jobs.send_digests import DigestReport, send_digests
    from monitor.pages import digest_text

    done: list[DigestReport] = []
    with open_live(now) as live:

        def work() -> dict[str, Any]:
            client = slack(live.environment)
            done.append(
                send_digests(
                    live.store,
                    live.settings,
                    client,
                    now=live.now,
                    only=only,
                    force=force,
                    home=live.environment.home,
                    notices=notices(live),
                    buttons=live.environment.listens,
                )
            )
            return dict(done[0].counts()) | _post_trends(live, client, done[0].troubles)

        recorded(live, "send_digests", work)
        report, where = done[0], live.environment
        _tell_troubles(live, report)
        end_store_alarm(live.store, slack(where), where.alarm_channel, now=live.now)
        return Sent(report=report, texts=tuple(digest_text(d, live.settings.themes) for d in report.digests))


def _post_trends(live: Live, client: "SlackClient | SlackWebhook | None", troubles: list[str]) -> dict[str, int]:
    """The pictures of digests that are out, if there is a Slack that takes files."""
    from monitor.jobs.post_trends import post_trends
    from monitor.slack import SlackClient

    if not isinstance(client, SlackClient):
        return {}
    report = post_trends(live.store, live.settings, client, now=live.now)
    troubles += report.troubles
    return {"pictures": report.pictures}


def train(*, force: bool = False, seed: int = SEED, now: datetime | None = None) -> dict[str, Any]:
    """Train on the corpus and people's labels, and use the model if it is good enough; the alarm channel hears of it.

    Raises BelowFloorError when it is not, and no other model is in use.
    """
    from monitor.jobs.train_classifier import TrainReport, train_classifier

    done: list[TrainReport] = []
    with open_live(now) as live:

        def work() -> dict[str, Any]:
            folder = live.environment.home / "models"
            report = train_classifier(live.store, corpus_folder(), folder, seed=seed, now=live.now, force=force)
            done.append(report)
            if not report.promoted and report.previous is None:
                raise BelowFloorError(f"model {report.version} was {report.why}")
            return dict(report.counts()) | {"version": report.version, "why": report.why}

        counts = recorded(live, "train_classifier", work)
        report = done[0]
        if report.trained and report.previous is not None:
            _tell_of_model(live, report)
        return counts


def _tell_of_model(live: Live, report: "TrainReport") -> None:
    """Tell the people who run the monitor that the model changed, or why it did not.

    Figures before and after, whose decisions flip, the labels that did it, and labellers who are often wrong.
    """
    from monitor.jobs.compare_models import compare_models
    from monitor.jobs.train_classifier import load_kept_model

    if report.promoted:
        title, word = f"A new model is in use: {report.version}", "NOTICE"
        what = f"It replaces {report.previous}; `monitor models rollback` takes that one into use again."
    else:
        title, word = f"The new model is not put in use; {report.previous} stays", "ALARM"
        what = f"{report.version} was {report.why}. `monitor models show {report.version}` has its figures."
    lines = [what, f"Trained on {report.items} texts of the corpus and {report.labels} labels.", "On the same texts:"]
    lines += [str(difference) for difference in report.differences]
    new, old = (load_kept_model(live.store, version) for version in (report.version, report.previous or ""))
    lines += [
        f"{one.who} is often wrong: about {one.accuracy:.0%} of {one.labels} labels are right, so they weigh "
        f"{one.weight:.0%} of others'. `monitor labels list --who {one.who}` shows them."
        for one in report.labellers
        if one.doubtful
    ]
    about = f"model {report.version}"
    details = compare_models(live.store, live.settings, new, old, report.labellers, now=live.now).lines()
    alarm(live.environment, live.store, title, lines, about=about, now=live.now, word=word, details=details)


def corpus_folder() -> Path:
    """Where the training texts are: beside the package in a checkout, else in the present folder."""
    for root in (Path(__file__).parents[1], Path.cwd()):
        if (root / "models" / "corpus").is_dir():
            return root / "models" / "corpus"
    raise ModelNotFoundError("models/corpus is not here: run from the project's folder, or install with its sources")


def has_model() -> bool:
    """Is there a model to classify with? One that another version of the product made is none."""
    where = environment()
    try:
        with open_store(where) as store:
            model_in_use(where, store)
    except (ModelNotFoundError, ModelMismatchError):
        return False
    return True


def cycle(*, force: bool = False, track: Track[Any] | None = None) -> Iterator[Step]:
    """The whole main job once: ingest, train if there is no model, classify, alerts, digests (``force``: now,
    due or not).

    A step that failed stops no other; a config that cannot be used at all stops everything.
    """
    steps: list[tuple[str, Callable[[], dict[str, Any] | Sent]]] = [
        ("ingest", lambda: ingest(track=track)),
        *([] if has_model() else [("train", train)]),
        ("classify", lambda: classify(track=track)),
        ("alerts", alerts),
        ("digests", lambda: send(force=force)),
    ]
    for name, work in steps:
        try:
            done = work()
        except SettingsError:
            raise
        except MonitorError as error:
            yield Step(name=name, error=str(error))
        else:
            yield Step(name=name, sent=done) if isinstance(done, Sent) else Step(name=name, counts=done)


def audit(*, now: datetime | None = None) -> dict[str, Any]:
    """Look at the coverage; the alarm channel hears of feeds that fell silent, broke or came back, each once.

    The counts of the job, and as ``coverage`` and ``changes`` what they stand for in words.
    """
    from monitor.jobs.audit_coverage import AuditReport, audit_coverage

    done: list[AuditReport] = []
    with open_live(now) as live:
        where = live.environment
        channel = where.alarm_channel if where.slack_token else ""

        def work() -> dict[str, Any]:
            done.append(audit_coverage(live.store, live.settings, channel=channel, now=live.now))
            return dict(done[0].counts())

        counts = recorded(live, "audit_coverage", work)
    report = done[0]
    return counts | {
        "coverage": list(report.coverage.troubles),
        "changes": [change.text for change in report.changes],
    }


def prune(*, now: datetime | None = None) -> dict[str, Any]:
    """Move what is older than the config's retention from the store into files; the counts of the job."""
    from monitor.jobs.prune_store import prune_store

    with open_live(now) as live:

        def work() -> dict[str, Any]:
            folder, retention = live.environment.archive, live.settings.retention
            return dict(prune_store(live.store, folder, retention=retention, now=live.now).counts())

        return recorded(live, "prune_store", work)
