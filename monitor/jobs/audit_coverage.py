"""Once a day: how much of the world we see, and which feeds changed for the worse or the better."""

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.assess import Announcement, announcements, coverage
from monitor.core.digest import Coverage, Message
from monitor.settings import Settings
from monitor.slack import render_alarm
from monitor.store import Store, outbox
from monitor.store.feeds import health_history, load_states, lock_announced, remember_announced

TITLE = "The coverage of the feeds changed"
MESSAGES_OF = "@coverage"  # in the outbox; no digest of a config can have this id
LINES = 20  # changes in one message


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The present coverage, and the changes that people had not heard of."""

    coverage: Coverage
    changes: tuple[Announcement, ...]

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        recovered = sum(not change.trouble for change in self.changes)
        return {
            "enabled": self.coverage.enabled,
            "seen": self.coverage.seen,
            "troubles": len(self.changes) - recovered,
            "recovered": recovered,
        }


def audit_coverage(store: Store, settings: Settings, *, channel: str, now: datetime) -> AuditReport:
    """Look at every enabled feed, and tell ``channel`` of each change once; without a channel only the report has it.

    What counts as told and the messages that tell it are stored in one transaction. The messages go out with the
    digests (``send_digests``), which knows how to post each once however often Slack or this machine fails.
    """
    enabled = [feed for feed in settings.feeds if feed.enabled]
    with store.write() as connection:
        told = lock_announced(connection)
        states = load_states(connection)
        histories = {feed.id: health_history(connection, feed.id) for feed in enabled}
        changes = announcements(enabled, histories, told, now=now)
        remember_announced(connection, {change.feed_id: change.trouble for change in changes})
        if channel and changes:
            outbox.put(connection, MESSAGES_OF, now, channel, _messages(changes))
    return AuditReport(coverage=coverage(enabled, states, now), changes=changes)


def _messages(changes: tuple[Announcement, ...]) -> list[Message]:
    lines = [change.text for change in changes]
    parts = [render_alarm(TITLE, lines[start : start + LINES]) for start in range(0, len(lines), LINES)]
    return [replace(message, part=part) for part, message in enumerate(parts)]
