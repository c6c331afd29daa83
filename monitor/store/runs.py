"""Runs of jobs, and the versions of config that they used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from monitor.store.schema import runs, versions
from monitor.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one job: ``state`` is running, success or failed; ``counts`` by step."""

    id: int
    job: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    counts: Mapping[str, Any]
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a config file that was in use, with its text."""

    version: str
    content: str
    first_used_at: datetime
    last_used_at: datetime


def start_run(connection: Connection, job: str, *, now: datetime) -> int:
    """Note that a job began; returns the id of the run."""
    key = connection.execute(
        insert(runs).values(job=job, started_at=now, state="running", counts={}, error="")
    ).inserted_primary_key
    assert key is not None  # noqa: S101  (an INSERT of one row always has one)
    return int(key[0])


def finish_run(
    connection: Connection, run_id: int, *, now: datetime, counts: Mapping[str, Any], error: str = ""
) -> None:
    """Note how it ended: with an ``error`` it failed."""
    state = "failed" if error else "success"
    connection.execute(
        update(runs).where(runs.c.id == run_id).values(finished_at=now, state=state, counts=dict(counts), error=error)
    )


def note_counts(connection: Connection, run_id: int, counts: Mapping[str, Any]) -> None:
    """Say how a run that goes on is doing."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(counts=dict(counts)))


def last_runs(connection: Connection, *, limit: int = 20, job: str = "", until: datetime | None = None) -> list[Run]:
    """The last runs (of one job; that began ``until`` then), newest first."""
    query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
    if job:
        query = query.where(runs.c.job == job)
    if until is not None:
        query = query.where(runs.c.started_at <= until)
    return [
        Run(
            id=row.id,
            job=row.job,
            started_at=row.started_at,
            finished_at=row.finished_at,
            state=row.state,
            counts=row.counts,
            error=row.error,
        )
        for row in connection.execute(query)
    ]


def last_success(connection: Connection, job: str) -> datetime | None:
    """When the last run of a job began that succeeded."""
    query = select(runs.c.started_at).where(runs.c.job == job, runs.c.state == "success")
    return connection.execute(query.order_by(runs.c.started_at.desc()).limit(1)).scalar()


def count_failed(connection: Connection, jobs: Iterable[str], *, since: datetime) -> dict[str, int]:
    """How many runs of these jobs that began since then failed, by job; those without are left out."""
    query = select(runs.c.job, func.count()).where(
        runs.c.job.in_(list(jobs)), runs.c.started_at > since, runs.c.state == "failed"
    )
    return {job: int(count) for job, count in connection.execute(query.group_by(runs.c.job))}


def remember_version(connection: Connection, kind: str, version: str, content: str, *, now: datetime) -> None:
    """Keep one version of a config file (feeds, watch, themes or monitor) and when it was first and last used."""
    this = (versions.c.kind == kind, versions.c.version == version)
    if connection.execute(update(versions).where(*this).values(last_used_at=now)).rowcount:
        return  # its text is not written again each few minutes
    row = {"kind": kind, "version": version, "content": content, "first_used_at": now, "last_used_at": now}
    insert_new(connection, versions, [row], keys=("kind", "version"))


def last_good_versions(connection: Connection) -> dict[str, str]:
    """The content that was last used of each kind of config file."""
    last = select(versions.c.kind, func.max(versions.c.last_used_at).label("at")).group_by(versions.c.kind).subquery()
    query = select(versions.c.kind, versions.c.content).join(
        last, (versions.c.kind == last.c.kind) & (versions.c.last_used_at == last.c.at)
    )
    return dict(connection.execute(query).all())


def known_versions(connection: Connection, kind: str) -> list[Version]:
    """Every version of one kind of config file that was ever used, in the order of first use."""
    return _versions(connection, versions.c.kind == kind)


def get_versions(connection: Connection, kind: str, wanted: Iterable[str]) -> list[Version]:
    """Those of these versions of one kind of config file that are stored."""
    return _versions(connection, (versions.c.kind == kind) & versions.c.version.in_(list(wanted)))


def _versions(connection: Connection, which: ColumnElement[bool]) -> list[Version]:
    query = select(versions).where(which).order_by(versions.c.first_used_at, versions.c.version)
    return [
        Version(
            version=row.version,
            content=row.content,
            first_used_at=row.first_used_at,
            last_used_at=row.last_used_at,
        )
        for row in connection.execute(query)
    ]
