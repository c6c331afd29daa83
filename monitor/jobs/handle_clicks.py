"""Clicks in the queue -> labels, mutes, answers; and the messages that show what people said."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.article import Article
from monitor.core.click import LABELS, LONGEST_MUTE, MUTE_DAYS, Click, Mute, People
from monitor.core.decision import Label
from monitor.core.digest import Message, Outgoing, Reader
from monitor.core.said import last_words, said_of
from monitor.core.theme import THEME_IDS
from monitor.errors import DeliveryDelayedError, MonitorError
from monitor.settings import Settings
from monitor.slack import render_lines, render_pick, render_why, with_said
from monitor.store import Connection, Store, articles, clicks, decisions, digests, labels, mutes, outbox

AT_A_TIME = 200
ANSWERABLE = timedelta(minutes=30)  # so long Slack takes an answer
CHECKED_FOR = timedelta(seconds=60)  # how old our knowledge of who is a member may be
OWN_STORY = "new"  # the value of a group label: the article belongs into a story of its own

CHANGES = frozenset({*LABELS, "theme_is", "group", "undo", "mute"})


class App(Protocol):
    """What shows things to people: monitor.slack.SlackApp."""

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Put ``message`` in the place of the one at ``ts``."""

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str = "") -> None:
        """Show it to one person in a channel."""

    def answer(self, url: str, message: Message, *, replace: bool = False) -> None:
        """Answer a click at its own address."""

    def members(self, channel: str) -> frozenset[str]:
        """Ids of the people in a channel."""

    def group_members(self, group: str) -> frozenset[str]:
        """Ids of the people in a user group."""


Answer = Callable[[Click], Sequence[Message]]
"""What the commands that change nothing are answered with."""


@dataclass(slots=True)
class Rights:
    """Who may label and change things; asks Slack, and remembers it for a minute."""

    app: App
    _known: dict[tuple[str, str], tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    def refusal(self, settings: Settings, who: str, now: datetime) -> str:
        """Why this person may not; empty when they may. Who cannot be checked may not."""
        people = settings.people
        if who in people.users:
            return ""
        if people == People():
            channels = [digest.channel for digest in settings.digests] + [alert.channel for alert in settings.alerts]
            people = People(channels=tuple(dict.fromkeys(channels)))
        troubles = []
        sources = [("channel", name) for name in people.channels] + [("group", name) for name in people.user_groups]
        for source in sources:
            try:
                if who in self._members(source, now):
                    return ""
            except DeliveryDelayedError:
                raise
            except MonitorError as error:
                troubles.append(str(error))
        if troubles:
            return f"Nothing was changed: it could not be checked whether you may. {'; '.join(troubles)}"
        where = ", ".join([*people.channels, *people.user_groups, *(["the people in the config"] * bool(people.users))])
        return f"Nothing was changed: only members of {where or 'nothing yet'} may do this (people in monitor.yaml)."

    def _members(self, source: tuple[str, str], now: datetime) -> frozenset[str]:
        checked_at, found = self._known.get(source, (None, frozenset()))
        if checked_at is None or now - checked_at > CHECKED_FOR:
            kind, name = source
            found = self.app.members(name) if kind == "channel" else self.app.group_members(name)
            self._known[source] = now, found
        return found


def handle_clicks(
    store: Store, settings: Settings, app: App, answer: Answer, rights: Rights, *, now: datetime
) -> dict[str, int]:
    """Act on what is queued, each click once, then show it. What Slack delays stays for the next call.

    First all labels are stored, then messages are edited: an edit that has to wait holds nobody's click up.
    """
    refused = _act(store, settings, rights, now=now)
    for click, why in refused:
        _try(lambda click=click, why=why: _tell(app, click, render_lines("", [[why]])))  # type: ignore[misc]
    with store.read() as connection:
        waiting = clicks.clicks_in(connection, "kept", limit=AT_A_TIME)
    late = [click for click in waiting if now - click.at > ANSWERABLE]
    stories = {click.story for click in waiting if click.verb in CHANGES and not click.command}
    shown = not stories or _try(lambda: _show(store, settings, app, stories, now=now))
    done = [
        click
        for click in waiting
        if click in late
        or (
            _try(lambda click=click: _reply(store, settings, app, answer, click, now=now))  # type: ignore[misc]
            and (shown or click.command or click.verb not in CHANGES)
        )
    ]
    with store.write() as connection:
        clicks.move_clicks(connection, [click.key for click in done], "done")
    return {"refused": len(refused), "done": len(done), "waiting": len(waiting) - len(done)}


def _try(work: Callable[[], None]) -> bool:
    """False when Slack asks to come back later; what it refuses for good is said in the log and is over."""
    try:
        work()
    except DeliveryDelayedError:
        return False
    except MonitorError as error:
        print(f"listen: {error}", file=sys.stderr)
    return True


def _act(store: Store, settings: Settings, rights: Rights, *, now: datetime) -> list[tuple[Click, str]]:
    """Store what queued clicks mean, all of them at once; returns those that were refused, and why."""
    with store.read() as connection:
        queued = clicks.clicks_in(connection, "queued", limit=AT_A_TIME)
    allowed, refused = [], []
    for click in queued:
        try:
            why = rights.refusal(settings, click.who, now)
        except DeliveryDelayedError:
            continue
        if why:
            refused.append((click, why))
        else:
            allowed.append(click)
    with store.write() as connection:
        known = {a.id: a for a in articles.get_articles(connection, [click.article for click in allowed])}
        for click in allowed:
            _keep(connection, settings, click, known.get(click.article))
        clicks.move_clicks(connection, [click.key for click in allowed], "kept")
        clicks.move_clicks(connection, [click.key for click, _ in refused], "refused")
    return refused


def _keep(connection: Connection, settings: Settings, click: Click, article: Article | None) -> None:
    """Do what one click asks for. What names nothing that we have changes nothing."""
    if click.command:
        if click.verb in {"mute", "unmute"}:
            _mute_by_name(connection, settings, click)
    elif article is None:
        return
    elif click.verb in LABELS:
        _label(connection, click, article, "relevance", LABELS[click.verb])
    elif click.verb == "theme_is":
        theme = click.words.split()[-1]
        if theme in THEME_IDS:
            _label(connection, click, article, "theme", theme)
    elif click.verb == "group":
        _label(connection, click, article, "group", OWN_STORY)
    elif click.verb == "mute":
        until = click.at + timedelta(days=MUTE_DAYS)
        mutes.mute_outlet(
            connection, Mute(outlet=article.outlet, until=until, who=click.who, name=click.name, at=click.at)
        )
    elif click.verb == "undo":
        told = {*digests.told_articles(connection, click.story), article.id}
        labels.withdraw_labels(connection, click.who, told, until=click.at)
        for mute in mutes.mutes_at(connection, click.at):
            if (mute.outlet, mute.who) == (article.outlet, click.who) and mute.at <= click.at:
                mutes.unmute_outlet(connection, mute.outlet)


def _label(connection: Connection, click: Click, article: Article, kind: str, value: str) -> None:
    """Keep a label, unless its person took it back already or said the same before."""
    mine = [
        label
        for label in last_words(labels.labels_of(connection, [article.id]))
        if (label.who, label.kind) == (click.who, kind)
    ]
    if clicks.is_taken_back(connection, click) or any(label.value == value for label in mine):
        return
    decision = decisions.decisions_in_force(connection, [article.id]).get(article.id)
    label = Label(
        article_id=article.id,
        kind=kind,
        value=value,
        who=click.who,
        at=click.at,
        text=f"{article.title}\n{article.summary}",
        model=decision.versions.model if decision is not None else "",
    )
    labels.add_labels(connection, [label])


def _mute_by_name(connection: Connection, settings: Settings, click: Click) -> None:
    words, days = read_mute(click.words)
    outlet = find_outlet(settings, words)
    if click.verb == "unmute":
        mutes.unmute_outlet(connection, outlet or words)
    elif outlet:
        until = click.at + timedelta(days=days)
        mutes.mute_outlet(connection, Mute(outlet=outlet, until=until, who=click.who, name=click.name, at=click.at))


def read_mute(words: str) -> tuple[str, int]:
    """An outlet and for how many days, as people type it: "Harbour Post 14"."""
    outlet, _, days = words.rpartition(" ")
    if outlet and days.isdecimal() and 1 <= int(days) <= LONGEST_MUTE:
        return outlet.strip(), int(days)
    return words.strip(), MUTE_DAYS


def find_outlet(settings: Settings, name: str) -> str:
    """The outlet of the config that is called so, or whose feed has this id; empty when there is none."""
    wanted = name.casefold()
    return next((feed.outlet for feed in settings.feeds if wanted in (feed.outlet.casefold(), feed.id)), "")


def _show(store: Store, settings: Settings, app: App, stories: Iterable[str], *, now: datetime) -> None:
    """Let every message that tells one of ``stories`` show what people said of them; an edit a message."""
    with store.read() as connection:
        held: dict[str, Outgoing] = {
            item.key: item for story in stories for item in outbox.showing(connection, story) if item.ts[:1].isdigit()
        }
    for item in held.values():
        with store.write() as connection:
            reader = _reader(settings, item.digest_id)
            said = {
                story: _said(connection, settings, story, reader, now)
                for story in item.message.stories
                if story in stories
            }
            message = with_said(outbox.message_of(connection, item), said, reader.language)
            outbox.redraw(connection, item, message)
        app.edit(item.channel, item.ts, message)


def _said(connection: Connection, settings: Settings, story: str, reader: Reader, now: datetime) -> str:
    told = digests.told_articles(connection, story)
    given = labels.labels_of(connection, told)
    outlets = {article.outlet for article in articles.get_articles(connection, told)}
    muted = [mute for mute in mutes.mutes_at(connection, now) if mute.outlet in outlets]
    names = clicks.names_of(connection, {label.who for label in given})
    return said_of(given, muted, reader, names=names, themes=_titles(settings))


def _reader(settings: Settings, ledger: str) -> Reader:
    for digest in settings.digests:
        if digest.id == ledger:
            return Reader(language=digest.language, time_zone=digest.time_zone)
    return next((spec.reader for spec in settings.alerts if spec.ledger == ledger), Reader())


def _titles(settings: Settings) -> Mapping[str, str]:
    return {theme.id: theme.title for theme in settings.themes}


def _reply(store: Store, settings: Settings, app: App, answer: Answer, click: Click, *, now: datetime) -> None:
    """What only the person who clicked sees."""
    if click.command or click.verb == "approve":
        for message in answer(click):
            app.answer(click.answer_url, message, replace=click.private)
    elif click.verb == "theme":
        _tell(app, click, render_pick(click.story, click.article, settings.themes))
    elif click.verb == "theme_is":
        app.answer(click.answer_url, render_lines("", [["Thank you: the story shows it now."]]), replace=click.private)
    elif click.verb == "why":
        with store.read() as connection:
            found = next(iter(articles.get_articles(connection, [click.article])), None)
            decision = decisions.decisions_in_force(connection, [click.article]).get(click.article)
        gone = render_lines("", [["This article is not in the store any more."]])
        _tell(app, click, render_why(found, decision, _titles(settings)) if found is not None else gone)
    elif click.verb in LABELS and now - click.at < ANSWERABLE and not _is_known(store, click):
        _tell(app, click, render_lines("", [["This article is not in the store any more: nothing was kept."]]))


def _is_known(store: Store, click: Click) -> bool:
    with store.read() as connection:
        return bool(articles.get_articles(connection, [click.article]))


def _tell(app: App, click: Click, message: Message) -> None:
    """Where they pressed; a command is answered at its own address, for we may not be in that channel."""
    if click.command or click.private:
        app.answer(click.answer_url, message)
    else:
        app.whisper(click.channel, click.who, message, thread_ts=click.thread)
