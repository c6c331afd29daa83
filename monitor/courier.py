"""Takes frozen messages to Slack: claim, post, record. Digests and alerts have it in common.

A part that was claimed but not recorded is looked up in its channel before it is sent again, so that a crash between
any two steps leaves each part there exactly once. What is wrong with a channel stops that channel only.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor import log
from monitor.core.digest import AlertSpec, DigestSpec, Message, Outgoing
from monitor.errors import (
    AmbiguousDeliveryError,
    DeliveryDelayedError,
    DeliveryError,
    MessageRefusedError,
    MonitorError,
    ThreadGoneError,
)
from monitor.slack import plainer
from monitor.store import Store, outbox

GIVE_UP = timedelta(days=3)
SEND_TRIES = 3
SETTLE_SECONDS = 2.0  # what broke off may still be on its way into the channel: no use in looking at once
STILL_THERE = {"edit_window_closed", "cant_update_message"}  # the message stands, only it cannot be edited


class Poster(Protocol):
    """What posts messages and finds them again: monitor.slack's clients, or nothing when there is no token."""

    @property
    def threads(self) -> bool:
        """Can it reply, edit and look up? An incoming webhook cannot."""

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        """Post and return the ts."""

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Put ``message`` in the place of the one at ``ts``; doing it twice changes nothing."""

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None:
        """The ts of the message with this key, or None."""


@dataclass(slots=True, kw_only=True)
class Posted:
    """What became of messages. ``troubles`` are new ones that somebody must act on, in words."""

    posted: int = 0
    refused: int = 0
    delayed: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Attempt:
    """One part under way. ``unsure`` is when it was first sent, as long as we do not know that it arrived.

    Whatever Slack answers but yes: looking costs one call, and a message that stands there twice cannot be taken back.
    """

    item: Outgoing
    root: str
    """The ts of the thread that it belongs into, or empty."""
    unsure: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """``specs`` by ledger say where messages go at present, and in which language a plainer one is written."""

    store: Store
    poster: Poster | None
    specs: Mapping[str, DigestSpec | AlertSpec]
    elsewhere: Callable[[Outgoing], str]
    """Where a part is when there is no Slack; stands for its ts."""
    now: datetime
    began: float = field(default_factory=time.monotonic)

    def deliver(self, lane: str, mine: Callable[[str], bool], report: Posted) -> None:
        """Post what is open of the ledgers that are ``mine``. ``lane`` names what one process does at a time."""
        with self.store.alone(lane) as alone:
            if not alone:
                report.delayed += 1  # whoever is at it takes ours along, or the next run does
                return
            with self.store.read() as connection:
                waiting = [(ledger, cut) for ledger, cut in outbox.open_bundles(connection) if mine(ledger)]
            stuck: set[str] = set()
            for ledger, cut in waiting:
                self._deliver(ledger, cut, report, stuck)

    def _deliver(self, ledger: str, cut: datetime, report: Posted, stuck: set[str]) -> None:
        """Post what is open of one digest or alert, until it is all out or its channel is ``stuck``.

        A channel that does not answer holds back its own later messages too: order is kept.
        """
        if ledger in self.specs:
            with self.store.write() as connection:
                outbox.readdress(connection, ledger, cut, self.specs[ledger].channel)
        while True:
            with self.store.write() as connection:
                item = outbox.claim_next(connection, ledger, cut, now=self._clock(), stuck=stuck)
                if item is None:
                    return
                root = outbox.root_ts(connection, item)
            if item.dead:
                time.sleep(SETTLE_SECONDS)
            if not self._take(_Attempt(item, root, item.claimed_at), report):
                stuck.add(item.channel)
                return

    def _take(self, attempt: _Attempt, report: Posted) -> bool:
        """Bring one part; False when the channel is stuck."""
        item = attempt.item
        try:
            ts = self._send(attempt, report)
        except DeliveryDelayedError as error:
            wait = timedelta(seconds=error.retry_after)
            self._release(attempt, error, report, not_before=self._clock() + wait if wait else None)
            return False
        except MessageRefusedError as error:
            self._refuse(item, error, report)
            return True
        except DeliveryError as error:
            if self.now - item.cut > GIVE_UP:
                self._refuse(item, error, report)
                return True
            if item.error != str(error):
                report.troubles.append(f"{item.channel}: {item.digest_id} waits: {error}")
            self._release(attempt, error, report)
            return False
        report.posted += 1
        with self.store.write() as connection:
            outbox.record_posted(connection, item, ts=ts, now=self._clock())
        log.info("message_edited" if item.ts else "message_posted", **_named(item), ts=ts, attempts=item.attempts + 1)
        return True

    def _send(self, attempt: _Attempt, report: Posted) -> str:
        """Post or edit one part, in plain text where Slack refuses its layout; returns the ts."""
        item = attempt.item
        if self.poster is None:
            return self.elsewhere(item)
        try:
            return self._bring(self.poster, attempt, item.message)
        except MessageRefusedError as error:
            report.troubles.append(f"{item.channel}: part {item.message.part} went out in plain text: {error}")
            spec = self.specs.get(item.digest_id)
            message = plainer(item.message, language=spec.language if spec else "en", code=error.code)
            ts = self._bring(self.poster, attempt, message)
            with self.store.write() as connection:
                outbox.note_plainer(connection, item, code=error.code)
            return ts

    def _bring(self, poster: Poster, attempt: _Attempt, message: Message) -> str:
        """The same, some times over while nobody knows how it ended."""
        for left in reversed(range(SEND_TRIES)):
            try:
                if attempt.item.ts:
                    if self._edit(poster, attempt.item, message):
                        return attempt.item.ts
                    attempt.unsure = attempt.unsure or attempt.item.cut
                return self._post(poster, attempt, message)
            except AmbiguousDeliveryError:
                if not left:
                    raise
                time.sleep(SETTLE_SECONDS)
        raise AssertionError("unreachable: the last try returns or raises")

    def _edit(self, poster: Poster, item: Outgoing, message: Message) -> bool:
        """False when the message is gone, so that it has to be posted anew."""
        try:
            poster.edit(item.channel, item.ts, message)
        except ThreadGoneError as error:
            return error.code in STILL_THERE
        return True

    def _post(self, poster: Poster, attempt: _Attempt, message: Message) -> str:
        """Post, but look first where it may be there already; into the channel where its thread is gone."""
        item = attempt.item
        for root in dict.fromkeys((attempt.root, "")):
            found = self._find(poster, attempt, root)
            if found is not None:
                return found
            attempt.unsure = attempt.unsure or self.now  # until Slack says that it took it
            try:
                return poster.post(item.channel, message, key=item.key, thread_ts=root)
            except ThreadGoneError:
                found = self._find(poster, attempt, root)
                if found is not None:
                    return found
                if not root:
                    raise
        raise AssertionError("unreachable: the channel itself is the last place")

    def _find(self, poster: Poster, attempt: _Attempt, root: str) -> str | None:
        """The ts of the part where it may be and is there; None in a thread that is gone too."""
        if attempt.unsure is None:
            return None
        try:
            return poster.find(attempt.item.channel, attempt.item.key, since=attempt.unsure, thread_ts=root)
        except ThreadGoneError:
            return None

    def _release(
        self, attempt: _Attempt, error: MonitorError, report: Posted, not_before: datetime | None = None
    ) -> None:
        report.delayed += 1
        log.warning("message_waits", **_named(attempt.item), attempts=attempt.item.attempts + 1, error=str(error))
        with self.store.write() as connection:
            outbox.release(connection, attempt.item, unsure=attempt.unsure, error=str(error), not_before=not_before)

    def _refuse(self, item: Outgoing, error: DeliveryError, report: Posted) -> None:
        report.refused += 1
        log.warning("message_refused", **_named(item), error=str(error))
        what = "an edit" if item.ts else "the post"
        report.troubles.append(
            f"{item.channel}: {what} of part {item.message.part} of {item.digest_id} is lost: {error}"
        )
        with self.store.write() as connection:
            outbox.record_refused(connection, item, error=str(error))

    def _clock(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)


def _named(item: Outgoing) -> dict[str, object]:
    """Which message it is, for the log."""
    return {"ledger": item.digest_id, "cut": item.cut, "part": item.message.part, "channel": item.channel}
