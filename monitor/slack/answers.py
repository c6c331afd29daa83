"""What one person is shown who asked: lines, why a story was flagged, themes to pick from, a trial to approve. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from monitor.core.article import Article
from monitor.core.decision import Decision
from monitor.core.digest import Message
from monitor.core.tell import Link, clean, safe_url
from monitor.core.theme import Theme
from monitor.slack.buttons import button
from monitor.slack.kit import Block, escaped, header, link_to, plain, rich, section

LINE_LENGTH = 500
LINES = 25
REASONS = 10


def render_lines(title: str, lines: Iterable[Sequence[str | Link]]) -> Message:
    """Lines made of words and links, under a title if there is one."""
    shown = [_leaves(line) for line in lines][:LINES]
    leaves: list[Block] = []
    for line in shown:
        leaves += [*([plain("\n")] if leaves else []), *line]
    blocks = [*([header(title)] if title else []), *([rich([section(leaves)])] if leaves else [])]
    words = title or (str(shown[0][0]["text"]) if shown else "")
    return Message(part=0, text=escaped(clean(words, 300)) or "—", blocks=tuple(blocks))


def render_why(article: Article, decision: Decision | None, themes: Mapping[str, str]) -> Message:
    """Why an article was flagged, or not, by the decision in force."""
    link = Link(text=clean(article.title, 200) or "—", url=safe_url(article.url))
    lines: list[list[str | Link]] = [[link, f" — {clean(article.outlet, 60)}"]]
    if decision is None:
        return render_lines("", [*lines, ["It was not decided on yet: that happens within the hour."]])
    verdict = "Flagged" if decision.digest else "Not flagged"
    named = ", ".join(themes.get(theme, theme) for theme in decision.themes) or "no theme"
    lines += [[f"{verdict}: score {decision.score:.3f}; {named}"]]
    strongest = sorted(decision.reasons, key=lambda reason: -abs(reason.weight))[:REASONS]
    lines += [[f"{reason.weight:+.2f} {reason.kind}: {clean(reason.text, 200)}"] for reason in strongest]
    versions = decision.versions
    lines += [[f"model {versions.model}, watch {versions.watch}, decided {decision.decided_at:%Y-%m-%d %H:%M} UTC"]]
    return render_lines("", lines)


def render_pick(story_id: str, article_id: str, themes: Sequence[Theme]) -> Message:
    """The themes, to pick the right one."""
    words = "Which theme is right for this story?"
    options = [
        {
            "text": {"type": "plain_text", "emoji": False, "text": clean(theme.title, 75)},
            "value": f"theme_is {story_id} {article_id} {theme.id}",
        }
        for theme in themes
    ]
    pick = {
        "type": "static_select",
        "action_id": "theme_is",
        "placeholder": {"type": "plain_text", "text": "Pick a theme"},
        "options": options,
    }
    return Message(
        part=0, text=words, blocks=(rich([section([plain(words)])]), {"type": "actions", "elements": [pick]})
    )


def render_trial(title: str, lines: Iterable[Sequence[str | Link]], words: str) -> Message:
    """What a change would have done, with a button that proposes it; ``words`` say it again."""
    message = render_lines(title, lines)
    approve = button("approve", "Approve: propose this change", f"approve {words}")
    return Message(part=0, text=message.text, blocks=(*message.blocks, {"type": "actions", "elements": [approve]}))


def _leaves(line: Sequence[str | Link]) -> list[Block]:
    found: list[Block] = []
    for part in line:
        if isinstance(part, Link):
            found += link_to(replace(part, text=clean(part.text, LINE_LENGTH) or "—"), bold=True)
        elif words := clean_edges(part):
            found.append(plain(words))
    return found or [plain(" ")]


def clean_edges(text: str) -> str:
    """``text`` on one line and clipped, with the blanks at its ends kept: it stands beside links."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[1:] and text[-1:].isspace() else ""
    return f"{before}{clean(text, LINE_LENGTH)}{after}"
