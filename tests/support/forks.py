"""Processes that can be killed at any moment: one interpreter has everything imported, and each run is a fork of it.

What is killed is the fork, with SIGKILL: nothing of it can clean up. Several may run at once.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: killed or not, its exit code, and how long it ran (seconds)."""

    killed: bool
    code: int
    seconds: float


@dataclass(slots=True)
class Forks:
    """``with Forks("a.module:function") as forks: forks.start("argument")``; ``env`` is added to the environment.

    The function is called with the arguments of ``start``, which JSON can hold, and its exception is exit code 1.
    """

    target: str
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    """Where the runs write what goes to stderr; None: to ours."""
    _process: "subprocess.Popen[str]" = field(init=False)
    _began: dict[int, float] = field(default_factory=dict)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as files:
            stderr = files.enter_context(self.log.open("a", encoding="utf-8")) if self.log else None
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forks", self.target],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **self.env},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert self._line() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in list(self._began):
            self.kill(pid)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def start(self, *arguments: Any, **named: Any) -> int:
        """Begin a run; returns its process id."""
        pid = int(self._ask("run", [arguments, named]))
        self._began[pid] = time.monotonic()
        return pid

    def kill(self, pid: int) -> Ended:
        """Kill a run, if it has not ended, and wait for it."""
        os.kill(pid, signal.SIGKILL)  # at worst a zombie: nobody has waited for it yet
        return self.wait(pid)

    def ended(self, pid: int) -> bool:
        """Has a run ended? It still has to be waited for."""
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"

    def wait(self, pid: int) -> Ended:
        """Wait until a run has ended."""
        status = int(self._ask("wait", pid))
        seconds = time.monotonic() - self._began.pop(pid)
        return Ended(
            killed=os.WIFSIGNALED(status),
            code=-1 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status),
            seconds=seconds,
        )

    def run(self, *arguments: Any, kill_after: float | None = None, **named: Any) -> Ended:
        """One run from its start to its end, killed after so many seconds."""
        pid = self.start(*arguments, **named)
        if kill_after is not None:
            time.sleep(kill_after)
            return self.kill(pid)
        return self.wait(pid)

    def _ask(self, what: str, about: Any) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, about]) + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main() -> None:
    """Import the target; for each line fork a run and say its process id, or wait for one and say its status."""
    module, _, name = sys.argv[1].partition(":")
    target = getattr(importlib.import_module(module), name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a run prints is no answer
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        what, about = json.loads(line)
        if what == "wait":
            print(os.waitpid(about, 0)[1], file=answers, flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _run(target, *about)
        print(pid, file=answers, flush=True)


def _run(target: Any, arguments: list[Any], named: dict[str, Any]) -> None:
    code = 1
    try:
        target(*arguments, **named)
        code = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
