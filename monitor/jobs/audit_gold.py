"""A user's list of dated events against the archive -> what was caught, late or missed, and the gate that lost it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from monitor.core.decide import logit, sigmoid
from monitor.core.gold import AFTER, BEFORE, Event, Finder, Report, Verdict, judge_event
from monitor.core.trial import Past
from monitor.core.watch import Watch, WatchTerm
from monitor.errors import ModelNotFoundError
from monitor.settings import Settings, present_thresholds, readable_watches
from monitor.store import Connection, Store, archive, models, runs

NUDGE = 1.0  # log-odds: an article that misses the threshold by less was near the line
PROOFS = 40  # reports of one event that are looked at closely


def audit_gold(store: Store, settings: Settings, events: Sequence[Event], *, late_after: timedelta) -> list[Verdict]:
    """What became of each event, in their order, by the stored decisions; past ``late_after`` a telling is late."""
    with store.read() as connection:
        card = models.card_in_use(connection)
        if card is None:
            raise ModelNotFoundError("there is no trained model yet: run `monitor train` (it takes some minutes)")
        thresholds = present_thresholds(settings, card)
        begins = archive.first_seen(connection)
        reports = _reports(connection, settings.watch, events)
    near = sigmoid(logit(thresholds.digest) - NUDGE)
    return [
        judge_event(event, reports[event.line], thresholds.digest, near=near, late_after=late_after, archive=begins)
        for event in events
    ]


def _reports(connection: Connection, watch: Watch, events: Sequence[Event]) -> dict[int, list[Report]]:
    """By line of the list the articles that tell of the event."""
    finder, found = Finder(events), {event.line: list[tuple[Past, tuple[WatchTerm, ...]]]() for event in events}
    known = readable_watches(runs.known_versions(connection, "watch"))
    since = min(event.at for event in events) - BEFORE - AFTER
    for past in archive.decided_articles(connection, since=since):
        for event in finder.find(past.article):
            found[event.line].append((past, _terms_then(past, known, watch)))
    for held in found.values():
        held.sort(key=lambda pair: (not pair[0].decision.digest, -pair[0].decision.score, pair[0].article.id))
        del held[PROOFS:]
    pasts = [past for held in found.values() for past, _ in held]
    told = archive.tellings(connection, [past.article.id for past in pasts])
    stories = archive.told_stories(connection, [past.story_id for past in pasts if past.story_id])
    return {
        line: [_report(connection, past, terms, told.get(past.article.id, []), stories) for past, terms in held]
        for line, held in found.items()
    }


def _terms_then(past: Past, known: Mapping[str, Watch], watch: Watch) -> tuple[WatchTerm, ...]:
    """The terms that decided then; where that watch is not stored, those of the same names that the present one has."""
    then = known.get(past.decision.versions.watch, watch)
    return tuple(term for term in then.terms if term.name in past.decision.terms)


def _report(
    connection: Connection,
    past: Past,
    terms: Sequence[WatchTerm],
    told: Sequence[archive.Telling],
    told_stories: set[str],
) -> Report:
    shown = next((telling for telling in told if archive.shows(connection, telling)), None)
    first = shown or (told[0] if told else None)
    return Report(
        article=past.article,
        score=past.decision.score,
        probability=past.prediction.probability,
        flagged=past.decision.digest,
        dropped=tuple(term.name for term in terms if term.never or term.weight < 0),
        helped=tuple(term.name for term in terms if term.always or term.weight > 0),
        story_id=past.story_id,
        told_at=first.at if first else None,
        story_told=past.story_id in told_stories,
        shown=shown is not None,
    )
