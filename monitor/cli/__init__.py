"""The command line: arguments, printing, exit codes (0 well, 1 something failed, 2 wrong usage or config)."""

import typer

import monitor.cli.feeds as feeds
import monitor.cli.label as label
import monitor.cli.models as models
import monitor.cli.state as state
import monitor.cli.stories as stories
import monitor.cli.watch as watch
import monitor.cli.work as work
from monitor import __version__

app = typer.Typer(
    name="monitor",
    help="A news watch for North Korea-Russia cooperation: feeds in, flagged stories out, every decision explained.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (work.app, models.app, label.app, watch.top, state.app):
    app.registered_commands += commands.registered_commands
app.add_typer(feeds.app, name="feeds", help="The feeds: how they are, what is in them.")
app.add_typer(stories.app, name="stories", help="What was found; group a file, move an article.")
app.add_typer(label.group, name="labels", help="What people said of articles.")
app.add_typer(models.group, name="models", help="The trained models.")
app.add_typer(watch.app, name="watch", help="The watch: what a change would do, and why.")
app.add_typer(state.config, name="config", help="The files that people edit.")
app.add_typer(state.store, name="store", help="The database.")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version."),
) -> None:
    pass
