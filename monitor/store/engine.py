"""Opening the store: SQLite in its own file, or PostgreSQL through one URL."""

import fcntl
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from monitor.errors import StoreError

BUSY_TIMEOUT_SECONDS = 30
ASK_AGAIN_SECONDS = 0.1
ADVICE = {
    "disk is full": "free some space; nothing that was stored is lost, and the next run goes on",
    "no space left": "free some space; nothing that was stored is lost, and the next run goes on",
    "readonly database": "let the user of this process write to the file and its folder",
    "malformed": "stop the monitor and restore a backup (docs/operations.md)",
    "not a database": "stop the monitor and restore a backup (docs/operations.md)",
}
"""What to do, by a sign in the words of the database."""
MIGRATION_LOCK = 0x6D6F6E69  # any constant will do: it keeps two migrators of one PostgreSQL database apart


class Store:
    """A database with our tables. Open it after a fork, close it when the job ends."""

    def __init__(self, url: str) -> None:
        """Make an engine for ``url``; nothing is connected yet. Raises StoreError for a URL that cannot be used."""
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
                raise StoreError(
                    f"MONITOR_STORE: {parsed.get_backend_name()} is not supported; use sqlite:///FILE or postgresql://..."
                )
            self.url = parsed.render_as_string(hide_password=True)
            self._rights = threading.local()
            if parsed.get_backend_name() == "sqlite":
                if not parsed.database or parsed.database == ":memory:":
                    raise StoreError("MONITOR_STORE: the store needs a file: sqlite:///path/to/monitor.db")
                Path(parsed.database).expanduser().absolute().parent.mkdir(parents=True, exist_ok=True)
                self._engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
                _prepare_sqlite(self._engine)
            else:
                self._engine = create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            raise StoreError(f"MONITOR_STORE: not a database URL: {error}") from error
        except OSError as error:
            raise StoreError(f"MONITOR_STORE: cannot make the folder of the database: {error}") from error

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; commits at the end, rolls back on an exception.

        Where this thread is ``alone``, it begins with a look whether it still is: a server that was away since gave the
        right to somebody else, and then this is a StoreError.
        """
        with _as_store_error(self.url), self._engine.begin() as connection:
            for right in getattr(self._rights, "held", ()):
                right.execute(text("SELECT 1"))
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads, and never waits for writers."""
        with _as_store_error(self.url), self._engine.connect().execution_options(monitor_read=True) as connection:
            yield connection

    @contextmanager
    def alone(self, what: str, *, patience: float = 30.0) -> Iterator[bool]:
        """Be the only process that does ``what`` on this store; False when another one was for ``patience`` seconds.

        The operating system, or the server, gives the right back at the moment when its holder dies: whoever holds it
        knows that nobody else is in the middle of ``what``.
        """
        with ExitStack() as held:
            take = self._file_lock(what, held) if self.dialect == "sqlite" else self._server_lock(what, held)
            until = time.monotonic() + patience
            while not (mine := take()) and time.monotonic() < until:
                time.sleep(ASK_AGAIN_SECONDS)
            yield mine

    def _file_lock(self, what: str, held: ExitStack) -> Callable[[], bool]:
        name = f"{self._engine.url.database}.{what}.lock"
        try:
            file = os.open(name, os.O_CREAT | os.O_RDWR, 0o644)
        except OSError as error:
            raise StoreError(f"{self.url}: {name} cannot be opened: {error.strerror}{_advice(str(error))}") from error
        held.callback(os.close, file)

        def take() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        return take

    def _server_lock(self, what: str, held: ExitStack) -> Callable[[], bool]:
        held.enter_context(_as_store_error(self.url))
        # Its own session, which no pool keeps: the lock ends with it.
        connection = held.enter_context(self._engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
        held.callback(connection.invalidate)
        query = text("SELECT pg_try_advisory_lock(:key, :what)")
        key = {"key": MIGRATION_LOCK, "what": zlib.crc32(what.encode()) & 0x7FFFFFFF}

        def take() -> bool:
            if not connection.execute(query, key).scalar():
                return False
            before = getattr(self._rights, "held", ())
            self._rights.held = (*before, connection)
            held.callback(setattr, self._rights, "held", before)
            return True

        return take

    def migrate(self, revision: str = "head") -> None:
        """Bring the database to ``revision`` (``head``, ``base`` or a number), up or down.

        Safe to run again and from several processes at once. Raises StoreError for a database of a newer version.
        """
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config = _alembic_config()
            config.attributes["connection"] = connection
            current = _current(connection)
            try:
                # Revisions are numbered, so that their order is the order of their names.
                if revision == "base" or (revision != "head" and current is not None and revision < current):
                    command.downgrade(config, revision)
                else:
                    command.upgrade(config, revision)
            except CommandError as error:
                raise StoreError(
                    f"{self.url}: cannot bring schema {current or 'none'} to {revision}: {error}; "
                    "a newer version of the product made this database, or the revision does not exist"
                ) from error

    def check(self) -> None:
        """Raise StoreError when the database cannot be reached or has another schema than this version needs."""
        with self.read() as connection:
            found, wanted = _current(connection), ScriptDirectory.from_config(_alembic_config()).get_current_head()
        if found != wanted:
            raise StoreError(
                f"{self.url}: the database has schema {found or 'none'}, this version needs {wanted}: "
                "run `monitor store migrate`"
            )

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _as_store_error(url: str) -> Iterator[None]:
    """Turn what the library raises for an unreachable or unfit database into our own words; bugs in SQL stay bugs."""
    try:
        yield
    except DBAPIError as error:
        kind, words = type(error).__name__, str(error.orig).strip()
        if error.connection_invalidated or kind in {"OperationalError", "InterfaceError", "DatabaseError"}:
            raise StoreError(f"{url}: {words}{_advice(words)}") from error
        if kind == "ProgrammingError" and "does not exist" in words:
            raise StoreError(f"{url}: {words}: run `monitor store migrate`") from error
        if type(error.orig).__name__ == "InsufficientPrivilege":
            raise StoreError(
                f"{url}: {words}: migrate and copy as the tables' owner, as the service init does"
            ) from error
        raise


def _advice(words: str) -> str:
    return next((f": {advice}" for sign, advice in ADVICE.items() if sign in words.lower()), "")


def _prepare_sqlite(engine: Engine) -> None:
    """Own the transactions (the driver's own rules begin them too late) and take the write lock at their start.

    Without BEGIN IMMEDIATE a transaction that reads before it writes fails at once with "database is locked"
    when another wrote in between, busy timeout or not.
    """

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute("PRAGMA wal_autocheckpoint = 8000")  # pages: a poll of many feeds commits after each
        raw.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("monitor_read", False)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
