"""What is dear to make is made once in a session, whichever of its workers asks first."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that ``make`` filled, for all workers of this session: copy from it, do not change it."""
    own = factory.getbasetemp()  # of a worker, inside that of its session
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = session / name
    with (session / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = factory.mktemp(name)
            make(begun)
            begun.rename(folder)
    return folder
