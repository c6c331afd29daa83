"""Commands for people who teach: label, labels, review."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import JSON, clean, counted, print_json, print_table, warn

if TYPE_CHECKING:
    from monitor.jobs.label_articles import Question

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)

KEYS = "y relevant, n not relevant, s skip, u take the last one back, q quit"
BATCH = 10  # questions between two looks at what is the most instructive


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


WHO = typer.Option(_me, "--who", help="Your name; the labels are kept under it.", show_default=False)


@app.command()
def label(
    who: str = WHO,
    limit: int = typer.Option(50, "--limit", min=1, help="Ask at most so often."),
    review: bool = typer.Option(False, "--review", help="Ask about the last sample from below the line."),
) -> None:
    """Judge stored articles, one key each, those that teach the classifier most first."""
    from monitor import run

    if not who:
        raise typer.BadParameter("say who you are", param_hint="--who")
    print(KEYS)
    skipped: set[str] = set()
    given: list[str] = []
    while len(given) < limit:
        found = run.questions(who, wanted=BATCH + len(skipped), review=review)
        asked = [question for question in found.asked if question.article.id not in skipped]
        print(found.progress())
        if not asked:
            break
        for question in asked[: min(BATCH, limit - len(given))]:
            if not _ask(question, who, given, skipped):
                print(f"{len(given)} labels given")
                return
    print(f"{len(given)} labels given")


def _ask(question: "Question", who: str, given: list[str], skipped: set[str]) -> bool:
    """One question; False when the person has had enough."""
    from monitor import run

    article = question.article
    print(
        f"\n{clean(article.title)}\n  {clean(article.outlet)} ({article.language}), score {question.decision.score:.2f}"
    )
    if article.summary:
        print(f"  {clean(article.summary)[:400]}")
    while True:
        key = _key()
        if key in {"y", "n"}:
            run.label(article.id, key == "y", who=who)
            given.append(article.id)
            return True
        if key == "s":
            skipped.add(article.id)
            return True
        if key == "u" and given:
            run.withdraw_label(given.pop(), who=who)
            print("taken back")
        elif key in {"q", "", "\x03", "\x04"}:
            return False
        else:
            print(KEYS)


def _key() -> str:
    """One key of the terminal; of a pipe, one character."""
    if sys.stdin.isatty():
        import click

        return click.getchar().lower()
    while (key := sys.stdin.read(1)).isspace():
        pass
    return key.lower()


@app.command("review")
def draw(
    force: bool = typer.Option(False, "--force", help="Draw another sample this week."),
    missed: bool = typer.Option(False, "--missed", help="Draw nothing; say what the answers so far come to."),
    as_json: bool = JSON,
) -> None:
    """Sample articles from below the line for people to judge, once a week; with --missed, say how much is missed."""
    from monitor import run

    if missed:
        found = run.learning_report()
        if as_json:
            print_json(found)
            return
        print("\n".join(found["lines"]))
        if found["recall"]:
            rows = [[at, f"{value:.2f}", f"{low:.2f} – {high:.2f}"] for at, value, low, high in found["recall"]]
            print_table(["until", "recall", "95 % interval"], rows)
        return
    done = run.review(force=force)
    print_json(done) if as_json else print(counted(done))


@group.command("list")
def list_labels(who: str = typer.Option("", "--who", help="Only those of one person."), as_json: bool = JSON) -> None:
    """Show the labels, or all that is kept of one person's."""
    from monitor import run

    found = run.list_labels(who or None)
    if as_json:
        print_json(found)
        return
    rows = [[r["at"][:16], r["who"], r["kind"], r["value"], r["source"], r["title"]] for r in found]
    print_table(["at (UTC)", "who", "kind", "value", "from", "text"], rows)


@group.command("export")
def export_labels(
    file: Path = typer.Argument(metavar="FILE.jsonl|FILE.csv"),
    who: str = typer.Option("", "--who", help="Only those of one person."),
) -> None:
    """Write the labels to a file; in CSV, what a spreadsheet would run as a formula begins with an apostrophe."""
    from monitor import run

    print(f"{run.save_labels(file, who=who or None)} labels: {file}")


@group.command("import")
def import_labels(
    file: Path = typer.Argument(metavar="FILE.jsonl|FILE.csv", exists=True, dir_okay=False),
    who: str = typer.Option("", "--who", help="Whose they are, where a line does not say."),
) -> None:
    """Add the labels of a file: title, value (1 or 0); summary, who, at, kind, language, article_id where known."""
    from monitor import run

    print(counted(run.import_labels(file, who=who)))


@group.command("erase")
def erase_labels(who: str = typer.Option(..., "--who", help="Whose labels.")) -> None:
    """Delete all labels of one person; the next training is without them."""
    from monitor import run

    count = run.erase_labels(who)
    if not count:
        warn(f"there are no labels of {who!r}")
        raise typer.Exit(1)
    print(f"{count} labels of {who} erased; `monitor train` makes a model without them")
