"""Commands about the watch: try, explain, suggest, log; and the audit of known events."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from monitor.cli.output import JSON, busy, clean, print_json, print_table, warn
from monitor.cli.past import show_told

app = typer.Typer(no_args_is_help=True)
top = typer.Typer()

DAYS = typer.Option(90, help="How many days of the archive.", min=1, max=3650)
GOLD = typer.Option(None, metavar="FILE.csv", exists=True, dir_okay=False, help="Your own list of dated events.")
MARKS = {"added": "+", "removed": "-", "changed": "~"}


@app.command("try")
def try_watch(
    file: Path | None = typer.Argument(
        None, metavar="[NEW.yaml]", help="None: the config itself, against the watch that was used last."
    ),
    days: int = DAYS,
    gold: Path | None = GOLD,
    page: Path | None = typer.Option(None, metavar="FILE.html", help="Write the comparison as a page."),
    as_json: bool = JSON,
) -> None:
    """Show what a changed watch would have done to the stored archive; nothing is kept."""
    from monitor import run

    with busy("replaying the archive"):
        found = run.try_watch(file, days=days, gold=gold, page=page)
    if as_json:
        print_json(found)
        return
    _show_trial(found)
    if page is not None:
        print(page)


def _show_trial(found: Mapping[str, Any]) -> None:
    before, after = found["before"], found["after"]
    print(f"{found['articles']:,} articles, {found['since'][:10]} to {found['until'][:10]}, no model run")
    for change in found["changes"]:
        matched = found["matched"].get(change["name"])
        told = f": matches {matched:,} articles" if matched is not None else ""
        print(clean(f"{MARKS[change['kind']]} {change['name']}{told}"))
    rows = [
        ["stories", before["stories"], after["stories"], f"+{found['gained']} -{found['lost']}"],
        ["articles flagged", before["articles"], after["articles"], ""],
        ["alerts a week", before["alerts_per_week"], after["alerts_per_week"], ""],
    ]
    for name in ("labels", "gold"):
        rows += _quality_rows(name, found[name])
    print_table(["", "before", "after", "difference"], rows)
    for title, key in (("day", "by_day"), ("language", "by_language"), ("theme", "by_theme")):
        if found[key]:
            print_table([title, "gained", "lost"], [[value or "none", *counts] for value, counts in found[key].items()])
    for title, key in (("gained", "examples_gained"), ("lost", "examples_lost")):
        if found[key]:
            rows = [[e["title"], e["outlet"], e["scores"], _causes(e)] for e in found[key]]
            print_table([f"for example, {title}", "outlet", "score", "what decided"], rows)
    if found["collisions"]:
        rows = [[c["term"], c["other"], c["both"], _relation(c)] for c in found["collisions"]]
        print_table(["term", "collides with", "articles", ""], rows)
    for notice in found["notices"]:
        warn(notice)


def _quality_rows(name: str, pair: Any) -> list[list[str]]:
    if not pair:
        return []
    before, after = pair
    of = f"{before['judged']} labels" if name == "labels" else f"{before['relevant']} events"
    return [
        [f"{figure} on {of}", *("-" if side[figure] is None else f"{side[figure]:.3f}" for side in (before, after)), ""]
        for figure in ("precision", "recall")
    ]


def _causes(example: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{cause['change']} {cause['rule'] or format(cause['weight'], '+g')} {cause['term']}: "
        f"{', '.join(cause['found'])}"
        for cause in example["causes"]
    )


def _relation(collision: Mapping[str, Any]) -> str:
    if collision["relation"] == "same":
        return "always match together"
    if collision["relation"] == "against":
        return "pull in opposite directions"
    return f"matches {collision['both']} of the {collision['term_articles']} articles too"


@app.command()
@top.command()
def explain(
    text: str = typer.Argument("", metavar="[TEXT|URL]"),
    message: str = typer.Option("", metavar="CHANNEL:TS|LINK", help="Why this message was sent, as it was known then."),
    digest: str = typer.Option("", metavar="ID", help="The same for this digest, with --cut; else its last."),
    alert: str = typer.Option(
        "", metavar="ID", help="The same for an alert of this channel, with --cut; else its last."
    ),
    cut: str = typer.Option("", metavar="TIME", help="When it was cut (UTC)."),
    story: str = typer.Option("", metavar="ID", help="Only this story of it."),
    as_json: bool = JSON,
) -> None:
    """Say why a text, or the stored article with this link, is flagged or not, and what would change that."""
    from monitor import run

    if sum(map(bool, (text, message, digest, alert))) != 1:
        raise typer.BadParameter("give one of TEXT, URL, --message, --digest and --alert", param_hint="explain")
    if (cut or story) and not (digest or alert):
        raise typer.BadParameter("go with --digest or --alert", param_hint="--cut and --story")
    if not text:
        told = (
            run.explain_message(message)
            if message
            else run.explain_told(digest=digest, alert=alert, cut=cut, story=story)
        )
        show_told(told, as_json)
        return
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
        rows = [[m["term"], m["found"], m["field"], m["rule"] or f"{m['weight']:+.2f}"] for m in found["matches"]]
        print_table(["watch term", "found", "in", "weight"], rows)
    if found["flips"]:
        rows = [[f["term"] or "(new)", f["key"], f["change"]] for f in found["flips"]]
        print_table(["to turn it round", "key", "change"], rows)


@app.command()
def suggest(limit: int = typer.Option(10, help="How many of each kind.", min=1, max=100), as_json: bool = JSON) -> None:
    """Print phrases worth a watch term, as YAML to paste: from people's labels, and what rises this month."""
    from monitor import run

    found = run.suggest(limit)
    if as_json:
        print_json(found)
        return
    print(clean(found["yaml"]), end="")
    for notice in found["notices"]:
        warn(notice)


@app.command()
def log(
    days: int = DAYS, limit: int = typer.Option(10, help="How many changes.", min=1, max=50), as_json: bool = JSON
) -> None:
    """List the changes of the watch, newest first, with what each did to stories and alerts a week."""
    from monitor import run

    with busy("replaying the archive"):
        found = run.log_watch(days=days, limit=limit)
    if as_json:
        print_json(found)
        return
    for change in found:
        print(f"{change['at'][:16]}  {change['version']}  {change['terms']} terms  {_effect(change)}")
        for term in change["changes"]:
            print(clean(f"    {MARKS[term['kind']]} {term['name']}"))
            if term["kind"] == "changed":
                print(clean("\n".join(f"        {line}" for line in term["lines"])))
        if not change["readable"]:
            print("    (written for another version of the product)")
    if not found:
        print("no run has used a watch yet")


def _effect(change: Mapping[str, Any]) -> str:
    parts = []
    for key, name in (("alerts_per_week", "alerts a week"), ("stories_per_week", "stories a week")):
        before, after = change[key]
        if after is not None:
            parts.append(f"{name} {'' if before is None else f'{before} → '}{after}")
    return ", ".join(parts)


def show_gold(found: list[dict[str, Any]], as_json: bool) -> None:
    """Print what became of the events of a gold list."""
    if as_json:
        print_json(found)
        return
    rows = [
        [
            event["date"][:16],
            event["event"],
            event["outcome"],
            event["gate"],
            "" if event["lead_hours"] is None else f"{event['lead_hours']:+.1f}",
            event["why"] or (event["best"] or {}).get("title", ""),
        ]
        for event in found
    ]
    print_table(["date (UTC)", "event", "outcome", "lost at", "lead h", ""], rows)
    counts = {outcome: sum(event["outcome"] == outcome for event in found) for outcome in ("caught", "late", "missed")}
    leads = sorted(event["lead_hours"] for event in found if event["lead_hours"] is not None)
    median = f"; median lead {leads[len(leads) // 2]:+.1f} h" if leads else ""
    print(f"{len(found)} events: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + median)
