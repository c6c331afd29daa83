"""Failures of jobs that people were told of and that are not over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from monitor.store.schema import incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A job that fails for one cause: the reason that it gave first, and how often it failed since."""

    job: str
    reason: str
    opened_at: datetime
    last_at: datetime
    failures: int


def note_failure(connection: Connection, job: str, cause: str, reason: str, *, now: datetime) -> bool:
    """Count a failure; True for the first of an incident, whoever else notes one at the same time."""
    insert = (pg_insert if connection.dialect.name == "postgresql" else sqlite_insert)(incidents)
    row = {"job": job, "cause": cause, "reason": reason, "opened_at": now, "last_at": now, "failures": 1}
    one_more = {"last_at": now, "failures": incidents.c.failures + 1}
    counted = insert.values(row).on_conflict_do_update(index_elements=["job", "cause"], set_=one_more)
    failures: int = connection.execute(counted.returning(incidents.c.failures)).scalar_one()
    return failures == 1


def end_incidents(connection: Connection, job: str) -> list[Incident]:
    """The job works again: forget its incidents and return them, oldest first."""
    ended = connection.execute(delete(incidents).where(incidents.c.job == job).returning(incidents))
    found = [
        Incident(job=row.job, reason=row.reason, opened_at=row.opened_at, last_at=row.last_at, failures=row.failures)
        for row in ended
    ]
    return sorted(found, key=lambda incident: incident.opened_at)
