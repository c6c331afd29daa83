"""Clicks in the queue -> labels, mutes, answers; and the messages that show what people said."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor import log
from monitor.core.article import Article
from monitor.core.click import LABELS, LONGEST_MUTE, MUTE_DAYS, Click, Mute, People
from monitor.core.decision import Label
from monitor.core.digest import Message, Reader
from monitor.core.said import said_of
from monitor.core.theme import THEME_IDS
from monitor.errors import DeliveryDelayedError, MonitorError
from monitor.settings import Settings
from monitor.slack import render_lines, render_pick, render_why, with_said
from monitor.store import Connection, Store, articles, clicks, decisions, digests, labels, mutes, outbox
from monitor.store.stories import OWN_STORY

AT_A_TIME = 200
ANSWERABLE = timedelta(minutes=30)  # so long Slack takes an answer
CHECKED_FOR = timedelta(seconds=60)  # how old our knowledge of who is a member may be

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
            people = People(channels=tuple(dict.fromkeys(filter(None, [*channels, settings.review.channel]))))
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
        known = {article.id for article in articles.get_articles(connection, [click.article for click in waiting])}
    pressed = [(click.story, click.article) for click in waiting if click.verb in CHANGES and not click.command]
    shown = not pressed or _try(lambda: _show(store, settings, app, pressed, now=now))

    def is_over(click: Click) -> bool:
        if now - click.at > ANSWERABLE:
            return True
        if not click.command and click.article and click.article not in known:
            gone = render_lines("", [["This article is not in the store any more: nothing was kept."]])
            return _try(lambda: _tell(app, click, gone))
        replied = _try(lambda: _reply(store, settings, app, answer, click))
        return replied and (shown or click.command or click.verb not in CHANGES)

    done = [click for click in waiting if is_over(click)]
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
        log.error("click_not_answered", error=str(error))
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
        _keep(connection, settings, allowed)
        clicks.move_clicks(connection, [click.key for click in allowed], "kept")
        clicks.move_clicks(connection, [click.key for click, _ in refused], "refused")
    for state, given in (("kept", allowed), ("refused", [click for click, _ in refused])):
        for click in given:
            waited = round((now - click.at).total_seconds(), 1)
            log.info("click_acted_on", verb=click.verb, article=click.article, state=state, seconds=waited)
    return refused


def _keep(connection: Connection, settings: Settings, allowed: Sequence[Click]) -> None:
    """Do what clicks ask for, in the order in which they were made. What names nothing that we have changes nothing."""
    known = {a.id: a for a in articles.get_articles(connection, [click.article for click in allowed])}
    labels.add_labels(connection, _labels(connection, allowed, known))
    for click in allowed:
        article = known.get(click.article)
        if click.command:
            if click.verb in {"mute", "unmute"}:
                _mute_by_name(connection, settings, click)
        elif click.verb == "mute" and article is not None:
            _mute(connection, article.outlet, click.days, click)
        elif click.verb == "undo" and article is not None:
            told = digests.told_articles(connection, [click.story]).get(click.story, set())
            labels.withdraw_labels(connection, click.who, told | {article.id}, until=click.at)
            for mute in mutes.mutes_at(connection, click.at):
                if (mute.outlet, mute.who) == (article.outlet, click.who) and mute.at <= click.at:
                    mutes.unmute_outlet(connection, mute.outlet)


def _labels(connection: Connection, pressed: Sequence[Click], known: Mapping[str, Article]) -> list[Label]:
    """The labels among clicks, but for those taken back later and those that say again what their person says."""
    undone = clicks.undone(connection, known)
    last = {(label.article_id, label.who, label.kind): label.value for label in labels.labels_of(connection, known)}
    models = {id_: made.versions.model for id_, made in decisions.decisions_in_force(connection, known).items()}
    made = []
    for click in pressed:
        article, (kind, value) = known.get(click.article), _meaning(click)
        if article is None or not kind or undone.get((click.who, click.article), click.at) > click.at:
            continue
        if last.get((article.id, click.who, kind)) == value:
            continue
        last[article.id, click.who, kind] = value
        text = f"{article.title}\n{article.summary}"
        label = Label(
            article_id=article.id,
            kind=kind,
            value=value,
            who=click.who,
            at=click.at,
            text=text,
            model=models.get(article.id, ""),
            language=article.language,
            source="slack",
        )
        made.append(label)
    return made


def _meaning(click: Click) -> tuple[str, str]:
    """Kind and value of the label that a click is; empty when it is none."""
    theme = (click.words.split() or [""])[-1]
    if click.command:
        return "", ""
    if click.verb in LABELS:
        return "relevance", LABELS[click.verb]
    if click.verb == "theme_is" and theme in THEME_IDS:
        return "theme", theme
    return ("group", OWN_STORY) if click.verb == "group" else ("", "")


def _mute(connection: Connection, outlet: str, days: int, click: Click) -> None:
    until = click.at + timedelta(days=days)
    mutes.mute_outlet(connection, Mute(outlet=outlet, until=until, who=click.who, name=click.name, at=click.at))


def _mute_by_name(connection: Connection, settings: Settings, click: Click) -> None:
    words, days = read_mute(click.words)
    outlet = find_outlet(settings, words)
    if click.verb == "unmute":
        mutes.unmute_outlet(connection, outlet or words)
    elif outlet:
        _mute(connection, outlet, days, click)


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


def _show(store: Store, settings: Settings, app: App, pressed: Collection[tuple[str, str]], *, now: datetime) -> None:
    """Let every message that tells one of these (story, article) show what people said of them; an edit a message."""
    with store.read() as connection:
        items = [item for item in outbox.showing(connection, pressed) if item.ts[:1].isdigit()]
        told = digests.told_articles(connection, [story for story, _ in pressed])
        for story, article_id in pressed:  # which may have got a story of its own since it was told
            told.setdefault(story, set()).add(article_id)
        every = {article_id for ids in told.values() for article_id in ids}
        given = labels.labels_of(connection, every)
        outlets = {article.id: article.outlet for article in articles.get_articles(connection, every)}
        muted = mutes.mutes_at(connection, now)
        names = clicks.names_of(connection, {label.who for label in given})
    for item in items:
        reader, said = _reader(settings, item.digest_id), {}
        for story in set(item.message.stories) & told.keys():
            mine = [label for label in given if label.article_id in told[story]]
            silent = [mute for mute in muted if mute.outlet in {outlets.get(held) for held in told[story]}]
            said[story] = said_of(mine, silent, reader, names=names, themes=_titles(settings))
        with store.write() as connection:
            message = with_said(outbox.message_of(connection, item), said, reader.language)
            outbox.redraw(connection, item, message)
        app.edit(item.channel, item.ts, message)


def _reader(settings: Settings, ledger: str) -> Reader:
    for digest in settings.digests:
        if digest.id == ledger:
            return Reader(language=digest.language, time_zone=digest.time_zone)
    return next((spec.reader for spec in settings.alerts if spec.ledger == ledger), Reader())


def _titles(settings: Settings) -> Mapping[str, str]:
    return {theme.id: theme.title for theme in settings.themes}


def _reply(store: Store, settings: Settings, app: App, answer: Answer, click: Click) -> None:
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
        if found is not None:
            _tell(app, click, render_why(found, decision, _titles(settings)))


def _tell(app: App, click: Click, message: Message) -> None:
    """Where they pressed; a command is answered at its own address, for we may not be in that channel."""
    if click.command or click.private:
        app.answer(click.answer_url, message)
    else:
        app.whisper(click.channel, click.who, message, thread_ts=click.thread)
