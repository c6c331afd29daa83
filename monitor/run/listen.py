"""The listener: Slack's buttons and commands, with everything that answers them."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from monitor.core.click import MUTE_DAYS, Click, Mute
from monitor.core.digest import Message
from monitor.core.tell import Link, clean, safe_url
from monitor.core.watch import WatchTerm
from monitor.errors import MonitorError, SettingsError
from monitor.run.live import environment, open_live, open_store, write_file
from monitor.settings import Environment, Settings, load_or_last_good, print_term, read_watch
from monitor.store import Store, mutes, runs

if TYPE_CHECKING:
    from monitor.jobs.handle_clicks import Rights
    from monitor.slack import SlackApp

SETTINGS_SECONDS = 15.0  # an edit of the config holds after that
TRY_DAYS = 90
WEIGHT = 1.0  # of a term that is tried without one


def listen(stop: Event) -> dict[str, Any]:
    """Hear what people press and type in Slack until ``stop``; returns counts."""
    from monitor.jobs.handle_clicks import Rights
    from monitor.jobs.listen import listen as job
    from monitor.slack import SlackApp

    where = environment()
    if not where.listens:
        raise SettingsError(
            ["environment: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN: the listener needs both (README, Slack)"]
        )
    with open_store(where) as store:
        app = SlackApp(where.slack_token, where.slack_app_token, where.slack_api_url)
        desk = _Desk(where, store, app, Rights(app))
        desk.settings()  # a config that cannot be used is told at once
        return job(store, app, desk.work, stop=stop, clock=lambda: datetime.now(UTC))


def is_listening() -> bool:
    """Does somebody hear the buttons, connected to Slack, by the store's account?"""
    from monitor.jobs.examine import look_at_listener

    with open_store(environment()) as store:
        return look_at_listener(store, now=datetime.now(UTC)).state == "ok"


@dataclass(slots=True)
class _Desk:
    """What acts on clicks and answers them, with the config as it is at the moment."""

    where: Environment
    store: Store
    app: "SlackApp"
    rights: "Rights"
    _read_at: float = 0.0
    _settings: list[Settings] = field(default_factory=list)
    _problems: tuple[str, ...] = ()

    def settings(self) -> Settings:
        """The config, read again now and then; the last good one while it has mistakes."""
        if not self._settings or time.monotonic() - self._read_at > SETTINGS_SECONDS:
            with self.store.read() as connection:
                last_good = runs.last_good_versions(connection)
            settings, self._problems = load_or_last_good(self.where.config, last_good)
            self._settings = [settings]
            self._read_at = time.monotonic()
        return self._settings[0]

    def work(self) -> Mapping[str, int]:
        """Act on what is queued."""
        from monitor.jobs.handle_clicks import handle_clicks

        now = datetime.now(UTC)
        return handle_clicks(self.store, self.settings(), self.app, self.answer, self.rights, now=now)

    def answer(self, click: Click) -> tuple[Message, ...]:
        """What a command is answered with; what went wrong is an answer too."""
        from monitor.slack import render_lines

        try:
            return self._answer(click)
        except MonitorError as error:
            return (render_lines("", [[str(error)]]),)

    def _answer(self, click: Click) -> tuple[Message, ...]:
        from monitor.jobs.answer_command import answer_command, show_digest, show_status
        from monitor.jobs.report_status import report_status
        from monitor.jobs.send_digests import preview_digest

        settings, now = self.settings(), datetime.now(UTC)
        if click.verb == "status":
            return (show_status(report_status(self.store, settings, self._problems, now=now)),)
        if click.verb == "digest":
            words = click.words.split()
            name = next((word for word in words if word != "now"), "") or self._digest_here(settings, click.channel)
            return show_digest(preview_digest(self.store, settings, name, now=now), settings.themes)
        if click.verb == "try" and click.words:
            return (self._try(settings, click.words, now),)
        if click.verb == "approve":
            return (self._propose(click, now),)
        return answer_command(self.store, settings, click, now=now)

    def _digest_here(self, settings: Settings, channel: str) -> str:
        """The digest of the channel where it is asked for, else the first."""
        specs = settings.digests
        return next((spec.id for spec in specs if spec.channel == channel), specs[0].id if specs else "")

    def _try(self, settings: Settings, words: str, now: datetime) -> Message:
        """What a new term, or a new weight of one, would have done; as `monitor watch try` does it."""
        from monitor.jobs.try_watch import try_watch
        from monitor.slack import render_trial

        term = read_term(words)
        others = (held for held in settings.watch.terms if held.name != term.name)
        new = read_watch("/watch try", "terms:\n" + "".join(map(print_term, (*others, term))))
        trial = try_watch(self.store, settings, settings.watch, new, now=now, days=TRY_DAYS)
        before, after = trial.before, trial.after
        lines: list[list[str | Link]] = [
            [f"matches {trial.matched.get(term.name, 0):,} of {trial.articles:,} articles of the last {TRY_DAYS} days"],
            [f"stories: {before.stories:,} → {after.stories:,} (+{trial.gained} −{trial.lost})"],
            [f"alerts a week: {before.alerts_per_week:.1f} → {after.alerts_per_week:.1f}"],
        ]
        for sign, examples in (("+", trial.examples_gained), ("−", trial.examples_lost)):
            for article in (example.article for example in examples):
                link = Link(text=article.title or "—", url=safe_url(article.url))
                lines.append([f"{sign} ", link, f" — {article.outlet}"])
        lines += [[notice] for notice in trial.notices]
        return render_trial(f"Trial of {clean(term.name, 80)!r} with weight {term.weight:+g}", lines, words)

    def _propose(self, click: Click, now: datetime) -> Message:
        from monitor.slack import render_lines

        file = propose_term(self.where.config, read_term(click.words), name=click.name, now=now)
        return render_lines("", [[f"Proposed in {file.parent.name}/{file.name}: somebody has to merge it by hand."]])


def read_term(words: str) -> WatchTerm:
    """A term as people type it: a phrase, and its weight behind a sign. Raises SettingsError like the config does."""
    typed = re.fullmatch(r"(.*?)(?:\s+([+-]\d+(?:\.\d+)?))?", words.strip(), re.DOTALL)
    phrase, weight = (typed[1], typed[2]) if typed else (words, None)
    phrase = " ".join(phrase.strip('"“”„«»').split())
    term = WatchTerm(name=phrase[:80], any_of=(phrase,), weight=float(weight) if weight else WEIGHT)
    return read_watch("/watch try", f"terms:\n{print_term(term)}").terms[0]


def propose_term(config: Path, term: WatchTerm, *, name: str, now: datetime) -> Path:
    """Write a proposed term into ``proposed/`` of the config, which no run reads; returns the file."""
    slug = re.sub(r"[^a-z0-9]+", "-", term.name.lower()).strip("-")[:40]
    text = (
        f"# Proposed by @{clean(name, 60)} in Slack on {now:%Y-%m-%d %H:%M} UTC. Nothing reads this file:\n"
        f"# to accept it, copy the term into ../watch.yaml and run `monitor config check`.\nterms:\n{print_term(term)}"
    )
    digest = hashlib.sha256(print_term(term).encode()).hexdigest()[:6]
    file = config / "proposed" / f"{now:%Y-%m-%d}-{slug or 'term'}-{digest}.yaml"
    write_file(file, text)
    return file


def mute(outlet: str, *, days: int = MUTE_DAYS, who: str) -> Mute:
    """Leave an outlet (its name, or the id of a feed) out of digests and alerts for so many days."""
    from monitor.jobs.handle_clicks import find_outlet

    with open_live(strict=True) as live:
        found = find_outlet(live.settings, outlet)
        if not found:
            raise MonitorError(f"{outlet}: no feed of the config has this outlet or id; see `monitor feeds list`")
        made = Mute(outlet=found, until=live.now + timedelta(days=days), who=who, name=who, at=live.now)
        with live.store.write() as connection:
            mutes.mute_outlet(connection, made)
        return made


def unmute(outlet: str) -> str:
    """Let an outlet be heard again; returns its name."""
    from monitor.jobs.handle_clicks import find_outlet

    with open_live(strict=True) as live:
        found = find_outlet(live.settings, outlet) or outlet
        with live.store.write() as connection:
            if not mutes.unmute_outlet(connection, found):
                raise MonitorError(f"{outlet}: is not muted; `monitor status` lists what is")
        return found
