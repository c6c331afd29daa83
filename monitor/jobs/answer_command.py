"""A command typed in Slack -> what its asker is shown. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.core.click import MUTE_DAYS, Click, Mute
from monitor.core.condition import facts_of, span
from monitor.core.digest import Digest, Message
from monitor.core.links import canonical_url
from monitor.core.tell import Link, safe_url
from monitor.core.theme import Theme
from monitor.settings import Settings
from monitor.slack import render_digest, render_lines, render_why
from monitor.store import Store, articles, decisions, mutes

FOUND = 10
WRONG = 6
LONGEST_WORDS = 8
ANSWERS = 5  # Slack takes no more for one command

HELP = (
    ("status", "what is wrong, how fresh the news is, what waits, the last runs, the model"),
    ("why URL", "why an article was flagged, or not"),
    ("find WORDS", "stored articles with all of these words, newest first"),
    ("try PHRASE [+1.5]", "what a new watch term would have done, with a button to propose it"),
    ("mute OUTLET [DAYS]", f"leave an outlet out of digests and alerts, {MUTE_DAYS} days if you say none"),
    ("unmute OUTLET", "hear it again"),
    ("digest now [ID]", "the digest as it would be now, for you alone"),
)


def answer_command(store: Store, settings: Settings, click: Click, *, now: datetime) -> tuple[Message, ...]:
    """Answers why, find, mute and unmute; anything else is told what there is."""
    if click.verb == "why" and click.words:
        return (_why(store, settings, click.words),)
    if click.verb == "find" and click.words:
        return (_find(store, click.words),)
    if click.verb in {"mute", "unmute"} and click.words:
        with store.read() as connection:
            muted = mutes.mutes_at(connection, now)
        unknown = not any(feed.outlet.casefold() in click.words.casefold() for feed in settings.feeds)
        hint = [["No feed of the config has an outlet of this name; /watch status lists what is muted."]]
        return (render_lines("", [*(hint if unknown and click.verb == "mute" else []), *_muted(muted)]),)
    known = {line[0].split()[0] for line in HELP}
    missed = click.verb != "help" and click.verb not in known
    title = f"There is no {click.verb!r}" if missed else "What /watch can do"
    return (render_lines(title, [[f"/watch {usage} — {what}"] for usage, what in HELP]),)


def show_status(report: Mapping[str, Any]) -> Message:
    """``report`` of ``report_status`` in a few lines, what is wrong at their head."""
    wrong = [[f"⚠ {one['what']} — {one['advice'].replace('`', '')}"] for one in report["troubles"]]
    runs = ", ".join(
        f"{last['job']} {span(last['age_seconds'])} ago" + ("" if last["state"] == "success" else f" ({last['state']})")
        for last in report["runs"]
    )
    facts = [[f"{what}: {how}"] for what, how in facts_of(report)]
    muted = [] if report["muted"] else [["Nothing is muted."]]
    lines = [
        *(wrong[:WRONG] or [["All is well."]]),
        [""],
        *facts[:1],
        [f"last runs: {runs or 'none'}"],
        *facts[1:],
        *muted,
    ]
    return render_lines("How the monitor is", lines)


def show_digest(digest: Digest, themes: Sequence[Theme]) -> tuple[Message, ...]:
    """A digest for one person, as much of it as Slack takes at once."""
    messages = render_digest(digest, themes=themes)
    if len(messages) <= ANSWERS:
        return messages
    left = sum(len(message.stories) for message in messages[ANSWERS - 1 :])
    return (*messages[: ANSWERS - 1], render_lines("", [[f"{left} more stories find no room here."]]))


def _why(store: Store, settings: Settings, words: str) -> Message:
    url = words.strip("<>").partition("|")[0]  # Slack puts links into brackets
    with store.read() as connection:
        article = articles.find_by_url(connection, canonical_url(url))
        decided = decisions.decisions_in_force(connection, [article.id]) if article is not None else {}
    if article is None:
        return render_lines(
            "", [["No stored article has this link: it was never in a feed of ours, or it is too old."]]
        )
    return render_why(article, decided.get(article.id), {theme.id: theme.title for theme in settings.themes})


def _find(store: Store, words: str) -> Message:
    wanted = words.split()[:LONGEST_WORDS]
    with store.read() as connection:
        found = articles.search_articles(connection, wanted, limit=FOUND + 1)
        decided = decisions.decisions_in_force(connection, [article.id for article in found])
    lines: list[list[str | Link]] = []
    for article in found[:FOUND]:
        decision = decided.get(article.id)
        score = f" · score {decision.score:.2f}" + (", flagged" if decision.digest else "") if decision else ""
        link = Link(text=article.title or "—", url=safe_url(article.url))
        lines.append([link, f" — {article.outlet} · {article.published_at:%Y-%m-%d}{score}"])
    more = [["There are more: add a word."]] if len(found) > FOUND else []
    return render_lines("", [*(lines or [["Nothing stored has all of these words."]]), *more])


def _muted(muted: Iterable[Mute]) -> list[list[str]]:
    lines = [[f"Muted: {mute.outlet} until {mute.until:%Y-%m-%d} by @{mute.name}"] for mute in muted]
    return lines or [["Nothing is muted."]]
