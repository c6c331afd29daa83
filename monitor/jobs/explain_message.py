"""A message that was sent -> what it told, and why, as it was known then."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.decision import Decision, Thresholds, Versions
from monitor.core.tell import in_words
from monitor.errors import MonitorError, SettingsError
from monitor.settings import print_term, readable_watches, stored_thresholds
from monitor.store import Connection, Store, articles, digests, evidence, models, runs, stories
from monitor.store.evidence import Evidence, Sent

_PERMALINK = re.compile(r"https://[^/]+/archives/([A-Z0-9]+)/p(\d{7,16})(\d{6})(?:\?(?:.*&)?thread_ts=(\d+\.\d+))?")
_TS = re.compile(r"(?:([^:\s]+):)?(\d{1,12}\.\d{1,9})")
ALARMS = 200  # that are looked through
GONE = (
    "Some of the articles that it told are in the store no more (retention), and the evidence of them went with them."
)


def read_place(text: str) -> tuple[str, str, str]:
    """(Channel, ts, ts of its thread) of a message, from CHANNEL:TS, TS, or the link that Slack copies; "" unknown."""
    if found := _PERMALINK.match(text.strip().strip("<>")):
        return found[1], f"{found[2]}.{found[3]}", found[4] or ""
    if found := _TS.fullmatch(text.strip()):
        return found[1] or "", found[2], ""
    raise MonitorError(f"{text}: is neither CHANNEL:TS (C0123456789:1732600000.000100) nor a link to a Slack message")


@dataclass(frozen=True, slots=True)
class Then:
    """What decisions were made by, as it was: the cards of models, the thresholds by model and settings, and the terms
    of each watch in YAML, by name. What is not kept, or cannot be read any more, is absent."""

    cards: Mapping[str, Mapping[str, Any]]
    thresholds: Mapping[tuple[str, str], Thresholds]
    terms: Mapping[str, Mapping[str, str]]


def explain_message(store: Store, place: str) -> dict[str, Any]:
    """What the message at ``place`` told, and why. Raises MonitorError when none of ours is known to stand there."""
    channel, ts, thread = read_place(place)
    with store.read() as connection:
        for tried in filter(None, (ts, thread)):
            found = evidence.find_sent(connection, tried)
            here = [sent for sent in found if channel in {"", sent.channel}] or found
            if here:
                told = _explained(connection, here[0])
                if tried != ts:
                    told["notes"].insert(0, "This message itself is not kept; here is the one that begins its thread.")
                return told
        alarm = _alarm_at(connection, ts)
    if alarm is None:
        raise MonitorError(
            f"{place}: no message of ours is known to stand there. Answers that one person alone sees, and pictures of "
            "trends, are not kept; what is older than `retention` in monitor.yaml may have been deleted"
        )
    return alarm


def explain_bundle(store: Store, ledger: str, *, at: datetime | None, story: str = "") -> dict[str, Any]:
    """The same for one digest or alert: that of the minute ``at``, else the last; with ``story``, of that one alone."""
    with store.read() as connection:
        cuts = digests.cuts_of(connection, ledger, since=at, until=at and at + timedelta(minutes=1))
        named = [cut for cut in cuts if cut == at] or cuts
        if not named:
            when = f" at {at:%Y-%m-%d %H:%M} UTC" if at else ""
            raise MonitorError(f"{ledger}: nothing was told{when}; `monitor status` shows the last cut of each")
        if at is not None and len(named) > 1:
            listed = ", ".join(cut.isoformat() for cut in named)
            raise MonitorError(f"{ledger}: there are {len(named)} in that minute; give --cut as one of {listed}")
        bundle = evidence.bundle_of(connection, ledger, named[-1])
        if not bundle:
            raise MonitorError(f"{ledger}: the messages of {named[-1].isoformat()} are not kept any more (retention)")
        return _explained(connection, bundle[0], story=story)


def _explained(connection: Connection, sent: Sent, *, story: str = "") -> dict[str, Any]:
    kept = evidence.evidence_of(connection, sent.ledger, sent.cut)
    formers = evidence.formers_of(connection, sent.ledger, sent.cut)
    told = [one for one in _told_by(sent, kept) if story in {"", one.story_id}]
    if story and not told:
        known = ", ".join(dict.fromkeys(one.story_id for one in kept)) or "none"
        raise MonitorError(f"{story}: is no story of it; there are: {known}")
    versions = {one.told.decision.versions for one in told}
    then = _then(connection, versions)
    bundle = evidence.bundle_of(connection, sent.ledger, sent.cut)
    named = {story_id for part in bundle for story_id in part.payload.get("stories", ())}
    return {
        "message": _message(sent) | {"edits": [_edit(at, held) for part, at, held in formers if part == sent.part]},
        "parts": [_message(part) for part in bundle],
        "stories": _stories(connection, told, then),
        "models": {v.model: then.cards.get(v.model) for v in versions},
        "watches": {v.watch: _text(connection, "watch", v.watch) for v in versions},
        "settings": {v.settings: _text(connection, "monitor", v.settings) for v in versions},
        "notes": [GONE] if named - {one.story_id for one in kept} else [],
    }


def _then(connection: Connection, versions: Iterable[Versions]) -> Then:
    cards = {version: card for version, _, _, card in models.list_models(connection)}
    watches = readable_watches(runs.get_versions(connection, "watch", {v.watch for v in versions}))
    stored = {held.version: held for held in runs.get_versions(connection, "monitor", {v.settings for v in versions})}
    thresholds = {}
    for made in versions:
        if made.model in cards and made.settings in stored:
            with suppress(SettingsError):
                thresholds[made.model, made.settings] = stored_thresholds(
                    stored[made.settings].content, cards[made.model]
                )
    terms = {version: {term.name: print_term(term) for term in watch.terms} for version, watch in watches.items()}
    return Then(cards, thresholds, terms)


def _told_by(sent: Sent, kept: Sequence[Evidence]) -> list[Evidence]:
    """What one message tells: the root of a digest all of it, an alert its stories, a reply what it added."""
    named = set(sent.payload.get("stories", ()))
    if named:
        return [one for one in kept if one.story_id in named]
    if sent.part == 0:
        return list(kept)
    # A long addition goes on in further messages; the evidence names the first.
    begin = max((one.part for one in kept if one.part is not None and one.part <= sent.part), default=None)
    return [one for one in kept if one.part == begin]


def _message(sent: Sent) -> dict[str, Any]:
    return asdict(sent) | {
        "cut": sent.cut.isoformat(),
        "posted_at": sent.posted_at.isoformat() if sent.posted_at else None,
        "plain": str(sent.payload.get("plain", "")),
    }


def _edit(at: datetime, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"until": at.isoformat(), "payload": dict(payload)}


def _stories(connection: Connection, told: Iterable[Evidence], then: Then) -> list[dict[str, Any]]:
    held: dict[str, list[Evidence]] = {}
    for one in told:
        held.setdefault(one.story_id, []).append(one)
    return [
        {
            "id": story_id,
            "id_now": stories.find_story(connection, story_id),
            "part": members[0].part,
            "articles": [_article(connection, one, then) for one in members],
        }
        for story_id, members in held.items()
    ]


def _article(connection: Connection, one: Evidence, then: Then) -> dict[str, Any]:
    shown, decision = one.told.article, one.told.decision
    (now,) = articles.get_articles(connection, [shown.id])  # evidence goes with its article
    title, summary = articles.text_at(connection, now, decision.decided_at)
    text = now.text if len(now.text) == one.text_length else ""
    return {
        "id": shown.id,
        "outlet": shown.outlet,
        "url": shown.url,
        "language": shown.language,
        "published_at": shown.published_at.isoformat(),
        "seen_at": shown.seen_at.isoformat(),
        "told_at": one.at.isoformat(),
        "title": shown.title,
        "summary": shown.summary,
        "text": text,
        "text_lost": bool(one.text_length and not text),
        "decided_on": None
        if (title, summary) == (shown.title, shown.summary)
        else {"title": title, "summary": summary},
        "title_now": now.title,
        "decision": _decision(decision, then),
    }


def _decision(decision: Decision, then: Then) -> dict[str, Any]:
    made = decision.versions
    thresholds = then.thresholds.get((made.model, made.settings))
    terms = then.terms.get(made.watch, {})
    return {
        **asdict(made),
        "decided_at": decision.decided_at.isoformat(),
        "late": decision.late,
        "score": decision.score,
        "flagged": decision.digest,
        "alert": decision.alert,
        "themes": list(decision.themes),
        "reasons": [asdict(reason) for reason in decision.reasons],
        "terms": {name: terms.get(name, "") for name in decision.terms},
        "thresholds": asdict(thresholds) if thresholds else None,
        "in_words": in_words(decision, thresholds) if thresholds else [],
    }


def _text(connection: Connection, kind: str, version: str) -> dict[str, Any] | None:
    stored = next(iter(runs.get_versions(connection, kind, [version])), None)
    if stored is None:
        return None
    first, last = stored.first_used_at.isoformat(), stored.last_used_at.isoformat()
    return {"first_used_at": first, "last_used_at": last, "text": stored.content}


def _alarm_at(connection: Connection, ts: str) -> dict[str, Any] | None:
    """The alarm that stands at ``ts``: what it said is why it was sent."""
    soon_after = datetime.fromtimestamp(float(ts), UTC) + timedelta(hours=1)
    for run in runs.last_runs(connection, job="alarm", limit=ALARMS, until=soon_after):
        if run.counts.get("ts") == ts:
            said = {name: run.counts.get(name) for name in ("title", "lines", "channel", "ts")}
            return {"alarm": said | {"raised_at": run.started_at.isoformat()}, "stories": [], "notes": []}
    return None
