"""Fixtures that many tests share: stores on both databases."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from monitor.store import Store
from tests.support import postgres

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def missing(what: str) -> None:
    """Skip where a tool is not installed; in CI that is a failure, for there everything must be tested."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and CI tests everything")
    pytest.skip(f"{what} is not installed")


@pytest.fixture
def now() -> datetime:
    """A fixed moment: no test depends on today."""
    return NOW


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a private PostgreSQL server."""
    if postgres.binaries() is None:
        missing("PostgreSQL")
    with postgres.server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty database."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a fresh SQLite file."""
    return f"sqlite:///{tmp_path / 'monitor.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated store, once on each database."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    opened = Store(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A migrated store on SQLite, for tests that are not about the database."""
    opened = Store(sqlite_url)
    opened.migrate()
    yield opened
    opened.close()
