"""Each event of a list is followed through the store to where it was told, or lost."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.core.digest import DigestSpec
from monitor.core.gold import Verdict, read_events
from monitor.core.watch import WatchTerm
from monitor.jobs.audit_gold import audit_gold
from monitor.jobs.send_digests import send_digests
from monitor.store import Store
from tests.support.archives import archive, published, settings_with

TERMS = (
    WatchTerm(name="reviews", any_of=("review",), never=True),
    WatchTerm(name="bridge", any_of=("bridge",), weight=0.2),
)
HOUR = timedelta(hours=1)
SPEC = DigestSpec(id="daily", channel="C0TWINDIG01", cron="0 8 * * *", time_zone="UTC", max_stories=1)


def test_every_gate_is_found(store: Store, now: datetime, tmp_path: Path) -> None:
    settings = replace(settings_with(*TERMS), digests=(SPEC,))
    titles = {
        "treaty": "Treaty signed in Pyongyang %99",
        "apples": "Apples for Moscow, says the ministry %60",
        "review": "Press review: coal and zinc %90",
        "bridge": "A bridge over the river %5",
        "near": "Envoys talk of oil quotas %45",
        "unknown": "Wrestlers leave for the cup %3",
    }
    archive(
        store,
        settings,
        [published(title, now - 10 * HOUR + at * HOUR / 10) for at, title in enumerate(titles.values())],
    )
    send_digests(store, settings, None, now=now, home=tmp_path, force=True)
    later = published("Late news of a parade %90", now + HOUR, seen_at=now + 2 * HOUR)
    archive(store, settings, [later])
    moment = (now - 10 * HOUR).isoformat()
    rows = [
        (moment, word) for word in ("treaty", "apples", "review", "bridge", "quotas", "wrestlers", "parade", "zeppelin")
    ]
    events, problems = read_events("g.csv", "date,event,phrases\n" + "".join(f"{at},{w},{w}\n" for at, w in rows))
    assert problems == ()
    found = {v.event.title: v for v in audit_gold(store, settings, events, late_after=24 * HOUR)}
    assert {name: verdict.gate or verdict.outcome for name, verdict in found.items()} == {
        "treaty": "caught",
        "apples": "digest cap",
        "review": "keyword",
        "bridge": "classifier",
        "quotas": "threshold",
        "wrestlers": "keyword",
        "parade": "digest",
        "zeppelin": "feed",
    }
    assert found["treaty"].lead_hours == -10.0
    assert "reviews" in found["review"].why


def test_what_was_told_long_after_the_event_is_late(sqlite_store: Store, now: datetime, tmp_path: Path) -> None:
    settings = replace(settings_with(), digests=(SPEC,))
    archive(sqlite_store, settings, [published("Treaty signed %99", now - 40 * HOUR, seen_at=now - HOUR)])
    send_digests(sqlite_store, settings, None, now=now, home=tmp_path, force=True)
    events, _ = read_events("g.csv", f"date,event,phrases\n{(now - 41 * HOUR).isoformat()},Treaty,treaty\n")
    (verdict,) = audit_gold(sqlite_store, settings, events, late_after=24 * HOUR)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.lead_hours) == ("late", -41.0)
