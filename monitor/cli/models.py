"""Commands around the classifier: score, evaluate, explain, models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from monitor.cli.lines import FILE, read_lines
from monitor.cli.output import JSON, print_json, print_line, print_table, warn

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)


@app.command()
def score(file: Path = FILE) -> None:
    """Judge texts: JSON lines {id, title, summary, lang} in, {id, relevant, score, themes, reasons} out."""
    from monitor import run

    bad: list[str] = []
    for scored in run.score(read_lines(file, bad)):
        print_line(scored)
    for line in bad:
        warn(line)
    if bad:
        raise typer.Exit(1)


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


@app.command()
def explain(text: str = typer.Argument(metavar="TEXT|URL"), as_json: bool = JSON) -> None:
    """Say why a text, or the stored article with this link, is flagged or not."""
    from monitor import run

    found = run.explain(text)
    if as_json:
        print_json(found)
        return
    verdict = "flagged" if found["relevant"] else "not flagged"
    alert = f", alert from {found['alert_threshold']:.2f}" if found["alert_threshold"] <= 1 else ""
    print_table(
        ["", ""],
        [
            ["title", found["title"]],
            ["verdict", f"{verdict}: score {found['score']:.3f}, threshold {found['threshold']:.3f}{alert}"],
            ["model alone", f"{found['probability']:.3f} ({found['model']})"],
            ["themes", ", ".join(found["themes"]) or "none"],
        ],
    )
    reasons = sorted(found["reasons"], key=lambda reason: -abs(reason["weight"]))
    print_table(["why", "", "weight"], [[r["kind"], r["text"], f"{r['weight']:+.2f}"] for r in reasons])
    if found["matches"]:
        print_table(["watch term", "found", "in"], [[m["term"], m["found"], m["field"]] for m in found["matches"]])


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
