"""Commands around the classifier: score, evaluate, explain, models."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from monitor.cli.output import JSON, print_json, print_line, print_table, warn

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)

FILE = typer.Argument(metavar="FILE.jsonl", exists=True, dir_okay=False)


TEXTS = ("title", "summary", "lang")
ERRORS_SHOWN = 10  # `--json` and the page have more


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
def evaluate(
    file: Path = FILE,
    page: Path | None = typer.Option(None, metavar="FILE.html", help="Write the report with its curves as a page too."),
    as_json: bool = JSON,
) -> None:
    """Measure the classifier on labelled texts, and keep the report: JSON lines {id, title, lang, relevant, themes}."""
    from monitor import run

    report = run.evaluate(file, page=page)
    if as_json:
        print_json(report)
        return
    _show_report(report)
    if page is not None:
        print(page)


def _show_report(report: Mapping[str, Any]) -> None:
    figures = report["figures"]
    print(f"{figures['items']} texts, {figures['relevant']} relevant; model {report['model']}")
    print_table(
        ["figure", "value", "95 % interval"],
        [
            [name.replace("_", " "), f"{figures[name]:.3f}", _spread(interval)]
            for name, interval in figures["intervals"].items()
        ],
    )
    print(f"Thresholds: digest {report['threshold']:.3f}, alert {report['alert_threshold']:.3f}")
    if decided := report.get("decided"):
        print(f"With the watch: precision {decided['precision']:.3f}, recall {decided['recall']:.3f}")
    for name, slices in report["slices"].items():
        columns = [name, "texts", "relevant", *("AP", "95 %"), *("precision", "95 %"), *("recall", "95 %")]
        print_table(columns, [[value, f["items"], f["relevant"], *_with_spreads(f)] for value, f in slices.items()])
    rows = [
        [
            theme,
            f["items"],
            *(f"{f[k]:.3f}" for k in ("threshold", "precision", "recall", "f1")),
            _spread(f["interval"]),
        ]
        for theme, f in report["themes"].items()
    ]
    print_table(["theme", "texts", "threshold", "precision", "recall", "F1", "95 %"], rows)
    micro, macro = (report["theme_intervals"][name] for name in ("micro_f1", "macro_f1"))
    print(
        f"Themes: micro-F1 {report['theme_micro_f1']:.3f} ({_spread(micro)}), "
        f"macro-F1 {report['theme_macro_f1']:.3f} ({_spread(macro)})"
    )
    errors = [
        [
            "missed" if m["relevant"] else "flagged",
            f"{m['probability']:.3f}",
            m["language"],
            m["title"],
            m["reasons"][0],
        ]
        for m in report["mistakes"][:ERRORS_SHOWN]
    ]
    print_table(["error", "score", "lang", "worst errors", "why"], errors)


def _spread(interval: Sequence[float]) -> str:
    return " – ".join(f"{value:.3f}" for value in interval)


def _with_spreads(figures: Mapping[str, Any]) -> Iterator[str]:
    for name in ("average_precision", "precision", "recall"):
        yield f"{figures[name]:.3f}"
        yield _spread(figures["intervals"][name])


@app.command()
def explain(text: str = typer.Argument(metavar="TEXT|URL"), as_json: bool = JSON) -> None:
    """Say why a text, or the stored article with this link, is flagged or not."""
    from monitor import run

    found = run.explain(text)
    if as_json:
        print_json(found)
        return
    print_table(
        ["", ""],
        [
            ["title", found["title"]],
            ["verdict", "\n".join(found["in_words"])],
            ["model alone", f"{found['probability']:.3f} ({found['model']})"],
            ["themes", ", ".join(found["themes"]) or "none"],
        ],
    )
    reasons = sorted(found["reasons"], key=lambda reason: -abs(reason["weight"]))
    rows = [[r["kind"], r["text"], f"{r['weight']:+.2f}"] for r in reasons]
    total = f"{found['log_odds']:+.2f}"
    print_table(["why", "", "weight"], [*rows, ["sum", f"log-odds of the score {found['score']:.3f}", total]])
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


@group.command("show")
def show_model(
    version: str = typer.Argument("", metavar="[VERSION]", help="None: the one in use."), as_json: bool = JSON
) -> None:
    """Show the card of a kept model: thresholds, what they promise, figures, and how it was evaluated."""
    from monitor import run

    found = run.show_model(version)
    if as_json:
        print_json(found)
        return
    card = found["card"]
    limits, figures = card["thresholds"], card["figures"]
    rows = [
        ["version", f"{found['version']}{' (in use)' if found['in_use'] else ''}"],
        ["made", f"{card['made_at'][:16]} UTC by version {card['product_version']}, seed {card['seed']}"],
        [
            "trained on",
            f"{card['corpus_items']} texts of the corpus ({card['corpus_digest']}), {card['labels']} labels",
        ],
        ["thresholds", f"digest {limits['digest']:.3f}, alert {limits['alert']:.3f}"],
        ["of themes", ", ".join(f"{theme} {value:.3f}" for theme, value in limits["themes"].items())],
        [
            "cross-validated",
            ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in figures.items() if isinstance(v, float)),
        ],
        *(["note", note] for note in card["notes"]),
    ]
    print_table(["", ""], rows)
    for kept in found["evaluations"]:
        print(f"Evaluated {kept['at'][:16]} UTC on {kept['name']} (set {kept['evaluation_set']}):")
        _show_report(kept["report"])


@group.command()
def rollback(
    version: str = typer.Argument("", metavar="[VERSION]", help="None: the one that was in use before."),
) -> None:
    """Take an earlier model into use again."""
    from monitor import run

    print(f"in use: {run.rollback(version)}")
