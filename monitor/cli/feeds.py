"""Commands about feeds: list, check, parse, mute, unmute, export, import."""

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from monitor.cli.output import JSON, print_json, print_line, print_table, track

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_feeds(
    trouble: bool = typer.Option(False, "--trouble", help="Only feeds in trouble."), as_json: bool = JSON
) -> None:
    """Show every feed: how it is, why, and what to do."""
    from monitor import run

    found = run.list_feeds()
    if trouble:
        found = [feed for feed in found if feed["health"] not in {"healthy", "new", "disabled"} or feed["notes"]]
    if as_json:
        print_json(found)
        return
    rows = [
        [
            f["id"],
            f["language"],
            f["tier"],
            f["health"],
            ", ".join(f["notes"]),
            _minute(f["last_success_at"]),
            f["reason"],
        ]
        for f in found
    ]
    print_table(["feed", "lang", "tier", "health", "notes", "last answer (UTC)", "why, and what to do"], rows)


@app.command()
def check(
    names: list[str] = typer.Argument(None, metavar="[ID|URL]...", help="None: every feed of the config."),
    as_json: bool = JSON,
) -> None:
    """Ask feeds now, as a poll would; nothing is stored."""
    from monitor import run

    found = run.check_feeds(names or (), track=track)
    if as_json:
        print_json(found)
    else:
        rows = [[f["id"], f["health"], ", ".join(f["notes"]), f["entries"], _about(f)] for f in found]
        print_table(["feed", "health", "notes", "entries", "why, and what to do; or the newest entry"], rows)
    if any(feed["health"] != "healthy" for feed in found):
        raise typer.Exit(1)


@app.command()
def parse(files: list[Path] = typer.Argument(metavar="FILE...")) -> None:
    """Parse feed files into JSON lines.

    One {file, id, url, title, summary, published, language} an entry, then one {file, state, entries} a file.
    """
    from monitor.run import parse_files

    unreadable = False
    for row in parse_files(files, now=datetime.now(UTC)):
        line = asdict(row)
        unreadable |= line.get("state") == "unreadable"
        print_line(line)
    if unreadable:
        raise typer.Exit(1)


@app.command()
def mute(
    outlet: str = typer.Argument(metavar="OUTLET", help="Its name, or the id of one of its feeds."),
    days: int = typer.Option(7, help="For how many days.", min=1, max=365),
) -> None:
    """Leave an outlet out of digests and alerts for some days; its articles are stored and decided on as ever."""
    from monitor import run

    muted = run.mute(outlet, days=days, who=getpass.getuser())
    print(f"{muted.outlet} is muted until {muted.until:%Y-%m-%d %H:%M} UTC")


@app.command()
def unmute(outlet: str = typer.Argument(metavar="OUTLET")) -> None:
    """Let an outlet be heard again."""
    from monitor import run

    print(f"{run.unmute(outlet)} is heard again")


@app.command("export")
def export_feeds() -> None:
    """Print the enabled feeds as OPML, for other readers."""
    from monitor import run

    print(run.export_feeds().decode())


@app.command("import")
def import_feeds(file: Path = typer.Argument(metavar="FILE.opml")) -> None:
    """Print what to paste into feeds.yaml for the feeds of an OPML file that the config does not have."""
    from monitor import run

    print(run.import_feeds(file), end="")


def _about(feed: dict[str, Any]) -> str:
    return feed["reason"] or "; ".join(entry["title"] for entry in feed["newest"][:1])


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else "never"
