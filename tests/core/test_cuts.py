"""Digests are due by the wall clock, each time once, whatever the clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.cuts import last_due_cut

NEW_YORK = "America/New_York"  # springs forward 2026-03-08 02:00, falls back 2026-11-01 02:00


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "now", "due"),
    [
        ("0 8 * * *", "UTC", "2026-11-23T08:00", "2026-11-23T08:00"),
        ("0 8 * * *", "UTC", "2026-11-23T07:59", "2026-11-22T08:00"),
        ("0 8 * * *", "Asia/Seoul", "2026-11-23T00:00", "2026-11-22T23:00"),
        ("0 8 * * mon-fri", "Asia/Seoul", "2026-11-22T23:30", "2026-11-22T23:00"),
        ("30 2 * * *", NEW_YORK, "2026-03-08T07:29", "2026-03-07T07:30"),
        ("30 2 * * *", NEW_YORK, "2026-03-08T07:30", "2026-03-08T07:30"),
        ("30 1 * * *", NEW_YORK, "2026-11-01T05:30", "2026-11-01T05:30"),
        ("30 1 * * *", NEW_YORK, "2026-11-01T06:30", "2026-11-01T05:30"),
        ("30 1 * * *", NEW_YORK, "2026-11-02T06:30", "2026-11-02T06:30"),
    ],
)
def test_the_last_due_cut_follows_the_clock_on_the_wall(cron: str, zone: str, now: str, due: str) -> None:
    assert last_due_cut(cron, zone, moment(now)) == moment(due)


@pytest.mark.parametrize("cron", ["30 2 * * *", "30 1 * * *", "0 8 * * *"])
@pytest.mark.parametrize("start", ["2026-03-06T00:00", "2026-10-30T00:00"])
def test_a_daily_cut_falls_once_a_day_across_a_change_of_clocks(cron: str, start: str) -> None:
    moments = [moment(start) + timedelta(minutes=5 * step) for step in range(5 * 24 * 12)]
    cuts = {last_due_cut(cron, NEW_YORK, now) for now in moments}
    assert len([cut for cut in cuts if cut >= moment(start)]) == 5


@given(
    minutes=st.integers(0, 525_600),
    cron=st.sampled_from(["*/5 * * * *", "0 * * * *", "0 8,20 * * *", "15 2 * * *", "0 0 1 * *"]),
    zone=st.sampled_from([NEW_YORK, "Europe/Paris", "Asia/Seoul", "Australia/Lord_Howe", "UTC"]),
)
def test_cuts_never_lie_ahead_and_never_go_back(minutes: int, cron: str, zone: str) -> None:
    now = moment("2026-01-01T00:00") + timedelta(minutes=minutes)
    cut = last_due_cut(cron, zone, now)
    assert cut <= now
    assert last_due_cut(cron, zone, now + timedelta(minutes=7)) >= cut
    assert last_due_cut(cron, zone, cut) == cut
