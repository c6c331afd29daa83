"""Digests and alerts -> Block Kit. Pure, and within Slack's limits whatever the feeds wrote.

Texts of feeds stand only in rich_text leaves and plain_text objects, which Slack never parses for mentions, links or
formatting. Limits: https://docs.slack.dev/reference/block-kit/blocks; the budget of a whole message is enforced by
Slack and documented nowhere (bolt-js issues 2509 and 2867 measured about 13,200 characters).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.digest import AlertSpec, Digest, Message, Reader
from monitor.core.story import Story
from monitor.core.tell import (
    Link,
    Telling,
    clean,
    coverage_line,
    headline,
    headline_of,
    lead_of,
    other_groups,
    safe_url,
    tell,
)
from monitor.core.theme import Theme
from monitor.core.wording import count_stories, say
from monitor.slack.buttons import SAID_ROOM, said_in, story_buttons, with_said
from monitor.slack.kit import (
    HEADER_LENGTH,
    Block,
    clock,
    context,
    date_of,
    escaped,
    header,
    link_to,
    plain,
    rich,
    section,
)

MESSAGE_BUDGET = 11_000  # characters of a message with BLOCK_COST for each block: well below what Slack refuses
BLOCK_COST = 80
MESSAGE_BLOCKS = 45
FIELDS = 10
ALERT_BUDGET = 8_000  # a story grows: its message must hold it with more outlets too
ADDED = 8


def render_digest(digest: Digest, *, themes: Sequence[Theme], buttons: bool = False) -> tuple[Message, ...]:
    """One root message with the point of the digest, then replies for its thread: each theme in as few as fit.

    ``buttons`` stand under each story where somebody listens to them.
    """
    order = {theme.id: at for at, theme in enumerate(themes)}
    messages = [_root(digest)]
    sections = sorted(digest.sections, key=lambda section: order.get(section.theme, len(order)))
    groups = [(section.title, section.stories) for section in sections]
    groups += other_groups(digest)
    for title, stories in groups:
        pages = _pages([(story.id, _story_blocks(story, digest.reader, buttons=buttons)) for story in stories])
        for number, (ids, page) in enumerate(pages, 1):
            words = {"title": clean(title, 100), "part": number, "parts": len(pages)}
            name = clean(title, 100) if len(pages) == 1 else say(digest.language, "part", **words)
            messages.append(
                Message(
                    part=len(messages),
                    text=escaped(f"{name}: {_count(digest, stories)}"),
                    blocks=(header(name), *page),
                    stories=ids,
                )
            )
    return tuple(messages)


def render_alert(
    spec: AlertSpec, stories: Sequence[Story], *, themes: Sequence[Theme], buttons: bool = False
) -> tuple[Message, ...]:
    """One story with all that is known, or several told together: a line each, in the thread what finds no room."""
    if len(stories) == 1:
        return (_alert(stories[0], spec.reader, themes, buttons=buttons),)
    pages = _pages([(s.id, _alert_line(s, spec.reader, themes, buttons=buttons)) for s in stories], ALERT_BUDGET)
    together = say(spec.language, "together", count=len(stories))
    first = clean(tell(stories[0], spec.reader).lead.text, 150)
    messages = []
    for part, (ids, blocks) in enumerate(pages):
        title = (
            together if len(pages) == 1 else say(spec.language, "part", title=together, part=part + 1, parts=len(pages))
        )
        words = escaped(f"{title}: {first}" if not part else title)
        messages.append(Message(part=part, text=words, blocks=(header(title), *blocks), stories=ids))
    return tuple(messages)


def revised(message: Message, spec: AlertSpec, stories: Mapping[str, Story], *, themes: Sequence[Theme]) -> Message:
    """One message of an alert again, with ``stories`` (by id) as they are now; what people said stays."""
    buttons = any(block["type"] == "actions" for block in message.blocks)
    if len(message.stories) == 1 and not message.part:
        again = _alert(stories[message.stories[0]], spec.reader, themes, buttons=buttons)
    else:
        lines = [_alert_line(stories[held], spec.reader, themes, buttons=buttons) for held in message.stories]
        again = replace(message, blocks=(message.blocks[0], *(block for blocks in lines for block in blocks)))
    return with_said(again, said_in(message))


def render_addition(spec: AlertSpec, stories: Iterable[Story], *, part: int) -> tuple[Message, ...]:
    """Replies in an alert's thread: what came since of ``stories``, whose ``told`` are the articles known before."""
    lines: list[tuple[str, list[Block]]] = []
    outlets: dict[str, None] = {}
    for story in stories:
        fresh = [member.article for member in story.members if member.article.id not in story.told]
        outlets |= dict.fromkeys(clean(article.outlet, 60) for article in fresh)
        told = [[plain(tell(story, spec.reader).news, bold=True)]]
        told += [[*link_to(headline_of(a)), plain(" · "), date_of(a.published_at, spec.reader)] for a in fresh[:ADDED]]
        told += [[plain(f"+{len(fresh) - ADDED}")]] if len(fresh) > ADDED else []
        lines += [(story.id, [rich([section(leaves)])]) for leaves in told if leaves[0]["text"]]
    beyond = f" +{len(outlets) - ADDED}" if len(outlets) > ADDED else ""
    title = escaped(f"{say(spec.language, 'also')}: {', '.join([*outlets][:ADDED])}{beyond}")
    pages = enumerate(_pages(lines), part)
    return tuple(Message(part=number, text=title, blocks=blocks) for number, (_, blocks) in pages)


def render_alarm(title: str, lines: Iterable[str]) -> Message:
    """A message to the people who run the monitor: what is wrong, and what to do."""
    leaves = [plain(clean(line, 600) + "\n") for line in lines][:40]
    blocks = [header(clean(title, HEADER_LENGTH)), *([rich([section(leaves)])] if leaves else [])]
    return Message(part=0, text=escaped(clean(title, 300)), blocks=tuple(blocks))


def plainer(message: Message, *, language: str, code: str) -> Message:
    """The same words without any layout, for when Slack refuses the blocks with ``code``."""
    lines = [say(language, "plain", code=code), *in_lines(message)]
    return Message(part=message.part, text=escaped("\n".join(lines)), blocks=())


def in_lines(message: Message) -> list[str]:
    """What a reader sees of a message, line by line, with the addresses written out and without its buttons."""
    shown = [line for block in message.blocks if block["type"] != "actions" for line in _lines(block)]
    return shown or [message.text]


def as_shown(message: Message, note: str) -> Message:
    """A message to look at: without buttons, and its root begins with ``note``."""
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    said = [] if message.part else [context(note)]
    return replace(message, text=message.text if message.part else escaped(note), blocks=(*said, *blocks))


def cost(blocks: Iterable[Block]) -> int:
    """What ``blocks`` count against MESSAGE_BUDGET: texts, addresses, the blocks themselves, and room to answer."""
    return sum(BLOCK_COST + _characters(b) + (SAID_ROOM if b["type"] == "actions" else 0) for b in blocks)


def _alert(story: Story, reader: Reader, themes: Sequence[Theme], *, buttons: bool) -> Message:
    language, told = reader.language, tell(story, reader)
    titles = {theme.id: theme.title for theme in themes}
    facts = (
        ("score_word", f"{told.percent} %"),
        ("outlets_word", f"{len(story.outlets)}"),
        ("first_word", f"{clock(story.first_seen_at, reader)} ({reader.time_zone})"),
    )
    fields = [
        {"type": "plain_text", "emoji": False, "text": f"{say(language, key)}\n{clean(value, 100)}"}
        for key, value in facts
    ]
    blocks = [
        header(titles.get(story.theme(), story.theme()) or say(language, "alert")),
        rich([section([*link_to(told.lead, bold=True), *_body(told, reader)])]),
        {"type": "section", "fields": fields},
        *([context(_why(told, language).removesuffix(" · "))] if told.why else []),
        *_buttons(story, reader, buttons=buttons),
    ]
    words = escaped(f"{told.lead.text} — {told.outlet}")
    return Message(part=0, text=words, blocks=tuple(blocks), stories=(story.id,))


def _alert_line(story: Story, reader: Reader, themes: Sequence[Theme], *, buttons: bool) -> list[Block]:
    titles = {theme.id: theme.title for theme in themes}
    told = tell(story, reader)
    leaves = _line(told, clean(titles.get(story.theme(), story.theme()), 100))
    leaves += [plain(f"\n{say(reader.language, 'gloss')}: {told.gist}")] if told.gist else []
    return [rich([section(leaves)]), *_buttons(story, reader, buttons=buttons)]


def _buttons(story: Story, reader: Reader, *, buttons: bool) -> list[Block]:
    return [story_buttons(story.id, lead_of(story, reader.language).article, reader.language)] if buttons else []


def _root(digest: Digest) -> Message:
    day = digest.cut.astimezone(ZoneInfo(digest.time_zone))
    title = clean(f"{digest.title} · {day:%Y-%m-%d %H:%M}", HEADER_LENGTH)
    point = headline(digest)
    blocks: list[Block] = [header(title)]
    if digest.stories:
        blocks.append(_lead(digest, point))
        blocks.extend(_fields(digest))
    else:
        since = clock(digest.since, digest.reader)
        words = say(digest.language, "empty", since=since, decided=digest.decided)
        blocks.append(rich([section([plain(words)])]))
    blocks.extend(rich([section([plain(f"⚠ {clean(notice, 400)}")])]) for notice in digest.notices[:5])
    window = say(
        digest.language, "window", since=clock(digest.since, digest.reader), cut=clock(digest.cut, digest.reader)
    )
    blocks.append(context(f"{coverage_line(digest)} · {window} ({digest.time_zone})"))
    return Message(part=0, text=escaped(f"{title}: {point}"), blocks=tuple(blocks))


def _lead(digest: Digest, point: str) -> Block:
    items = []
    for story in digest.top:
        told = tell(story, digest.reader)
        items.append(section(_line(told, told.alerted)))
    listed = [{"type": "rich_text_list", "style": "ordered", "elements": items}] if items else []
    left = f"\n{say(digest.language, 'left_out', count=digest.left_out)}" if digest.left_out else ""
    return rich([section([plain(point, bold=True), *([plain(left)] if left else [])]), *listed])


def _fields(digest: Digest) -> list[Block]:
    groups = [(section.title, section.stories) for section in digest.sections]
    groups += other_groups(digest)
    fields = [
        {"type": "plain_text", "emoji": False, "text": f"{clean(title, 100)}\n{_count(digest, stories)}"}
        for title, stories in groups
    ]
    return [{"type": "section", "fields": fields[:FIELDS]}] if fields else []


def _count(digest: Digest, stories: Sequence[Story]) -> str:
    return count_stories(digest.language, len(stories), sum(len(story.members) for story in stories))


def _story_blocks(story: Story, reader: Reader, *, buttons: bool) -> list[Block]:
    """One story; in one line when an alert told of it, unless there is news of it."""
    told, language = tell(story, reader), reader.language
    if told.brief:
        leaves = _line(told, told.alerted)
    else:
        alerted = f" · {told.alerted}" if told.alerted else ""
        leaves = [*link_to(told.lead, bold=True), *_body(told, reader)]
        leaves.append(
            plain(f"\n{_why(told, language)}{say(language, 'score', percent=told.percent)}{alerted}", italic=True)
        )
    return [rich([section(leaves)]), *_buttons(story, reader, buttons=buttons)]


def _line(told: Telling, *after: str) -> list[Block]:
    """A story in one line: its link, its outlets, and what comes after."""
    beyond = f" +{told.more}" if told.more else ""
    outlets = ", ".join([told.outlet, *(link.text for link in told.also)]) + beyond
    return [*link_to(told.lead, bold=True), plain(" · ".join([f" — {outlets}", *filter(None, after)]))]


def _body(told: Telling, reader: Reader) -> list[Block]:
    """What is said of a story below its title."""
    language = reader.language
    origin = f" ({told.language})" if told.language else ""
    leaves = [plain(f"\n{say(language, 'gloss')}: {told.gist}")] if told.gist else []
    leaves += [plain(f"\n{told.outlet}{origin} · "), date_of(told.at, reader)]
    if told.translate:
        leaves += [plain(" · "), *link_to(Link(text=say(language, "translate"), url=safe_url(told.translate)))]
    if told.also:
        leaves.append(plain(f" · {say(language, 'also')}: "))
        for at, link in enumerate(told.also):
            leaves.extend([*([plain(", ")] if at else []), *link_to(link)])
    if told.more:
        leaves.append(plain(f" +{told.more}"))
    if told.news:
        leaves.append(plain(f"\n{told.news}", bold=True))
    return leaves + [plain(f"\n{line}") for line in (told.spread, told.figures) if line]


def _why(told: Telling, language: str) -> str:
    return f"{say(language, 'why')}: {told.why} · " if told.why else ""


def _pages(
    stories: Iterable[tuple[str, list[Block]]], budget: int = MESSAGE_BUDGET
) -> list[tuple[tuple[str, ...], tuple[Block, ...]]]:
    """Stories (id, blocks) in order, in as few messages as Slack's budgets allow; a story is never torn apart."""
    pages: list[tuple[list[str], list[Block]]] = [([], [])]
    spent = HEADER_LENGTH + BLOCK_COST
    for story_id, blocks in stories:
        price = cost(blocks)
        if pages[-1][1] and (spent + price > budget or len(pages[-1][1]) + len(blocks) > MESSAGE_BLOCKS):
            pages.append(([], []))
            spent = HEADER_LENGTH + BLOCK_COST
        pages[-1][0].append(story_id)
        pages[-1][1].extend(blocks)
        spent += price
    return [(tuple(ids), tuple(blocks)) for ids, blocks in pages]


def _characters(value: Any) -> int:
    if isinstance(value, Mapping):
        texts = sum(len(value[key]) for key in ("text", "url", "fallback") if isinstance(value.get(key), str))
        return texts + sum(_characters(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return sum(_characters(inner) for inner in value)
    return 0


def _lines(value: Any) -> list[str]:
    """What a reader sees of a block, line by line, with the addresses written out."""
    if isinstance(value, list | tuple):
        return [line for inner in value for line in _lines(inner)]
    if not isinstance(value, Mapping):
        return []
    kind = value.get("type")
    if kind == "rich_text_section":
        return "".join(_leaf(leaf) for leaf in value["elements"]).split("\n")
    if kind in {"plain_text", "mrkdwn"}:
        return str(value["text"]).split("\n")
    return [line for key in ("text", "fields", "elements") for line in _lines(value.get(key))]


def _leaf(leaf: Block) -> str:
    if leaf["type"] == "link":
        return f"{leaf['text']} ( {safe_url(leaf['url'])} )"
    return str(leaf.get("fallback") or leaf.get("text", ""))
