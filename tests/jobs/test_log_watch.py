"""The history of the watch, from the stored versions."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.watch import WatchTerm
from monitor.jobs.log_watch import log_watch
from monitor.store import Store, runs
from tests.support.archives import archive, published, settings_with, use_watch

BRIDGE = WatchTerm(name="bridge", any_of=("bridge",), weight=1.0)
DAY = timedelta(days=1)


def test_each_change_is_told_with_what_it_did_to_the_alerts(store: Store, now: datetime) -> None:
    first, second = settings_with(BRIDGE), settings_with(replace(BRIDGE, alert=True))
    archive(store, first, [published(f"Bridge {n} opens %40", now - (n + 7) * DAY) for n in range(7)])
    use_watch(store, second, now)
    newest, oldest = log_watch(store, second, now=now, days=90, limit=9)
    assert (newest.at, newest.version, oldest.version) == (now, second.watch.version, first.watch.version)
    assert oldest.changes == ()
    (change,) = newest.changes
    assert (change.name, change.kind, change.lines) == ("bridge", "changed", ("+ alert: true",))
    assert newest.alerts_per_week[0] == 0.0
    assert newest.alerts_per_week[1] is not None
    assert newest.alerts_per_week[1] > 0
    assert newest.stories_per_week[0] == newest.stories_per_week[1]


def test_a_change_that_was_taken_back_is_two_changes(sqlite_store: Store, now: datetime) -> None:
    first, second = settings_with(BRIDGE), settings_with()
    for hours, settings in enumerate((first, second, second, first)):
        use_watch(sqlite_store, settings, now + timedelta(hours=hours))
    found = log_watch(sqlite_store, first, now=now, days=90, limit=9)
    assert [change.version for change in found] == [w.watch.version for w in (first, second, first)]
    assert [[term.kind for term in change.changes] for change in found] == [["added"], ["removed"], []]


def test_a_version_that_cannot_be_read_is_said_to_be_so(sqlite_store: Store, now: datetime) -> None:
    with sqlite_store.write() as connection:
        runs.remember_version(connection, "watch", "old", "terms: [{fancy: 1}]", now=now - DAY)
    use_watch(sqlite_store, settings_with(BRIDGE), now)
    newest, oldest = log_watch(sqlite_store, settings_with(BRIDGE), now=now, days=90, limit=9)
    assert (newest.readable, oldest.readable) == (False, False)
    assert len(log_watch(sqlite_store, settings_with(BRIDGE), now=now, days=90, limit=1)) == 1
