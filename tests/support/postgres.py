"""A private PostgreSQL server on a Unix socket, made from the machine's own binaries."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, wherever the system keeps it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return candidates[-1].parent if candidates else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server that keeps its data under ``folder``; yields the URL of its default database.

    PostgreSQL refuses to run as root, so root runs it as the user "postgres" that the package brings.
    """
    tools = binaries()
    if tools is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if os.geteuid() == 0 else []
    sockets = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path may have 107 characters, tmp_path is too long
    if as_user:
        for path in (folder, sockets):
            shutil.chown(path, user)
        for parent in folder.parents:
            if parent.stat().st_uid == os.geteuid() and parent != Path("/") and parent.stat().st_mode & 0o005 != 0o005:
                parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [
            *as_user,
            tools / "initdb",
            "-D",
            data,
            "-U",
            "monitor",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "-N",
        ],
        **quiet,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={sockets} -c fsync=off -c max_connections=60"
    control = [*as_user, tools / "pg_ctl", "-D", data, "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "-w", "start"], **quiet)
    try:
        yield f"postgresql://monitor@/postgres?host={sockets}"
    finally:
        subprocess.run([*control, "-m", "immediate", "-w", "stop"], **quiet)
        shutil.rmtree(sockets, ignore_errors=True)
