"""What is older than the retention -> files that can be read back -> gone from the store."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from monitor.store import Connection, Store, prune, records
from monitor.store.files import append_records

AT_ONCE = 500  # rows a transaction: other writers wait no longer than for these
RUNS_KEPT = timedelta(days=90)  # runs, and changes of feeds' health: they say how it is, not what was told
CLICKS_KEPT = timedelta(days=30)  # they name people; what these said is in the labels


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneReport:
    """How much left the store: articles, digests and alerts, versions of config files, models, runs, changes of feeds'
    health, clicks, and entries that no feed shows any more."""

    articles: int = 0
    digests: int = 0
    versions: int = 0
    models: int = 0
    runs: int = 0
    health_changes: int = 0
    clicks: int = 0
    entries: int = 0

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def prune_store(store: Store, folder: Path, *, retention: timedelta | None, now: datetime) -> PruneReport:
    """Move what is older than ``retention`` into files under ``folder``, a month each; None keeps articles for ever.

    What people said stays, and so does what was sent as long as one of its articles does. Each step writes to disk
    before it deletes, in one transaction: killed at any point, it has lost nothing, and what it wrote twice is read in
    once. Raises MonitorError, with nothing lost, when a file cannot be written.
    """
    with store.alone("prune") as alone:
        if not alone:
            return PruneReport()  # whoever is at it does our work
        gone = {"articles": 0, "digests": 0, "versions": 0, "models": 0}
        if retention is not None:
            gone = _retire(store, folder, before=now - retention, now=now)
        with store.write() as connection:
            forgotten = prune.forget_entries(connection, now=now)
        return PruneReport(
            **gone,
            runs=_all(store, lambda c: prune.delete_runs(c, before=now - RUNS_KEPT, limit=AT_ONCE)),
            health_changes=_all(store, lambda c: prune.delete_health_changes(c, before=now - RUNS_KEPT, limit=AT_ONCE)),
            clicks=_all(store, lambda c: prune.delete_clicks(c, before=now - CLICKS_KEPT, limit=AT_ONCE)),
            entries=forgotten,
        )


def _retire(store: Store, folder: Path, *, before: datetime, now: datetime) -> dict[str, int]:
    """Articles first: what told of them goes when they are gone, and what decided on them last."""

    def old_articles(connection: Connection) -> int:
        found = prune.old_articles(connection, before=before, limit=AT_ONCE)
        for month, some in groupby(found, key=lambda one: _month(one[1])):
            ids = [article_id for article_id, _ in some]
            append_records(folder / month, records.article_records(connection, ids))
            prune.delete_articles(connection, ids, now=now)
        return len(found)

    def old_bundles(connection: Connection) -> int:
        found = sorted(prune.old_bundles(connection, before=before, limit=AT_ONCE), key=lambda one: one[1])
        for month, some in groupby(found, key=lambda one: _month(one[1])):
            bundles = list(some)
            append_records(folder / month, records.digest_records(connection, bundles))
            prune.delete_bundles(connection, bundles)
        return len(found)

    counts = {"articles": _all(store, old_articles), "digests": _all(store, old_bundles)}
    with store.write() as connection:
        found: Sequence[tuple[str, str]] = prune.old_versions(connection, before=before)
        if found:
            append_records(folder / _month(before), records.version_records(connection, found))
            prune.delete_versions(connection, found)
        return counts | {"versions": len(found), "models": prune.delete_models(connection, before=before)}


def _all(store: Store, some: Callable[[Connection], int]) -> int:
    """Do it until there is nothing left, a transaction each; returns how much it was."""
    total = 0
    while True:
        with store.write() as connection:
            done = some(connection)
        if not done:
            return total
        total += done


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}.jsonl.gz"
