"""Once a day: how much of the world we see, and which feeds changed for the worse or the better."""

from dataclasses import dataclass
from datetime import datetime

from monitor.core.assess import Announcement, announcements, coverage
from monitor.core.digest import Coverage
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.feeds import health_history, load_states
from monitor.store.runs import last_runs

REMEMBERED_RUNS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The present coverage, and the changes since the last audit that people should hear of."""

    coverage: Coverage
    changes: tuple[Announcement, ...]

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        recovered = sum(change.recovered for change in self.changes)
        return {
            "enabled": self.coverage.enabled,
            "seen": self.coverage.seen,
            "troubles": len(self.changes) - recovered,
            "recovered": recovered,
        }


def audit_coverage(store: Store, settings: Settings, *, now: datetime) -> AuditReport:
    """Look at every enabled feed. Changes are told once: counted from the last audit that ended well."""
    enabled = [feed for feed in settings.feeds if feed.enabled]
    with store.read() as connection:
        states = load_states(connection)
        histories = {feed.id: health_history(connection, feed.id) for feed in enabled}
        past = last_runs(connection, limit=REMEMBERED_RUNS, job="audit_coverage")
    since = next((run.started_at for run in past if run.state == "success"), None)
    return AuditReport(
        coverage=coverage(enabled, states, now), changes=announcements(enabled, histories, since=since, now=now)
    )
