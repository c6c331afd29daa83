"""Commands around the classifier: score, evaluate, models."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from monitor.cli.output import JSON, print_json, print_line, print_table, warn

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)

FILE = typer.Argument(metavar="FILE.jsonl", exists=True, dir_okay=False)


TEXTS = ("title", "summary", "lang")


@app.command()
def score(file: Path = FILE) -> None:
    """Judge texts: JSON lines {id, title, summary, lang} in, {id, relevant, score, themes, reasons} out."""
    from monitor import run

    bad: list[str] = []
    for scored in run.score(_read_lines(file, bad)):
        print_line(scored)
    for line in bad:
        warn(line)
    if bad:
        raise typer.Exit(1)


def _read_lines(file: Path, bad: list[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
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


@app.command()
def evaluate(file: Path = FILE, as_json: bool = JSON) -> None:
    """Measure the classifier on labelled texts: JSON lines {id, title, summary, lang, relevant, themes}."""
    from monitor import run

    report = run.evaluate(file)
    if as_json:
        print_json(report)
        return
    figures = report["figures"]
    print(f"{figures['items']} texts, {figures['relevant']} relevant; model {report['model']}")
    print_table(
        ["figure", "value", "95 % interval"],
        [
            [name.replace("_", " "), f"{figures[name]:.3f}", " – ".join(f"{v:.3f}" for v in interval)]
            for name, interval in figures["intervals"].items()
        ],
    )
    decided = report["decided"]
    print(f"With the watch: precision {decided['precision']:.3f}, recall {decided['recall']:.3f}")
    for name, slices in report["slices"].items():
        rows = [
            [value, f["items"], f["relevant"], *(f"{f[k]:.3f}" for k in ("average_precision", "precision", "recall"))]
            for value, f in slices.items()
        ]
        print_table([name, "texts", "relevant", "AP", "precision", "recall"], rows)
    rows = [
        [theme, int(f["items"]), *(f"{f[k]:.3f}" for k in ("precision", "recall", "f1"))]
        for theme, f in report["themes"].items()
    ]
    print_table(["theme", "texts", "precision", "recall", "F1"], rows)
    print(f"Themes: micro-F1 {report['theme_micro_f1']:.3f}, macro-F1 {report['theme_macro_f1']:.3f}")


@group.command("list")
def list_models(as_json: bool = JSON) -> None:
    """Show the kept models, newest first."""
    from monitor import run

    kept = run.list_models()
    if as_json:
        print_json(kept)
        return
    rows = [
        [m["version"], "in use" if m["in_use"] else "", m["made_at"][:16], _figure(m["card"], "average_precision")]
        for m in kept
    ]
    print_table(["version", "", "made at (UTC)", "AP (own items)"], rows)


def _figure(card: Mapping[str, Any], name: str) -> str:
    value = card.get("figures", {}).get(name)
    return f"{value:.3f}" if isinstance(value, float) else ""


@group.command()
def rollback(
    version: str = typer.Argument("", metavar="[VERSION]", help="None: the one that was in use before."),
) -> None:
    """Take an earlier model into use again."""
    from monitor import run

    print(f"in use: {run.rollback(version)}")
