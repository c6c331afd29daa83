"""Commands about stories: list, group, move."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from monitor.cli.lines import FILE, read_lines
from monitor.cli.output import JSON, print_json, print_line, print_table, warn

app = typer.Typer(invoke_without_command=True)


@app.callback()
def list_stories(
    context: typer.Context, limit: int = typer.Option(20, help="How many.", min=1), as_json: bool = JSON
) -> None:
    """Show the stories that grew last; or group a file, or move an article to another story."""
    if context.invoked_subcommand is not None:
        return
    from monitor import run

    found = run.list_stories(limit)
    if as_json:
        print_json(found)
        return
    rows = [
        [
            s["last_seen_at"][:16],
            f"{s['score']:.2f}",
            ", ".join(s["themes"][:2]),
            s["title"],
            ", ".join(s["outlets"][:4]),
            s["id"],
        ]
        for s in found
    ]
    print_table(["last seen (UTC)", "score", "themes", "story", "outlets", "id"], rows)


@app.command()
def group(file: Path = FILE) -> None:
    """Group texts: JSON lines {id, title, summary, lang, published, source} in, {id, story} out; nothing is stored."""
    from monitor import run

    bad: list[str] = []
    for placed in run.group(_dated(file, bad)):
        print_line(placed)
    for line in bad:
        warn(line)
    if bad:
        raise typer.Exit(1)


@app.command()
def move(
    article: str = typer.Argument(metavar="ARTICLE", help="Its id or its link."),
    story: str = typer.Argument(metavar="STORY|new", help="Id of the story that it belongs to; new: one of its own."),
    as_json: bool = JSON,
) -> None:
    """Put an article that was grouped wrongly where it belongs, for good; what was told of it stays told."""
    from monitor import run

    moved = run.move(article, story)
    if as_json:
        print_json(moved)
    else:
        print(f"{moved['article_id']}: {moved['before']} -> {moved['story_id']}")


def _dated(file: Path, bad: list[str]) -> Iterator[Mapping[str, Any]]:
    """Lines that have an id of their own and a time, too."""
    from monitor.run import read_time

    seen: dict[str, int] = {}
    for number, item in read_lines(file, bad):
        key, published = item.get("id"), item.get("published")
        if not isinstance(key, str) or not key:
            bad.append(f"{file}:{number}: id: must be text in quotes")
        elif key in seen:
            bad.append(f"{file}:{number}: id: {key} stands on line {seen[key]} already")
        elif not isinstance(published, str) or not _is_time(published, read_time):
            bad.append(f"{file}:{number}: published: must be a time such as 2026-11-23T12:00:00Z, not {published!r}")
        else:
            seen[key] = number
            yield item


def _is_time(published: str, read_time: Any) -> bool:
    try:
        read_time(published)
    except ValueError:
        return False
    return True
