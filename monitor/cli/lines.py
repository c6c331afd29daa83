"""How the command line reads JSON lines: texts, one a line."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

FILE = typer.Argument(metavar="FILE.jsonl", exists=True, dir_okay=False)
TEXTS = ("title", "summary", "lang")


def read_lines(file: Path, bad: list[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(Line number, object) of each line; what is no such line is noted in ``bad``, and the rest goes on."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except ValueError as error:
                bad.append(f"{file}:{number}: not JSON: {error}")
                continue
            if not isinstance(item, dict) or not (item.get("title") or item.get("summary")):
                bad.append(f"{file}:{number}: needs a JSON object with a title or a summary")
            elif wrong := [name for name in TEXTS if not isinstance(item.get(name) or "", str)]:
                bad.append(f"{file}:{number}: {' and '.join(wrong)}: must be text in quotes")
            else:
                yield number, item
