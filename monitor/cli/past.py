"""How a message that was sent is explained in a terminal."""

from collections.abc import Mapping
from typing import Any

from monitor.cli.output import clean, print_json, print_table, warn


def show_told(told: Mapping[str, Any], as_json: bool) -> None:
    """What a message told and why, as ``run.explain_message`` finds it."""
    if as_json:
        print_json(told)
        return
    for note in told["notes"]:
        warn(note)
    if "alarm" in told:
        alarm = told["alarm"]
        print_table(["", ""], [["alarm", alarm["title"]], ["raised", alarm["raised_at"][:16]], *_lines(alarm)])
        return
    _show_message(told["message"], told["parts"])
    for story in told["stories"]:
        moved = f", now {story['id_now']}" if story["id_now"] not in {story["id"], None} else ""
        where = "only counted among those left out" if story["part"] is None else f"part {story['part']}"
        print(clean(f"Story {story['id']}{moved}: {where}"))
        for article in story["articles"]:
            _show_article(article)
    _show_versions(told)


def _lines(alarm: Mapping[str, Any]) -> list[list[str]]:
    return [["", line] for line in alarm["lines"] or ()]


def _show_message(message: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> None:
    plain = f"{message['posted_at'][:19]} UTC" if message["posted_at"] else "not posted"
    rows = [
        ["of", f"{message['ledger']}, cut {message['cut'][:19]} UTC"],
        ["message", f"part {message['part']} of {len(parts)}, in {message['channel']} at {message['ts'] or '-'}"],
        ["posted", plain],
        ["state", f"{message['state']}{': ' + message['error'] if message['error'] else ''}"],
        ["text", message["payload"]["text"]],
    ]
    if message["plain"]:
        rows.append(["layout", f"Slack refused it ({message['plain']}): it went out in plain text"])
    rows += [["edited", f"stood otherwise until {edit['until'][:19]} UTC (--json: how)"] for edit in message["edits"]]
    print_table(["", ""], rows)


def _show_article(article: Mapping[str, Any]) -> None:
    decision = article["decision"]
    rows = [
        ["title", article["title"]],
        *([["title now", article["title_now"]]] if article["title_now"] != article["title"] else []),
        *([["decided on", article["decided_on"]["title"]]] if article["decided_on"] else []),
        ["summary", article["summary"][:300]],
        *([["full text", article["text"][:300]]] if article["text"] else []),
        *([["full text", "it was there, and is in the store no more"]] if article["text_lost"] else []),
        ["from", f"{article['outlet']}, {article['published_at'][:16]} UTC, {article['url']}"],
        ["told", f"{article['told_at'][:19]} UTC, decided {decision['decided_at'][:19]} UTC"],
        ["verdict", "\n".join(decision["in_words"]) or f"score {decision['score']:.3f}; its thresholds are not kept"],
        ["themes", ", ".join(decision["themes"]) or "none"],
        ["by", f"model {decision['model']}, watch {decision['watch']}, settings {decision['settings']}"],
        *(
            ["watch term", text.strip() or f"{name} (its watch cannot be read)"]
            for name, text in decision["terms"].items()
        ),
    ]
    print_table(["", ""], rows)
    reasons = sorted(decision["reasons"], key=lambda reason: -abs(reason["weight"]))
    print_table(["why", "", "weight"], [[r["kind"], r["text"], f"{r['weight']:+.2f}"] for r in reasons])


def _show_versions(told: Mapping[str, Any]) -> None:
    rows = []
    for version, card in told["models"].items():
        made = (
            f"made {card['made_at'][:16]} UTC from {card['corpus_items']} texts, {card['labels']} labels"
            if card
            else ""
        )
        rows.append(["model", version, made or "not kept any more"])
    for kind, key in (("watch", "watches"), ("settings", "settings")):
        for version, held in told[key].items():
            used = f"in use {held['first_used_at'][:16]} to {held['last_used_at'][:16]} UTC" if held else ""
            rows.append([kind, version, f"{used} (--json: its text)" if used else "not kept any more"])
    print_table(["made by", "version", ""], rows)
