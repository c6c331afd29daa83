"""Fixtures that many tests share: stores on both databases."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest

from monitor.store import Store
from tests.support import postgres

if TYPE_CHECKING:
    from tests.support.project import KeptModel, Project

# A busy machine is no reason to fail, and the same commit gives the same answer.
hypothesis.settings.register_profile("monitor", deadline=None, derandomize=True)
hypothesis.settings.load_profile("monitor")

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def missing(what: str) -> None:
    """Skip where a tool is not installed; in CI that is a failure, for there everything must be tested."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and CI tests everything")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(autouse=True)
def a_near_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in is on this machine: what broke off settles at once."""
    monkeypatch.setattr("monitor.courier.SETTLE_SECONDS", 0.02)


@pytest.fixture
def now() -> datetime:
    """A fixed moment: no test depends on today."""
    return NOW


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a private PostgreSQL server."""
    if postgres.binaries() is None:
        missing("PostgreSQL")
    with postgres.server() as url:
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


@pytest.fixture(scope="session")
def kept_model(tmp_path_factory: pytest.TempPathFactory) -> "KeptModel":
    """A small trained model."""
    from tests.support.project import small_model

    return small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose store holds nothing but the model that the project's own corpus makes. Copy it, do not use it."""
    from monitor import run

    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_CONFIG", str(ROOT / "config"))
        patch.setenv("MONITOR_HOME", str(folder))
        patch.delenv("MONITOR_STORE", raising=False)
        run.train()
    return folder


@pytest.fixture(scope="session")
def sample_address() -> Iterator[str]:
    """Where the bundled sample is served, dated relative to the present."""
    from tools import sample

    with sample.served(datetime.now(UTC)) as address:
        yield address


@pytest.fixture
def bare_project(
    tmp_path: Path, sample_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Project":
    """A project that polls the sample, with nothing in its store."""
    from tests.support.project import make_project

    return make_project(tmp_path, sample_address, monkeypatch, capsys)


@pytest.fixture
def project(bare_project: "Project", kept_model: "KeptModel") -> "Project":
    """The same with a trained model in use."""
    bare_project.use_model(kept_model)
    return bare_project
