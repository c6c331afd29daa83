"""The jobs as `monitor.run` puts them together, for ``Forks``: each run a process with an environment and a ``now``."""

import importlib
import os
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import monitor
from monitor import courier, run
from monitor.run import live
from monitor.settings import load_settings
from tests.support.forks import Forks

_read = cache(load_settings)


def work(job: str, env: Mapping[str, str], now: str | None = None, warm: bool = False, **how: Any) -> None:
    """One run of one job; ``warm`` takes the config as the parent read it: to read 1,000 feeds takes a second."""
    os.environ.update(env)
    courier.SETTLE_SECONDS = 0.05  # the stand-in is on this machine
    if warm:
        live.load_or_last_good = lambda folder, _last: (_read(folder), ())
    moment = {"now": datetime.fromisoformat(now)} if now else {}
    getattr(run, job)(**moment, **how)


def jobs(log: Path | None = None, *, config: Path | None = None) -> Forks:
    """Processes that do ``work``; those that are ``warm`` have read ``config``."""
    env = {"CHAOS_CONFIG": str(config)} if config else {}
    return Forks("tests.support.jobs:work", env=env, log=log)


for module in pkgutil.walk_packages(monitor.__path__, "monitor."):  # before the fork, so that a run begins at once
    if not module.name.startswith(("monitor.__main__", "monitor.store.migrations", "monitor.cli")):
        importlib.import_module(module.name)
if "CHAOS_CONFIG" in os.environ:
    _read(Path(os.environ["CHAOS_CONFIG"]))
