"""Commands that show how things are: status, doctor, config check; and the store: migrate, copy, backup."""

from datetime import timedelta
from pathlib import Path

import typer

from monitor.cli.output import JSON, clean, counted, print_json, print_table
from monitor.cli.watch import show_gold

app = typer.Typer()
config = typer.Typer(no_args_is_help=True)
store = typer.Typer(no_args_is_help=True)


@app.command()
def status(as_json: bool = JSON) -> None:
    """Show the last runs, counts by step, feeds by state, and the model in use."""
    from monitor import run

    found = run.status()
    if as_json:
        print_json(found)
        return
    model = found["model"]
    print_table(
        ["", ""],
        [
            ["store", found["store"]],
            ["articles", counted(found["articles"])],
            ["last 24 h", counted(found["last_24_h"])],
            ["feeds", counted(found["feeds"])],
            ["model", f"{model['version']}, in use since {model['in_use_since'][:16]}" if model else "none"],
            *(["digest", f"{d['id']} to {d['channel']}: {(d['last_cut'] or 'never')[:16]}"] for d in found["digests"]),
            *(["alerts", f"{a['id']} to {a['channel']}: {(a['last'] or 'none yet')[:16]}"] for a in found["alerts"]),
            *(
                [["waiting", f"{found['waiting_to_be_posted']} digests or alerts"]]
                if found["waiting_to_be_posted"]
                else []
            ),
            *(["muted", f"{m['outlet']} until {m['until'][:10]} by @{m['by']}"] for m in found["muted"]),
            *(["config", problem] for problem in found["config_problems"]),
        ],
    )
    rows = [[r["job"], r["started_at"][:16], r["state"], r["error"] or counted(r["counts"])] for r in found["runs"]]
    print_table(["last run of", "at (UTC)", "state", ""], rows)


@app.command()
def doctor(as_json: bool = JSON) -> None:
    """Look at everything that can be wrong, and say what to do."""
    from monitor import run

    found = run.doctor()
    if as_json:
        print_json(found)
    else:
        print_table(
            ["", "state", "found", "what to do"], [[f["what"], f["state"], f["found"], f["advice"]] for f in found]
        )
    if any(finding["state"] == "error" for finding in found):
        raise typer.Exit(1)


@config.command("check")
def check_config() -> None:
    """Check the files that people edit: every problem at once, as file:line: key: message. Warnings stop nothing."""
    from monitor import run

    held, warnings = run.check_config()
    for warning in warnings:
        print(clean(warning))
    print(held)


@app.command()
def audit(
    gold: Path | None = typer.Option(
        None, metavar="FILE.csv", exists=True, dir_okay=False, help="What became of your own list of dated events."
    ),
    late_after: float = typer.Option(24, metavar="HOURS", help="Told later than this counts as late.", min=0),
    as_json: bool = JSON,
) -> None:
    """Tell the alarm channel which feeds broke or came back; with --gold, what became of the events of your list."""
    from monitor import run

    if gold is not None:
        show_gold(run.audit_gold(gold, late_after=timedelta(hours=late_after)), as_json)
        return
    found = run.audit()
    if as_json:
        print_json(found)
        return
    print("; ".join([f"{found['seen']} of {found['enabled']} feeds answered", *map(clean, found["coverage"])]))
    print("\n".join(map(clean, found["changes"])) or "no change since people last heard of it")


@store.command()
def migrate(
    revision: str = typer.Argument("head", help="head, base (drops everything), or a number."),
) -> None:
    """Make the tables, or bring them to this version."""
    from monitor import run

    print(run.migrate(revision))


@store.command()
def copy(
    target: str = typer.Argument(metavar="URL", help="An empty database: postgresql://..., or sqlite:///FILE."),
) -> None:
    """Copy everything into another database, as when moving from SQLite to PostgreSQL, or back."""
    from monitor import run

    print_table(["table", "rows copied"], [[name, str(rows)] for name, rows in run.copy_store(target).items()])


@store.command()
def backup(
    file: Path = typer.Argument(metavar="FILE", dir_okay=False, help="A new file."),
) -> None:
    """Copy a store on SQLite into a file while it is in use. For PostgreSQL see docs/operations.md."""
    from monitor import run

    print(f"{file}: {run.backup_store(file):,} bytes")
