"""docker/databases.sh itself, run on a real PostgreSQL: what each role may do, and above all what it may not."""

import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from monitor import run
from monitor.errors import StoreError
from monitor.store import Store, models
from tests.conftest import ROOT
from tests.support.project import KeptModel, Project

pytestmark = pytest.mark.postgres
ROLES = ("airflow", "monitor_owner", "monitor", "monitor_read")
ODD = "it's \\ odd"
DENIED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


@pytest.fixture(scope="module")
def server(postgres_server: str) -> Iterator[str]:
    """URL of the server with neither our databases nor our roles before and after."""
    yield postgres_server
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in ("airflow", "monitor"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for name in ROLES:
            connection.execute(f"DROP ROLE IF EXISTS {name}")


def url(server: str, role: str, database: str = "monitor") -> str:
    return server.replace("//postgres@/postgres?", f"//{role}@/{database}?")


def tool(server: str, *command: str, stdin: bytes = b"", **environment: str) -> bytes:
    """Run one of PostgreSQL's own tools against the server; its output."""
    where = {"PGHOST": server.partition("host=")[2], "POSTGRES_USER": "postgres"}
    done = subprocess.run(command, input=stdin, capture_output=True, env=os.environ | where | environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def prepare(server: str, password: str = ODD) -> None:
    """What the image does on an empty volume, and an operator after an upgrade."""
    names = ("POSTGRES", "AIRFLOW_DB", "MONITOR_OWNER_DB", "MONITOR_DB", "MONITOR_READ_DB")
    passwords = {f"{name}_PASSWORD": password for name in names}
    tool(server, "sh", str(ROOT / "docker/databases.sh"), **passwords)


def migrate(server: str) -> None:
    store = Store(url(server, "monitor_owner"))
    store.migrate()
    store.close()


@pytest.fixture(scope="module")
def prepared(server: str) -> str:
    """The server as `init` leaves it."""
    prepare(server)
    migrate(server)
    return server


def refused(prepared: str, role: str, statement: str) -> None:
    with psycopg.connect(url(prepared, role)) as connection, pytest.raises(DENIED):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (x int)",
        "CREATE TEMPORARY TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE articles ADD COLUMN x int",
        "DROP TABLE runs",
        "TRUNCATE runs",
        "CREATE ROLE mine",
        "SET ROLE monitor_owner",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY runs TO PROGRAM 'cat'",
    ],
)
def test_the_product_at_work_may_change_rows_and_nothing_else(prepared: str, statement: str) -> None:
    refused(prepared, "monitor", statement)


@pytest.mark.parametrize("statement", ["INSERT INTO mutes DEFAULT VALUES", "DELETE FROM runs", "CREATE TABLE x ()"])
def test_the_role_for_peoples_queries_only_reads(prepared: str, statement: str) -> None:
    with psycopg.connect(url(prepared, "monitor_read")) as connection:
        connection.execute("SET default_transaction_read_only = off")  # that is no protection: anybody may say so
        connection.commit()
        assert connection.execute("SELECT count(*) FROM articles").fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize(
    ("role", "database"),
    [(role, "airflow") for role in ROLES[1:]] + [("airflow", "monitor")] + [(role, "postgres") for role in ROLES],
)
def test_nobody_opens_a_database_that_is_not_theirs(prepared: str, role: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url(prepared, role, database))


def test_the_jobs_run_as_the_role_that_owns_nothing(
    prepared: str, bare_project: Project, kept_model: KeptModel
) -> None:
    bare_project.monkeypatch.setenv("MONITOR_STORE", url(prepared, "monitor"))
    with run.open_store(run.environment()) as store, store.write() as connection:
        now = run.read_time("2026-11-23")
        models.save_model(
            connection, version=kept_model.version, made_at=now, card=kept_model.card, archive=kept_model.archive
        )
        models.promote_model(connection, kept_model.version, now=now)
    for command in (["ingest"], ["classify"], ["digest", "--now"], ["audit"], ["status"], ["store", "migrate"]):
        done = bare_project.monitor(*command)
        assert done.code == 0, (command, done)
    assert run.status()["articles"]["stored"] > 100


def test_a_migration_by_the_wrong_role_says_whose_work_it_is(prepared: str) -> None:
    store = Store(url(prepared, "monitor"))
    with pytest.raises(StoreError, match="as the tables' owner"):
        store.migrate("0009")
    store.close()


def test_an_installation_in_which_monitor_owned_everything_is_mended_by_running_it_again(prepared: str) -> None:
    with psycopg.connect(url(prepared, "postgres")) as connection:
        connection.execute("REASSIGN OWNED BY monitor_owner TO monitor")
        connection.execute("ALTER DATABASE monitor OWNER TO monitor")
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM monitor_read")
    prepare(prepared)
    refused(prepared, "monitor", "DROP TABLE runs")
    with psycopg.connect(url(prepared, "monitor")) as connection:
        connection.execute("DELETE FROM runs")
    with psycopg.connect(url(prepared, "monitor_read")) as connection:
        connection.execute("SELECT count(*) FROM runs")
    store = Store(url(prepared, "monitor_owner"))
    store.migrate("0009")
    store.migrate()
    store.close()


def test_running_it_again_changes_the_passwords(prepared: str) -> None:
    def hashes() -> set[str]:
        with psycopg.connect(prepared) as connection:
            names = [*ROLES, "postgres"]
            found = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = ANY(%s)", [names]).fetchall()
        return {row[0] for row in found}

    before = hashes()
    prepare(prepared, "another")
    assert len(hashes() - before) == len(ROLES) + 1


def test_a_dump_restored_over_a_damaged_database_brings_back_rows_and_rights(prepared: str) -> None:
    with psycopg.connect(url(prepared, "monitor")) as connection:
        connection.execute("DELETE FROM mutes")
        connection.execute("INSERT INTO mutes VALUES ('평양', now(), 'U1', 'anna', now())")
    user = ("--username", "postgres")
    dump = tool(prepared, "pg_dump", *user, "--format", "custom", "monitor")
    with psycopg.connect(url(prepared, "postgres")) as connection:
        connection.execute("DROP TABLE mutes, labels CASCADE")
        connection.execute("DELETE FROM runs")
    restore = ("pg_restore", *user, "--clean", "--if-exists", "--single-transaction", "--dbname", "monitor")
    tool(prepared, *restore, stdin=dump)
    store = Store(url(prepared, "monitor"))
    store.check()
    with store.write() as connection:
        assert connection.exec_driver_sql("SELECT outlet, name FROM mutes").all() == [("평양", "anna")]
        connection.exec_driver_sql("DELETE FROM mutes")
    store.close()
    refused(prepared, "monitor", "DROP TABLE mutes")
    refused(prepared, "monitor_read", "DELETE FROM mutes")
