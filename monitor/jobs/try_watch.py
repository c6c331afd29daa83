"""The stored archive under an old and a new watch -> what the change would have done. Nothing is stored."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime, timedelta

from monitor.core.article import Article
from monitor.core.compare import Comparison, counted, example
from monitor.core.decision import Thresholds
from monitor.core.gold import Event
from monitor.core.replay import Lead, relevance_of, replay
from monitor.core.trial import Example, Trial
from monitor.core.watch import Watch
from monitor.errors import ModelNotFoundError, MonitorError
from monitor.settings import Settings, compare_watches, present_thresholds, readable_watches
from monitor.store import Store, articles, labels, models, runs
from monitor.store.archive import decided_articles

EXAMPLES = 5


def try_watch(
    store: Store,
    settings: Settings,
    old: Watch,
    new: Watch,
    *,
    now: datetime,
    days: int,
    events: Sequence[Event] = (),
    helper: Executor | None = None,
) -> Trial:
    """Both watches on every article decided in the last ``days``, by the predictions that are stored.

    A ``helper`` process shares the work where much has to be matched anew.

    Raises MonitorError where there is nothing to replay.
    """
    since = now - timedelta(days=days)
    with store.read() as connection:
        card = models.card_in_use(connection)
        if card is None:
            raise ModelNotFoundError("there is no trained model yet: run `monitor train` (it takes some minutes)")
        thresholds = present_thresholds(settings, card)
        known = readable_watches(runs.known_versions(connection, "watch"))
        people = relevance_of(labels.labels_seen_since(connection, since))
        sums = Comparison(old, new, thresholds, people, events)
        for one in replay(decided_articles(connection, since=since), (old, new), known, thresholds, helper=helper):
            sums.add(one)
        if not sums.count.articles:
            raise MonitorError(f"the store has no decided article of the last {days} days: there is nothing to replay")
        changed = sums.changed()
        gained, lost = changed
        shown = {lead.article_id for lead in (*gained[:EXAMPLES], *lost[:EXAMPLES])}
        texts = {article.id: article for article in articles.get_articles(connection, shown)}
        waiting = articles.count_undecided(connection)

    return _trial(sums, changed, texts, thresholds, now=now, since=since, waiting=waiting)


def _trial(
    sums: Comparison,
    changed: tuple[list[Lead], list[Lead]],
    texts: Mapping[str, Article],
    thresholds: Thresholds,
    *,
    now: datetime,
    since: datetime,
    waiting: int,
) -> Trial:
    gained, lost = changed

    def examples(leads: Sequence[Lead]) -> tuple[Example, ...]:
        return tuple(example(lead, texts[lead.article_id], sums.old, sums.new) for lead in leads[:EXAMPLES])

    return Trial(
        since=sums.count.first or since,
        until=sums.count.last or now,
        articles=sums.count.articles,
        threshold=thresholds.digest,
        changes=compare_watches(sums.old, sums.new),
        before=sums.side(0, now),
        after=sums.side(1, now),
        gained=len(gained),
        lost=len(lost),
        by_day=counted(gained, lost, lambda lead: lead.seen_at.date()),
        by_language=counted(gained, lost, lambda lead: lead.language),
        by_theme=counted(gained, lost, lambda lead: lead.theme),
        examples_gained=examples(gained),
        examples_lost=examples(lost),
        collisions=tuple(sums.collide()),
        matched={name: sums.matched[name] for name in sums.new_names},
        labels=sums.on_labels(),
        gold=sums.on_gold(),
        notices=tuple(sums.notices(waiting)),
    )
