"""Decisions worth an alert -> alerts -> deliveries; alerts of stories that grew -> edits and replies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor import log
from monitor.core.changes import changes_of
from monitor.core.compose import takes, without
from monitor.core.digest import ALERTS, Alert, AlertSpec
from monitor.core.pace import is_quiet, plan_alerts
from monitor.core.rank import rank
from monitor.core.story import Story
from monitor.core.theme import Theme
from monitor.courier import Courier, Posted, Poster
from monitor.settings import Settings
from monitor.slack import render_addition, render_alert, revised, said_in, with_said
from monitor.store import Connection, Store, alerts, mutes, outbox

FIRST_WINDOW = timedelta(hours=2)  # what a new channel hears of: alerts are about now
LOOK_BACK = timedelta(days=4)  # nothing is held longer than over a long weekend
GROWTH = timedelta(days=3)  # so long a story may grow (core.group.REACH)


@dataclass(slots=True, kw_only=True)
class AlertReport(Posted):
    """What one run composed, and what became of its messages. ``grown`` counts the alerts that were added to."""

    alerts: list[Alert] = field(default_factory=list)
    grown: int = 0

    def counts(self) -> dict[str, int]:
        """For the record of runs."""
        return {
            "alerts": len(self.alerts),
            "stories": sum(len(alert.stories) for alert in self.alerts),
            "grown": self.grown,
            "posted": self.posted,
            "refused": self.refused,
            "delayed": self.delayed,
        }


def send_alerts(
    store: Store, settings: Settings, post: Poster | None, *, now: datetime, buttons: bool = False
) -> AlertReport:
    """Tell each channel at once of what is urgent, once a story, and add to what it was told.

    ``buttons`` are there where somebody listens to them.
    Without ``post`` there is nobody to tell: digests will. Safe to run again at any point, as send_digests is.
    """
    report = AlertReport()
    if post is None or not settings.alerts:
        return report
    with store.alone("composing-alerts") as alone:
        for spec in (spec for spec in settings.alerts if spec.enabled and alone):
            if post.threads and not is_quiet(spec, now):
                _add(store, spec, settings.themes, report, now=now)
            _compose(store, spec, settings.themes, report, now=now, buttons=buttons)
    specs = {spec.ledger: spec for spec in settings.alerts}
    courier = Courier(store=store, poster=post, specs=specs, elsewhere=lambda item: item.key, now=now)
    courier.deliver("alerts", lambda ledger: ledger.startswith(ALERTS), report)
    return report


def _compose(
    store: Store, spec: AlertSpec, themes: Sequence[Theme], report: AlertReport, *, now: datetime, buttons: bool
) -> None:
    """Freeze what goes out now."""
    frozen: list[Alert] = []
    with store.write() as connection:
        since = alerts.began(connection, spec.ledger, spec.channel, now=now, since=now - FIRST_WINDOW)
        untold = alerts.untold_alerts(connection, spec.ledger, since=max(since, now - LOOK_BACK))
        heard = without(untold, {mute.outlet for mute in mutes.mutes_at(connection, now)})
        urgent = (story for story in heard if takes(spec, story) and any(told.decision.alert for told in story.members))
        ranked = rank(urgent, themes, now)
        told = alerts.alerts_since(connection, spec.ledger, now - max(spec.cool_down, timedelta(hours=1)))
        for stories in plan_alerts(spec, ranked, told, now):
            messages = render_alert(spec, stories, themes=themes, buttons=buttons)
            frozen.append(alerts.freeze_alert(connection, spec.ledger, spec.channel, stories, messages, now=now))
    for alert in frozen:
        log.info("alert_frozen", ledger=alert.ledger, cut=alert.cut, stories=[story.id for story in alert.stories])
    report.alerts += frozen


def _add(store: Store, spec: AlertSpec, themes: Sequence[Theme], report: AlertReport, *, now: datetime) -> None:
    """Freeze edits and replies for the alerts that are out and whose stories other outlets took up."""
    with store.write() as connection:
        waiting = set(outbox.open_bundles(connection))
        muted = {mute.outlet for mute in mutes.mutes_at(connection, now)}
        done: set[str] = set()  # two alerts whose stories became one are added to once
        for alert in alerts.alerts_since(connection, spec.ledger, now - GROWTH):
            alert = replace(alert, stories=without(alert.stories, muted))
            grown = [story for story in alert.stories if story.id not in done and _has_grown(story)]
            if grown and (alert.ledger, alert.cut) not in waiting:
                _add_to(connection, alert, grown, spec, themes, now=now)
                done.update(story.id for story in grown)
                report.grown += 1


def _has_grown(story: Story) -> bool:
    """Another outlet has it, or there is a new origin, figure or denial: more of the same is not worth a word."""
    known = tuple(told for told in story.members if told.article.id in story.told)
    fresh = tuple(told for told in story.members if told.article.id not in story.told and not told.decision.late)
    outlets = {told.article.outlet for told in fresh} - {told.article.outlet for told in known}
    return bool(outlets) or bool(changes_of(replace(story, members=known + fresh)))


def _add_to(
    connection: Connection,
    alert: Alert,
    grown: Sequence[Story],
    spec: AlertSpec,
    themes: Sequence[Theme],
    *,
    now: datetime,
) -> None:
    parts = outbox.parts_of(connection, alert.ledger, alert.cut)
    whole = {story.id: replace(story, told=frozenset()) for story in alert.stories}
    ids = {story.id for story in grown}
    edits = [  # what people said is kept with the labels alone, so that erasing it erases it
        (with_said(part, dict.fromkeys(said_in(part), "")), revised(part, spec, whole, themes=themes))
        for part in parts
        if ids.intersection(part.stories) and whole.keys() >= set(part.stories)
    ]
    replies = render_addition(spec, grown, part=len(parts))
    alerts.add_to_alert(connection, alert, grown, edits, replies, now=now)
