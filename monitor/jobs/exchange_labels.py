"""Labels <-> JSON Lines or CSV, for people who label elsewhere or move to another store."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.core.decision import Label
from monitor.core.theme import THEME_IDS
from monitor.errors import MonitorError

FIELDS = ("article_id", "kind", "value", "who", "at", "title", "summary", "language", "model", "source")
KINDS = ("relevance", "theme", "group")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # what a spreadsheet would run, or take for our own mark


def label_row(label: Label) -> dict[str, str]:
    """One label as FIELDS."""
    title, _, summary = label.text.partition("\n")
    return {
        "article_id": label.article_id,
        "kind": label.kind,
        "value": label.value,
        "who": label.who,
        "at": label.at.isoformat(),
        "title": title,
        "summary": summary,
        "language": label.language,
        "model": label.model,
        "source": label.source,
    }


def format_labels(labels: Iterable[Label], *, as_csv: bool) -> str:
    """The labels as text. In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    rows = [label_row(label) for label in labels]
    if not as_csv:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    made = io.StringIO()
    writer = csv.DictWriter(made, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _tame(value) for name, value in row.items()} for row in rows)
    return made.getvalue()


def parse_labels(text: str, *, as_csv: bool, where: str, who: str, now: datetime) -> list[Label]:
    """The labels of a text. ``who`` and ``now`` stand in where a line names nobody and no time.

    Raises MonitorError with every line that is no label, as ``where:line: what is wrong``.
    """
    labels, problems = [], []
    for number, row in _rows(text, as_csv=as_csv):
        try:
            labels.append(_label(row, who=who, now=now))
        except (ValueError, TypeError) as error:
            problems.append(f"{where}:{number}: {error}")
    if problems:
        raise MonitorError("\n".join(problems))
    return labels


def _rows(text: str, *, as_csv: bool) -> Iterator[tuple[int, Any]]:
    """(Line number, row); a line that cannot be read is given as its text."""
    if as_csv:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        for row in reader:
            yield reader.line_num, {name: _untame(value) for name, value in row.items() if isinstance(value, str)}
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                yield number, line


def _label(row: Any, *, who: str, now: datetime) -> Label:
    if not isinstance(row, Mapping):
        raise TypeError("is no JSON object")
    held = {name: str(row.get(name) or "").strip() for name in FIELDS}
    held["value"] = str(row.get("value", "")).strip()
    kind, value, title = held["kind"] or "relevance", held["value"], held["title"]
    if not title:
        raise ValueError("title: is missing: a label teaches by its text")
    if kind not in KINDS:
        raise ValueError(f"kind: {kind!r} is none of {', '.join(KINDS)}")
    if kind == "relevance" and value not in {"0", "1"}:
        raise ValueError(f"value: {value!r} must be 1 (relevant) or 0")
    if kind == "theme" and (unknown := [v for v in value.replace(",", " ").split() if v not in THEME_IDS]):
        raise ValueError(f"value: {unknown[0]!r} is no theme; themes are {', '.join(THEME_IDS)}")
    if not (held["who"] or who):
        raise ValueError("who: is missing")
    text = f"{title}\n{held['summary']}".strip()
    return Label(
        article_id=held["article_id"] or f"import-{hashlib.sha256(text.encode()).hexdigest()[:16]}",
        kind=kind,
        value=value,
        who=held["who"] or who,
        at=_moment(held["at"], now),
        text=text,
        model=held["model"],
        language=held["language"] or "und",
        source=held["source"] or "import",
    )


def _moment(text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if text else now
    except ValueError:
        raise ValueError(f"at: {text!r} is no ISO date and time") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _tame(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _untame(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
