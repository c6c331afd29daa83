"""Articles without a decision -> matches, predictions, decisions, stories."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor import log
from monitor.core.article import Article
from monitor.core.decide import decide
from monitor.core.decision import Decision, ModelCard, Prediction, Versions
from monitor.core.group import REACH, new_story_id, place
from monitor.core.match import find_matches
from monitor.core.story import Told
from monitor.settings import Settings
from monitor.store import Connection, Store, articles, decisions, stories

CHUNK = 500  # articles a commit: a killed run loses a second of work, and writers of other jobs wait no longer
OLD = timedelta(hours=48)
LATE = timedelta(days=30)  # an article that comes later than this after its time joins no story of that time
OPEN_STORIES = 2000  # a month of a very loud world: what one new article costs has a bound


class Classifier(Protocol):
    """What this job needs of a model; ``monitor.classifier.Model`` is one."""

    @property
    def version(self) -> str: ...
    @property
    def card(self) -> ModelCard: ...
    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]: ...


class Track(Protocol):
    """Something that watches an iteration go by, such as a progress bar."""

    def __call__(self, steps: Iterable[tuple[Article, ...]], total: int, /) -> Iterable[tuple[Article, ...]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyReport:
    """How many articles were decided, flagged, worth an alert and predicted anew; how many stories began, how many
    turned out to be another, and how many articles got a story of their own because a person said so."""

    decided: int = 0
    flagged: int = 0
    alerts: int = 0
    predicted: int = 0
    stories: int = 0
    merged: int = 0
    parted: int = 0

    def counts(self) -> dict[str, int]:
        """The same as a dict, for the record of the run."""
        return asdict(self)


def classify_articles(
    store: Store,
    settings: Settings,
    model: Classifier,
    *,
    now: datetime,
    limit: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    track: Track = lambda steps, _total: steps,
) -> ClassifyReport:
    """Decide on every article that has no decision, at most ``limit``. Each chunk is one commit: run it again freely.

    With ``since``, stored articles first seen since then (and not after ``until``) that were decided under other
    versions are decided again. What was told stays told (the ledger of each digest), and no alert comes of it.
    """
    versions = _versions(settings, model.version)
    until = until or now
    with store.read() as connection:
        total = articles.count_undecided(connection)
        if since is not None:
            total += articles.count_decided_otherwise(connection, versions, since=since, until=until)
    if limit is not None:
        total = min(total, limit)
    report = ClassifyReport(parted=_part(store, now=now))
    # One at a time: two that group beside each other would begin two stories of one event.
    with store.alone("classifying") as alone:
        steps = _to_do(store, versions, limit=total if alone else 0, since=since, until=until)
        for chunk in track(steps, -(-total // CHUNK)):
            report = _sum(report, _classify_chunk(store, settings, model, chunk, now=now))
    return report


def _part(store: Store, *, now: datetime) -> int:
    """Give a story of its own to each article that people find in a wrong one, for good; returns how many these were.

    What was told of them stays told.
    """
    with store.write() as connection:
        found = articles.get_articles(connection, stories.misplaced(connection, since=now - LATE))
        for article in found:
            to = stories.free_id(connection, article)
            stories.move_article(connection, article.id, to=to, title=article.title, now=now)
    return len(found)


def _to_do(
    store: Store, versions: Versions, *, limit: int, since: datetime | None, until: datetime
) -> Iterator[tuple[Article, ...]]:
    """Chunks of work. Deciding on a chunk takes it off the list, so that the list is simply read again."""
    while limit > 0:
        with store.read() as connection:
            chunk = articles.undecided(connection, limit=min(CHUNK, limit))
            if not chunk and since is not None:
                chunk = articles.decided_otherwise(
                    connection, versions, since=since, until=until, limit=min(CHUNK, limit)
                )
        if not chunk:
            return
        yield chunk
        limit -= len(chunk)


def _classify_chunk(
    store: Store, settings: Settings, model: Classifier, chunk: Sequence[Article], *, now: datetime
) -> ClassifyReport:
    with store.read() as connection:
        ids = [article.id for article in chunk]
        known = decisions.load_predictions(connection, ids, model=model.version)
        before = decisions.decisions_in_force(connection, ids)
    fresh = model.predict([article for article in chunk if article.id not in known])
    predictions = known | {prediction.article_id: prediction for prediction in fresh}
    decided = _decide_all(chunk, [predictions[article.id] for article in chunk], settings, model.card, now=now)
    decided = [_without_new_alert(decision, before.get(decision.article_id)) for decision in decided]
    flagged = [Told(article=a, decision=d) for a, d in zip(chunk, decided, strict=True) if d.digest]
    with store.write() as connection:
        decisions.save_predictions(connection, fresh)
        decisions.save_decisions(connection, decided)
        grouped = _group(connection, flagged, now=now)
    report = ClassifyReport(
        decided=len(decided),
        flagged=len(flagged),
        alerts=sum(decision.alert for decision in decided),
        predicted=len(fresh),
        stories=grouped["stories"],
        merged=grouped["merged"],
    )
    log.info("articles_decided", model=model.version, **report.counts())
    for told in flagged:
        log.debug("article_flagged", article=told.article.id, score=told.decision.score, title=told.article.title)
    return report


def _decide_all(
    chunk: Sequence[Article], predictions: Sequence[Prediction], settings: Settings, card: ModelCard, *, now: datetime
) -> list[Decision]:
    """What the watch and the thresholds of ``settings`` make of each article's prediction, in the same order."""
    versions = _versions(settings, card.version)
    thresholds = settings.thresholds.applied_to(card.thresholds)
    return [
        decide(
            article,
            prediction,
            find_matches(settings.watch, article),
            settings.watch,
            thresholds,
            versions,
            now=now,
            again=article.published_at < now - OLD,
        )
        for article, prediction in zip(chunk, predictions, strict=True)
    ]


def _without_new_alert(decision: Decision, before: Decision | None) -> Decision:
    """Deciding again is no news: it raises no alert, and takes none back that still waits to be told."""
    return decision if before is None or before.alert else replace(decision, alert=False)


def _versions(settings: Settings, model: str) -> Versions:
    """What a decision made now is made by."""
    return Versions(model=model, watch=settings.watch.version, settings=settings.version)


def _group(connection: Connection, flagged: Sequence[Told], *, now: datetime) -> Counter[str]:
    """Let each flagged article without a story join one, or begin one; counts stories that began or became one."""
    placed = stories.story_of(connection, [told.article.id for told in flagged])
    waiting = _in_time(told.article for told in flagged if told.article.id not in placed)
    if not waiting:
        return Counter()
    since = min(max(min(a.published_at, a.seen_at), a.seen_at - LATE) for a in waiting) - REACH
    found = stories.open_stories(connection, since=since, limit=OPEN_STORIES)
    held = {story.id: _in_time(told.article for told in story.members) for story in found}
    by_hand = stories.sorted_by_hand(connection, [article.id for members in held.values() for article in members])
    fixed = {story_id for story_id, members in held.items() if any(article.id in by_hand for article in members)}
    done = Counter[str]()
    for article in waiting:
        placement = place(article, held, fixed=fixed)
        story_id = placement.story_id or new_story_id(article)
        stories.add_to_story(
            connection, story_id, article_id=article.id, title=article.title, seen_at=article.seen_at, now=now
        )
        joined = [*held.setdefault(story_id, []), article]
        for other in placement.absorbed:
            stories.merge_stories(connection, other, into=story_id)
            joined += held.pop(other)
        held[story_id] = _in_time(joined)
        done.update(stories=placement.story_id is None, merged=len(placement.absorbed))
    return done


def _in_time(articles: Iterable[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: (article.published_at, article.id))


def _sum(one: ClassifyReport, other: ClassifyReport) -> ClassifyReport:
    added = other.counts()
    return ClassifyReport(**{name: count + added[name] for name, count in one.counts().items()})
