"""Fixtures that many tests share: stores on both databases."""

import os
import pickle
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest

from monitor.store import Store
from tests.support import postgres
from tests.support.shared import made_once

if TYPE_CHECKING:
    from tests.support.project import KeptModel, Project

# A busy machine is no reason to fail, and the same commit gives the same answer.
hypothesis.settings.register_profile("monitor", deadline=None, derandomize=True)
hypothesis.settings.load_profile("monitor")

ROOT = Path(__file__).parents[1]
# Modules that begin first, the longest at the head, or one of two workers would wait for the other at the end.
LONGEST = (
    "dags/test_scheduler.py",
    "dags/test_main_job.py",
    "jobs/test_train_classifier.py",
    "dags/test_runs.py",
    "dags/test_dags.py",
    "test_run.py",
    "test_courier.py",
    "test_learning_loop.py",
    "test_listening.py",
    "cli/test_commands.py",
    "jobs/test_ingest_week.py",
    "jobs/test_send_digests.py",
    "classifier/test_quality.py",
)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


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


@contextmanager
def database(server: str, *, like: str) -> Iterator[str]:
    """URL of a fresh database that is as ``like`` is."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty database."""
    with database(postgres_server, like="template1") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a fresh SQLite file."""
    return f"sqlite:///{tmp_path / 'monitor.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store on SQLite. Copy it, do not use it."""
    return (
        made_once(tmp_path_factory, "migrated", lambda folder: migrate(f"sqlite:///{folder / 'monitor.db'}"))
        / "monitor.db"
    )


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> str:
    """Name of a migrated database on the server. Make others after it, do not use it."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    migrate(postgres_server.replace("/postgres?", "/migrated?"))
    return "migrated"


def migrate(url: str) -> None:
    """Make the tables from nothing, as an installation does."""
    store = Store(url)
    store.migrate()
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated store, once on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    with database(request.getfixturevalue("postgres_server"), like=request.getfixturevalue("migrated_database")) as url:
        opened = Store(url)
        yield opened
        opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str, migrated_file: Path) -> Iterator[Store]:
    """A migrated store on SQLite, for tests that are not about the database."""
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite:///"))
    opened = Store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def kept_model(tmp_path_factory: pytest.TempPathFactory) -> "KeptModel":
    """A small trained model."""
    from tests.support.project import small_model

    def make(folder: Path) -> None:
        (folder / "kept").write_bytes(pickle.dumps(small_model(folder)))

    kept: KeptModel = pickle.loads((made_once(tmp_path_factory, "model", make) / "kept").read_bytes())  # noqa: S301
    return kept


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose store holds nothing but the model that the project's own corpus makes. Copy it, do not use it."""
    return made_once(tmp_path_factory, "trained", train_in)


def train_in(home: Path) -> None:
    """Train on the whole corpus, which takes some 15 seconds."""
    from monitor import run

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_CONFIG", str(ROOT / "config"))
        patch.setenv("MONITOR_HOME", str(home))
        patch.delenv("MONITOR_STORE", raising=False)
        run.train()


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
