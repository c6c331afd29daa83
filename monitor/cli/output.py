"""How the command line prints: tables and progress bars for people, JSON for machines."""

import json
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

import typer

DATES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
JSON = typer.Option(False, "--json", help="Print JSON, for machines.")

PIPE_WIDTH = 160
STATES = {
    "ok": "green",
    "success": "green",
    "healthy": "green",
    "warning": "yellow",
    "error": "red",
    "failed": "red",
    "dead": "red",
    "failing": "red",
    "blocked": "yellow",
    "not_a_feed": "red",
}


def print_json(data: Any) -> None:
    """One JSON document; times and paths as text."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_line(data: Mapping[str, Any]) -> None:
    """One JSON line."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table as wide as the terminal, wider in a pipe. States are coloured; texts are never read as markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(columns))
    for row in rows:
        cells = [clean(str(cell)) for cell in row]
        table.add_row(*(Text(cell, style=STATES.get(cell, ""), overflow="fold") for cell in cells))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def track(steps: Iterable[Any], total: int) -> Iterable[Any]:
    """The same steps with a progress bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield from progress.track(steps, total=total, description="")


def busy(what: str) -> Any:
    """A context manager that shows that something long goes on."""
    from rich.console import Console

    return Console(stderr=True).status(what)


def until_stopped() -> Event:
    """Set when somebody presses Ctrl-C, or asks the process to end."""
    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: stop.set())
    return stop


def warn(line: str) -> None:
    """One line on stderr."""
    print(clean(line), file=sys.stderr)


def clean(text: str) -> str:
    """Without control characters: texts of feeds must not move the cursor."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def counted(counts: Mapping[str, Any]) -> str:
    """``{"feeds": 3}`` as "3 feeds"; what is not a number is left out."""
    return ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in counts.items() if isinstance(value, int))


def as_utc(moment: datetime | None) -> datetime | None:
    """A moment of DATES as what it means."""
    return moment.replace(tzinfo=UTC) if moment is not None else None
