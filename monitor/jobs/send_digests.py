"""Decisions not yet told -> digests -> deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Protocol

from monitor.core.assess import coverage
from monitor.core.compose import compose, is_news, takes
from monitor.core.cuts import last_due_cut
from monitor.core.digest import Digest, DigestSpec, Message, Outgoing
from monitor.core.rank import rank
from monitor.core.story import Story
from monitor.core.trend import TREND_WINDOW, trends_of
from monitor.errors import (
    AmbiguousDeliveryError,
    DeliveryDelayedError,
    DeliveryError,
    MessageRefusedError,
    ThreadGoneError,
)
from monitor.pages import digest_page, digest_text
from monitor.settings import Settings
from monitor.slack import plainer, render_digest
from monitor.store import Store, decisions, digests, feeds

FIRST_WINDOW = timedelta(hours=24)
LATE_COMMITS = timedelta(hours=6)  # no transaction takes longer: what it decided before a cut is told after it
BASELINE_DIGESTS = 7
STALE_CLAIM = timedelta(minutes=15)  # longer than any run posts: a claim older than this belonged to a dead worker
GIVE_UP = timedelta(days=3)
SEND_TRIES = 3


class Poster(Protocol):
    """What posts messages and finds them again: monitor.slack.SlackClient, or nothing when there is no token."""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        """Post and return the ts."""

    def find(self, channel: str, key: str, *, oldest: datetime, thread_ts: str = "") -> str | None:
        """The ts of the message with this key, or None."""


@dataclass(slots=True, kw_only=True)
class DigestReport:
    """What one run did. ``troubles`` are new ones that somebody must act on, in words."""

    digests: list[Digest] = field(default_factory=list)
    posted: int = 0
    refused: int = 0
    delayed: int = 0
    pages: list[Path] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """For the record of runs."""
        stories = sum(len(digest.stories) for digest in self.digests)
        return {
            "digests": len(self.digests),
            "stories": stories,
            "posted": self.posted,
            "refused": self.refused,
            "delayed": self.delayed,
        }


def send_digests(
    store: Store,
    settings: Settings,
    post: Poster | None,
    *,
    now: datetime,
    home: Path,
    only: str = "",
    force: bool = False,
    notices: Sequence[str] = (),
) -> DigestReport:
    """Compose every digest that is due (``force``: now, due or not), and post what is not out yet.

    ``only`` is the id of one digest. Without ``post`` the page under ``home`` is the delivery. Safe to run again at
    any point: what is composed is frozen before anything is posted, and a message is looked up before it is repeated.
    """
    report = DigestReport()
    for spec in _chosen(settings, only):
        cut = now if force else _due_cut(store, spec, now)
        if cut is not None:
            # In Slack the trends come as a picture in the thread: drawing them here too would only delay it.
            drawn = post is None
            _compose_and_freeze(
                store, settings, spec, report, cut=cut, now=now, home=home, drawn=drawn, notices=notices
            )
    _post_open(store, settings, post, report, now=now, only=only)
    return report


def preview_digest(
    store: Store,
    settings: Settings,
    digest_id: str,
    *,
    now: datetime,
    since: datetime | None = None,
    notices: Sequence[str] = (),
) -> Digest:
    """The digest as it would be if it were composed now; nothing is stored or posted."""
    digest, _ = _compose(store, settings, settings.digest(digest_id), since=since, cut=now, notices=notices)
    return digest


def _chosen(settings: Settings, only: str) -> tuple[DigestSpec, ...]:
    return (settings.digest(only),) if only else settings.digests


def _due_cut(store: Store, spec: DigestSpec, now: datetime) -> datetime | None:
    """The cut to compose now, if any. A digest's first time is as soon as there is something that was looked at."""
    with store.read() as connection:
        last = digests.last_cut(connection, spec.id)
        if last is None:
            window = decisions.count_decisions(connection, after=now - FIRST_WINDOW, until=now)
            return now if window["decided"] else None
    due = last_due_cut(spec.cron, spec.time_zone, now)
    return due if due > last else None


def _compose_and_freeze(
    store: Store,
    settings: Settings,
    spec: DigestSpec,
    report: DigestReport,
    *,
    cut: datetime,
    now: datetime,
    home: Path,
    drawn: bool,
    notices: Sequence[str],
) -> None:
    digest, told = _compose(store, settings, spec, since=None, cut=cut, notices=notices)
    messages = render_digest(digest, themes=settings.themes)
    page = _write_page(digest if drawn else replace(digest, trends=()), settings, home)
    with store.write() as connection:
        if digests.freeze(connection, digest, messages, told_stories=told, now=now):
            report.digests.append(digest)
            report.pages.append(page)


def _compose(
    store: Store, settings: Settings, spec: DigestSpec, *, since: datetime | None, cut: datetime, notices: Sequence[str]
) -> tuple[Digest, tuple[Story, ...]]:
    """The digest, and every story that counts as told with it."""
    with store.read() as connection:
        last = digests.last_cut(connection, spec.id)
        start = since or last or cut - FIRST_WINDOW
        look_back = start - LATE_COMMITS if last else start
        untold = digests.untold_stories(connection, spec.id, since=look_back, cut=cut)
        counts = digests.recent_counts(connection, spec.id, limit=BASELINE_DIGESTS)
        decided = decisions.count_decisions(connection, after=start, until=cut)["decided"]
        states = feeds.load_states(connection)
        flagged = decisions.flagged_since(connection, since=cut - TREND_WINDOW, cut=cut)
    told = rank((story for story in untold if takes(spec, story) and is_news(story)), settings.themes, cut)
    digest = compose(
        spec,
        told,
        since=start,
        cut=cut,
        themes=settings.themes,
        baseline=fmean(counts) if counts else None,
        coverage=coverage(settings.feeds, states, cut),
        decided=decided,
        trends=trends_of(flagged, settings.themes, cut=cut, time_zone=spec.time_zone, wanted=spec.themes),
        notices=notices,
    )
    return digest, told


def page_name(digest_id: str, cut: datetime) -> str:
    """File name of a digest's page."""
    return f"digest-{digest_id}-{cut.astimezone(UTC):%Y%m%dT%H%M%SZ}.html"


def _write_page(digest: Digest, settings: Settings, home: Path) -> Path:
    folder = home / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / page_name(digest.id, digest.cut)
    forms = {".html": digest_page(digest, themes=settings.themes), ".txt": digest_text(digest, settings.themes)}
    for path in (page, folder / "latest.html"):
        for suffix, text in forms.items():
            unfinished = path.with_suffix(".part")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(path.with_suffix(suffix))
    return page


def _post_open(
    store: Store, settings: Settings, post: Poster | None, report: DigestReport, *, now: datetime, only: str
) -> None:
    with store.read() as connection:
        waiting = digests.open_digests(connection)
    languages = {spec.id: spec.language for spec in settings.digests}
    stuck: set[str] = set()
    for digest_id, cut in waiting:
        if only and digest_id != only:
            continue
        courier = _Courier(store, post, report, language=languages.get(digest_id, "en"), now=now)
        # A channel that does not answer holds back its own later digests too: order is kept.
        courier.deliver(digest_id, cut, stuck)


@dataclass(slots=True)
class _Courier:
    """Takes the parts of one digest to Slack, one by one: claim, post, record."""

    store: Store
    poster: Poster | None
    report: DigestReport
    language: str = field(kw_only=True)
    now: datetime = field(kw_only=True)

    def deliver(self, digest_id: str, cut: datetime, stuck: set[str]) -> None:
        """Post what is open, until it is all out or the channel is ``stuck``."""
        while True:
            with self.store.write() as connection:
                item = digests.claim_next(connection, digest_id, cut, now=self.now, stale_after=STALE_CLAIM)
                if item is None:
                    return
                if item.channel in stuck:
                    digests.release(connection, item, ambiguous=False, error=item.error)
                    return
                root = digests.root_ts(connection, digest_id, cut) if item.message.part else ""
            if not self._take(item, root):
                stuck.add(item.channel)
                return

    def _take(self, item: Outgoing, root: str) -> bool:
        """Bring one part; False when the channel is stuck."""
        try:
            ts = self._send(item, root)
        except DeliveryDelayedError as error:
            self.report.delayed += 1
            with self.store.write() as connection:
                ambiguous = isinstance(error, AmbiguousDeliveryError)
                digests.release(connection, item, ambiguous=ambiguous, error=str(error))
            return False
        except MessageRefusedError as error:
            self._refuse(item, error)
            return True
        except DeliveryError as error:
            return self._hold(item, error)
        self.report.posted += 1
        with self.store.write() as connection:
            digests.record_posted(connection, item, ts=ts, now=self.now)
        return True

    def _send(self, item: Outgoing, root: str) -> str:
        if self.poster is None:
            return f"page:{page_name(item.digest_id, item.cut)}"
        try:
            return self._post_once(self.poster, item, item.message, root)
        except ThreadGoneError:
            return self._post_once(self.poster, item, item.message, "")
        except MessageRefusedError as error:
            self.report.troubles.append(f"{item.channel}: part {item.message.part} went out in plain text: {error}")
            message = plainer(item.message, language=self.language, code=error.code)
            return self._post_once(self.poster, item, message, root)

    def _post_once(self, poster: Poster, item: Outgoing, message: Message, root: str) -> str:
        """Post, and when nobody knows how that ended, look before posting again."""
        unsure = item.claimed_at is not None
        for attempt in range(SEND_TRIES):
            try:
                if unsure:
                    found = poster.find(item.channel, item.key, oldest=item.cut, thread_ts=root)
                    if found is not None:
                        return found
                return poster.post(item.channel, message, key=item.key, thread_ts=root)
            except AmbiguousDeliveryError:
                unsure = True
                if attempt == SEND_TRIES - 1:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _hold(self, item: Outgoing, error: DeliveryError) -> bool:
        """Somebody must act: keep the part until then, say so once, and give up after some days."""
        if self.now - item.cut > GIVE_UP:
            self._refuse(item, error)
            return True
        if item.error != str(error):
            self.report.troubles.append(f"{item.channel}: digest {item.digest_id} waits: {error}")
        self.report.delayed += 1
        with self.store.write() as connection:
            digests.release(connection, item, ambiguous=False, error=str(error))
        return False

    def _refuse(self, item: Outgoing, error: DeliveryError) -> None:
        self.report.refused += 1
        self.report.troubles.append(f"{item.channel}: part {item.message.part} of {item.digest_id} is lost: {error}")
        with self.store.write() as connection:
            digests.record_refused(connection, item, error=str(error))
