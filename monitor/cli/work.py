"""Commands that do the work of the DAGs, and hand it on: run, ingest, classify, alert, digest, report, export, ..."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from monitor.cli.output import DATES, JSON, as_utc, busy, clean, counted, print_json, track, until_stopped, warn

if TYPE_CHECKING:
    from monitor.run import Sent

app = typer.Typer()

NOW = typer.Option(False, "--now", help="Compose now, not at the digest's own hours.")


@app.command("run")
def run_all(now: bool = NOW, as_json: bool = JSON) -> None:
    """Do one whole cycle without Airflow: ingest, train if there is no model, classify, alerts, digests."""
    from monitor import run

    steps = []
    for step in run.cycle(force=now, track=track):
        steps.append(step)
        if not as_json:
            warn(f"{step.name:<9}{step.error or counted(step.sent.summary() if step.sent else step.counts)}")
    if as_json:
        done = {step.name: step.sent.summary() if step.sent else dict(step.counts) for step in steps if not step.error}
        print_json(done | {"failed": {step.name: step.error for step in steps if step.error}})
    for step in steps:
        if step.sent and not as_json:
            _show(step.sent)
    if any(step.error or step.counts.get("troubles") or (step.sent and step.sent.report.troubles) for step in steps):
        raise typer.Exit(1)


@app.command()
def ingest(
    force: bool = typer.Option(False, "--force", help="Poll every feed, due or not."),
    shard: str = typer.Option("1/1", help="Poll only this part of the feeds, such as 2/4."),
    as_json: bool = JSON,
) -> None:
    """Poll the feeds that are due and store what is new."""
    from monitor import run

    try:
        number, of = (int(part) for part in shard.split("/"))
    except ValueError:
        number, of = 0, 0
    if not 1 <= number <= of:
        raise typer.BadParameter("must be like 2/4", param_hint="--shard")
    _tell(run.ingest(number - 1, of, force=force, track=track), as_json)


@app.command()
def classify(
    again: bool = typer.Option(False, "--again", help="Decide again on stored articles, with --since."),
    since: datetime | None = typer.Option(None, formats=DATES, help="First seen since then (UTC)."),
    until: datetime | None = typer.Option(None, formats=DATES, help="With --since: and not after then (UTC)."),
    as_json: bool = JSON,
) -> None:
    """Decide on every article that has no decision yet; nothing that was sent is ever sent again."""
    from monitor import run

    if again != (since is not None):
        raise typer.BadParameter("--again and --since go together", param_hint="--again")
    if until is not None and since is None:
        raise typer.BadParameter("needs --again --since", param_hint="--until")
    _tell(run.classify(since=as_utc(since), until=as_utc(until), track=track), as_json)


@app.command()
def alert(as_json: bool = JSON) -> None:
    """Tell the alert channels of what is urgent, each story once; and of what came since of those they know."""
    from monitor import run

    done = run.alerts()
    if as_json:
        print_json(done)
    else:
        for told in done["alerts"]:
            print(f"{told['id']}: {'; '.join(map(clean, told['stories']))}")
        print(counted(done | {"alerts": len(done["alerts"])}))
        for trouble in done["troubles"]:
            warn(trouble)
    raise typer.Exit(1 if done["troubles"] else 0)


@app.command()
def digest(
    digest_id: str = typer.Argument("", metavar="[ID]", help="One digest of the config; none: all of them."),
    now: bool = NOW,
    preview: Path | None = typer.Option(
        None, metavar="FILE", help="Write the page (.html; with --at also .txt or .json); store and tell nothing."
    ),
    since: datetime | None = typer.Option(None, formats=DATES, help="Preview what was decided since then (UTC)."),
    at: str = typer.Option("", metavar="TIME", help="Show the digest of this cut of the past (UTC), as it was sent."),
    anew: bool = typer.Option(False, "--anew", help="With --at: as it would be by today's decisions."),
    to: str = typer.Option("", metavar="#TEST", help="With --at: post it into this test channel."),
    as_json: bool = JSON,
) -> None:
    """Compose the digests that are due and post them; without a Slack token they become pages."""
    from monitor import run

    if at:
        if now or since:
            raise typer.BadParameter("goes neither with --now nor with --since", param_hint="--at")
        _tell_past(run.past_digest(digest_id, run.read_moment(at), anew=anew, file=preview, to=to), as_json)
        return
    if anew or to:
        raise typer.BadParameter("needs --at", param_hint="--anew" if anew else "--to")
    if preview is None and since is None:
        sent = run.send(digest_id, force=now)
        if as_json:
            print_json(sent.summary())
        else:
            _show(sent)
        raise typer.Exit(1 if sent.report.troubles else 0)
    text = run.preview(digest_id, since=as_utc(since), page=preview)
    if as_json:
        print_json({"text": text, "page": preview})
        return
    print(text)
    if preview is not None:
        print(preview)


@app.command()
def report(
    page: Path = typer.Argument(..., metavar="FILE.html", help="Where the page goes."),
    digest_id: str = typer.Option(
        "", "--digest", metavar="ID", help="For the readers of this digest; none: the first."
    ),
    week: str = typer.Option("", help="An ISO week, such as 2026-W47."),
    since: datetime | None = typer.Option(None, formats=DATES, help="From then on (UTC); else the last 7 days."),
    until: datetime | None = typer.Option(None, formats=DATES, help="Up to then (UTC)."),
    as_json: bool = JSON,
) -> None:
    """Write a week as one page: stories, themes over time, outlets, languages, coverage."""
    from monitor import run

    if week and (since or until):
        raise typer.BadParameter("is given, so --since and --until cannot be", param_hint="--week")
    _tell(run.report(page, digest_id, week=week, since=as_utc(since), until=as_utc(until)), as_json)


@app.command()
def export(
    file: Path | None = typer.Argument(None, metavar="[FILE]", help="Where it goes; none: standard output."),
    form: Literal["atom", "rss", "json", "csv"] = typer.Option(..., "--format", help="What the other program reads."),
    digest_id: str = typer.Option("", "--digest", metavar="ID", help="Of this digest; none: the first."),
    since: datetime | None = typer.Option(None, formats=DATES, help="Decided since then (UTC); else in 7 days."),
) -> None:
    """Hand on the flagged stories: title, link and at most 200 characters of text each."""
    from monitor import run

    text = run.export(form, digest_id, since=as_utc(since))
    if file is None:
        sys.stdout.write(text)
    else:
        run.write_file(file, text)


@app.command()
def train(
    force: bool = typer.Option(False, "--force", help="Train even if nothing changed since the last time."),
    seed: int | None = typer.Option(None, help="For the draws of training; the same seed gives the same model."),
    as_json: bool = JSON,
) -> None:
    """Train the classifier on the corpus and on people's labels; use it if it is good enough."""
    from monitor import run

    with busy("training (some minutes)"):
        done = run.train(force=force, seed=run.SEED if seed is None else seed)
    _tell(done, as_json)
    if done["trained"] and not done["promoted"]:
        raise typer.Exit(1)


@app.command()
def listen() -> None:
    """Hear what people press and type in Slack, until Ctrl-C."""
    from monitor import run

    stop = until_stopped()
    warn("listening; Ctrl-C ends it")
    warn(f"heard {run.listen(stop)['clicks']} clicks and commands")


def _tell(counts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(counts)
    else:
        print("\n".join(f"{name.replace('_', ' ')}: {clean(str(value))}" for name, value in counts.items()))


def _tell_past(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    print(told["text"])
    for where in filter(None, (told["page"], told["posted_to"])):
        print(where)


def _show(sent: "Sent") -> None:
    """Each new digest, what is wrong, and last the page."""
    for text in sent.texts:
        print(text)
    for trouble in sent.report.troubles:
        warn(trouble)
    if not sent.texts:
        print("no digest is due; `--now` composes one all the same")
    for page in sent.report.pages:
        print(page)
