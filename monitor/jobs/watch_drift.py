"""The store -> how the last 30 days differ from the 30 before."""

from datetime import datetime, timedelta

from monitor.core.drift import Drift, compare_months
from monitor.store import Store, decisions

MONTH = timedelta(days=30)


def watch_drift(store: Store, *, now: datetime) -> Drift:
    """Scores are those of the decisions in force, whichever model made them."""
    with store.read() as connection:
        seen = decisions.scores_of(connection, since=now - 2 * MONTH, until=now)
    before = [(score, title) for _, at, score, _, title in seen if at < now - MONTH]
    after = [(score, title) for _, at, score, _, title in seen if at >= now - MONTH]
    return compare_months(before, after)
