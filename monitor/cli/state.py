"""Commands that show how things are: status, metrics, doctor, config check; and those of the store."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import typer

from monitor.cli.output import DATES, JSON, as_utc, clean, counted, print_json, print_table, until_stopped, warn
from monitor.cli.watch import show_gold
from monitor.core.condition import facts_of, span

app = typer.Typer()
config = typer.Typer(no_args_is_help=True)
store = typer.Typer(no_args_is_help=True)


@app.command()
def status(as_json: bool = JSON) -> None:
    """Show how fresh the news is, what waits, the last runs, feeds and model; and what is wrong with what to do."""
    from monitor import run

    found = run.status()
    if as_json:
        print_json(found)
        return
    if found["troubles"]:
        print_table(["what is wrong", "what to do"], [[one["what"], one["advice"]] for one in found["troubles"]])
    print_table(["", ""], [["store", found["store"]], *facts_of(found)])
    rows = [
        [
            last["job"],
            f"{span(last['age_seconds'])} ago",
            "" if last["seconds"] is None else span(last["seconds"]),
            last["state"],
            last["error"] or counted(last["counts"]),
        ]
        for last in found["runs"]
    ]
    print_table(["last run of", "began", "took", "state", ""], rows)


@app.command()
def metrics(
    serve: str = typer.Option("", metavar="HOST:PORT", help="Answer Prometheus there until Ctrl-C."),
) -> None:
    """Print the metrics for Prometheus once, as a textfile collector takes them, or serve them."""
    from monitor import run

    if not serve:
        sys.stdout.write(run.metrics().decode())
        return
    host, _, port = serve.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise typer.BadParameter("must be like 127.0.0.1:9464", param_hint="--serve")
    served = run.serve_metrics(host.strip("[]"), int(port))
    warn(f"http://{host}:{served.port}/metrics; Ctrl-C ends it")
    until_stopped().wait()
    served.close()


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
    """Tell the alarm channel which feeds broke or came back, and move what is past the retention into files.

    With --gold: what became of the events of your list.
    """
    from monitor import run

    if gold is not None:
        show_gold(run.audit_gold(gold, late_after=timedelta(hours=late_after)), as_json)
        return
    found, gone = run.audit(), run.prune()
    if as_json:
        print_json(found | {"pruned": gone})
        return
    print("; ".join([f"{found['seen']} of {found['enabled']} feeds answered", *map(clean, found["coverage"])]))
    print("\n".join(map(clean, found["changes"])) or "no change since people last heard of it")
    print(f"past the retention: {counted(gone)}" if any(gone.values()) else "nothing is past the retention")


@store.command()
def migrate(
    revision: str = typer.Argument("head", help="head, base (drops everything), or a number."),
) -> None:
    """Make the tables, or bring them to this version."""
    from monitor import run

    print(run.migrate(revision))


@store.command("export")
def export_records(
    file: Path = typer.Argument(..., metavar="FILE", help="JSON Lines; packed when its name ends in .gz."),
    since: datetime | None = typer.Option(None, formats=DATES, help="First seen since then (UTC)."),
    before: datetime | None = typer.Option(None, formats=DATES, help="First seen before then (UTC)."),
) -> None:
    """Write articles with all that hangs on them, and what was sent, to a file. The store stays as it is."""
    from monitor import run

    count = run.export_records(file, since=as_utc(since), before=as_utc(before))
    print(f"{count} records in {file}")


@store.command("import")
def import_records(
    files: list[Path] = typer.Argument(..., metavar="FILE...", exists=True, dir_okay=False),
) -> None:
    """Read files of `store export`, or of the archive, into the store. Nothing is told because of it."""
    from monitor import run

    for file in files:
        done = run.import_records(file)
        print(f"{file}: {done['read']} records, {done['new']} of their articles are new here")


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
