"""A private PostgreSQL server on a Unix socket, made from the machine's own binaries."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, wherever the system keeps it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return candidates[-1].parent if candidates else None


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and may be stopped and started again."""

    url: str
    call: Callable[..., None]
    options: tuple[str, ...]

    def start(self) -> None:
        """Start it with the data that it had."""
        self.call("pg_ctl", *self.options, "-w", "start")

    def stop(self) -> None:
        """Stop it as a power cut would: whoever is connected is cut off."""
        self.call("pg_ctl", "-m", "immediate", "-w", "stop")


@contextmanager
def server() -> Iterator[str]:
    """Run a server with data of its own, gone afterwards; yields the URL of its default database."""
    with running() as started:
        yield started.url


@contextmanager
def running() -> Iterator[Server]:
    """The same with the server in hand.

    PostgreSQL refuses to run as root, so root runs it as the user "postgres" that the package brings. Its folder lies
    beside pytest's, not in it: pytest closes its own to other users, again with each session that starts.
    """
    tools = binaries()
    if tools is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket may have 107 characters
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    data, log = folder / "data", folder / "log"

    def call(program: str, *arguments: str) -> None:
        command = [*as_user, str(tools / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    try:
        call("initdb", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        url = f"postgresql://postgres@/postgres?host={folder}"
        started = Server(url, call, ("-l", str(log), "-o", options))
        started.start()
        try:
            yield started
        finally:
            started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
