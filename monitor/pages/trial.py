"""What a change of the watch would have done, as one self-contained HTML page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.core.tell import clean
from monitor.core.theme import Theme
from monitor.core.trial import Cause, Collision, Quality, Trial
from monitor.pages.render import machine_time, render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One figure before and after."""

    name: str
    before: str
    after: str
    differs: bool


def trial_page(trial: Trial, themes: Sequence[Theme]) -> str:
    """HTML of ``trial``: no script, nothing loaded from elsewhere; what differs is marked."""
    titles = {theme.id: theme.title for theme in themes}
    return render_page(
        "trial.html",
        language="en",
        title=f"A change of the watch, {trial.since:%Y-%m-%d} to {trial.until:%Y-%m-%d}",
        trial=trial,
        rows=list(_rows(trial)),
        tables=(
            ("Theme", _named(trial.by_theme, titles)),
            ("Language", _named(trial.by_language, {})),
            ("Day", [(f"{day:%Y-%m-%d}", *counts) for day, counts in trial.by_day.items()]),
        ),
        groups=(("Gained", trial.gained, trial.examples_gained), ("Lost", trial.lost, trial.examples_lost)),
        clean=clean,
        cause=_cause,
        relation=_relation,
        machine_time=machine_time,
    )


def _rows(trial: Trial) -> list[_Row]:
    before, after = trial.before, trial.after
    rows = [
        _row("Stories", before.stories, after.stories),
        _row("Articles flagged", before.articles, after.articles),
        _row("Alerts a week", before.alerts_per_week, after.alerts_per_week),
    ]
    for pair, what in ((trial.labels, "labels"), (trial.gold, "events")):
        if pair is not None:
            count = pair[0].judged if what == "labels" else pair[0].relevant
            rows += [_quality_row(figure, f"{count} {what}", pair) for figure in ("precision", "recall")]
    return rows


def _row(name: str, before: float, after: float) -> _Row:
    return _Row(name=name, before=f"{before:,}", after=f"{after:,}", differs=before != after)


def _quality_row(figure: str, of: str, pair: tuple[Quality, Quality]) -> _Row:
    before, after = (getattr(side, figure) for side in pair)
    told = ["–" if value is None else f"{value:.3f}" for value in (before, after)]
    return _Row(name=f"{figure.capitalize()} on {of}", before=told[0], after=told[1], differs=before != after)


def _named(counts: Mapping[str, tuple[int, int]], titles: Mapping[str, str]) -> list[tuple[str, int, int]]:
    return [(titles.get(name, name) or "none", *numbers) for name, numbers in counts.items()]


def _cause(cause: Cause) -> str:
    rule = cause.rule or f"{cause.weight:+g}"
    return clean(f"{cause.change} {rule} {cause.term}: {', '.join(cause.found)}", 300)


def _relation(collision: Collision) -> str:
    if collision.relation == "same":
        return "always match together"
    if collision.relation == "against":
        return "pull in opposite directions"
    return f"matches {collision.both} of its {collision.term_articles} articles too"
