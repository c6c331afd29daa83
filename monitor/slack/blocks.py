"""Digests and alerts -> Block Kit. Pure, and within Slack's limits whatever the feeds wrote.

Texts of feeds stand only in rich_text leaves and plain_text objects, which Slack never parses for mentions, links or
formatting. Limits: https://docs.slack.dev/reference/block-kit/blocks; the budget of a whole message is enforced by
Slack and documented nowhere (bolt-js issues 2509 and 2867 measured about 13,200 characters).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
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
    other_groups,
    safe_url,
    tell,
)
from monitor.core.theme import Theme
from monitor.core.wording import count_stories, say

MESSAGE_BUDGET = 11_000  # characters of a message with BLOCK_COST for each block: well below what Slack refuses
BLOCK_COST = 80
MESSAGE_BLOCKS = 45
HEADER_LENGTH = 150
FIELDS = 10
TEXT_LENGTH = 3_000
ALERT_BUDGET = 8_000  # a story grows: its message must hold it with more outlets too
ADDED = 8

_ENTITY = re.compile("&(?:amp|lt|gt);")

Block = Mapping[str, Any]


def render_digest(digest: Digest, *, themes: Sequence[Theme]) -> tuple[Message, ...]:
    """One root message with the point of the digest, then replies for its thread: each theme in as few as fit."""
    order = {theme.id: at for at, theme in enumerate(themes)}
    messages = [_root(digest)]
    sections = sorted(digest.sections, key=lambda section: order.get(section.theme, len(order)))
    groups = [(section.title, section.stories) for section in sections]
    groups += other_groups(digest)
    for title, stories in groups:
        pages = _pages([(story.id, _story_blocks(tell(story, digest.reader), digest.reader)) for story in stories])
        for number, (ids, page) in enumerate(pages, 1):
            words = {"title": clean(title, 100), "part": number, "parts": len(pages)}
            name = clean(title, 100) if len(pages) == 1 else say(digest.language, "part", **words)
            messages.append(
                Message(
                    part=len(messages),
                    text=_escaped(f"{name}: {_count(digest, stories)}"),
                    blocks=(_header(name), *page),
                    stories=ids,
                )
            )
    return tuple(messages)


def render_alert(spec: AlertSpec, stories: Sequence[Story], *, themes: Sequence[Theme]) -> tuple[Message, ...]:
    """One story with all that is known, or several told together: a line each, in the thread what finds no room."""
    if len(stories) == 1:
        return (_alert(stories[0], spec.reader, themes),)
    pages = _pages([(s.id, _alert_line(s, spec.reader, themes)) for s in stories], ALERT_BUDGET)
    together = say(spec.language, "together", count=len(stories))
    first = clean(tell(stories[0], spec.reader).lead.text, 150)
    messages = []
    for part, (ids, blocks) in enumerate(pages):
        title = (
            together if len(pages) == 1 else say(spec.language, "part", title=together, part=part + 1, parts=len(pages))
        )
        words = _escaped(f"{title}: {first}" if not part else title)
        messages.append(Message(part=part, text=words, blocks=(_header(title), *blocks), stories=ids))
    return tuple(messages)


def revised(message: Message, spec: AlertSpec, stories: Mapping[str, Story], *, themes: Sequence[Theme]) -> Message:
    """One message of an alert again, with ``stories`` (by id) as they are now."""
    if len(message.stories) == 1 and not message.part:
        return _alert(stories[message.stories[0]], spec.reader, themes)
    lines = [_alert_line(stories[held], spec.reader, themes) for held in message.stories]
    return replace(message, blocks=(message.blocks[0], *(block for blocks in lines for block in blocks)))


def render_addition(spec: AlertSpec, stories: Iterable[Story], *, part: int) -> tuple[Message, ...]:
    """Replies in an alert's thread: what came since of ``stories``, whose ``told`` are the articles known before."""
    lines: list[tuple[str, list[Block]]] = []
    outlets: dict[str, None] = {}
    for story in stories:
        fresh = [member.article for member in story.members if member.article.id not in story.told]
        outlets |= dict.fromkeys(clean(article.outlet, 60) for article in fresh)
        told = [[_text(tell(story, spec.reader).news, bold=True)]]
        told += [[*_link(headline_of(a)), _text(" · "), _date(a.published_at, spec.reader)] for a in fresh[:ADDED]]
        told += [[_text(f"+{len(fresh) - ADDED}")]] if len(fresh) > ADDED else []
        lines += [(story.id, [_rich([_section(leaves)])]) for leaves in told if leaves[0]["text"]]
    beyond = f" +{len(outlets) - ADDED}" if len(outlets) > ADDED else ""
    title = _escaped(f"{say(spec.language, 'also')}: {', '.join([*outlets][:ADDED])}{beyond}")
    pages = enumerate(_pages(lines), part)
    return tuple(Message(part=number, text=title, blocks=blocks) for number, (_, blocks) in pages)


def render_alarm(title: str, lines: Iterable[str]) -> Message:
    """A message to the people who run the monitor: what is wrong, and what to do."""
    leaves = [_text(clean(line, 600) + "\n") for line in lines][:40]
    blocks = [_header(clean(title, HEADER_LENGTH)), *([_rich([_section(leaves)])] if leaves else [])]
    return Message(part=0, text=_escaped(clean(title, 300)), blocks=tuple(blocks))


def plainer(message: Message, *, language: str, code: str) -> Message:
    """The same words without any layout, for when Slack refuses the blocks with ``code``."""
    lines = [say(language, "plain", code=code), *(line for block in message.blocks for line in _lines(block))]
    return Message(part=message.part, text=_escaped("\n".join(lines)), blocks=())


def cost(blocks: Iterable[Block]) -> int:
    """What ``blocks`` count against MESSAGE_BUDGET: every text and address in them, and the blocks themselves."""
    return sum(BLOCK_COST + _characters(block) for block in blocks)


def _alert(story: Story, reader: Reader, themes: Sequence[Theme]) -> Message:
    language, told = reader.language, tell(story, reader)
    titles = {theme.id: theme.title for theme in themes}
    facts = (
        ("theme", titles.get(story.theme(), story.theme()) or "—"),
        ("score_word", f"{told.percent} %"),
        ("outlets_word", f"{len(story.outlets)}"),
        ("first_word", _clock(story.first_seen_at, reader)),
    )
    fields = [
        {"type": "plain_text", "emoji": False, "text": f"{say(language, key)}\n{clean(value, 100)}"}
        for key, value in facts
    ]
    blocks = [
        _header(told.lead.text),
        _rich([_section([*_link(told.lead, bold=True), *_body(told, reader)])]),
        {"type": "section", "fields": fields},
        *([_context(_why(told, language).removesuffix(" · "))] if told.why else []),
    ]
    words = _escaped(f"{told.lead.text} — {told.outlet}")
    return Message(part=0, text=words, blocks=tuple(blocks), stories=(story.id,))


def _alert_line(story: Story, reader: Reader, themes: Sequence[Theme]) -> list[Block]:
    titles = {theme.id: theme.title for theme in themes}
    told = tell(story, reader)
    leaves = _line(told, clean(titles.get(story.theme(), story.theme()), 100))
    leaves += [_text(f"\n{say(reader.language, 'gloss')}: {told.gist}")] if told.gist else []
    return [_rich([_section(leaves)])]


def _root(digest: Digest) -> Message:
    day = digest.cut.astimezone(ZoneInfo(digest.time_zone))
    title = clean(f"{digest.title} · {day:%Y-%m-%d %H:%M}", HEADER_LENGTH)
    point = headline(digest)
    blocks: list[Block] = [_header(title)]
    if digest.stories:
        blocks.append(_lead(digest, point))
        blocks.extend(_fields(digest))
    else:
        since = _clock(digest.since, digest.reader)
        words = say(digest.language, "empty", since=since, decided=digest.decided)
        blocks.append(_rich([_section([_text(words)])]))
    blocks.extend(_rich([_section([_text(f"⚠ {clean(notice, 400)}")])]) for notice in digest.notices[:5])
    window = say(
        digest.language, "window", since=_clock(digest.since, digest.reader), cut=_clock(digest.cut, digest.reader)
    )
    blocks.append(_context(f"{coverage_line(digest)} · {window} ({digest.time_zone})"))
    return Message(part=0, text=_escaped(f"{title}: {point}"), blocks=tuple(blocks))


def _lead(digest: Digest, point: str) -> Block:
    items = []
    for story in digest.top:
        told = tell(story, digest.reader)
        items.append(_section(_line(told, told.alerted)))
    listed = [{"type": "rich_text_list", "style": "ordered", "elements": items}] if items else []
    left = f"\n{say(digest.language, 'left_out', count=digest.left_out)}" if digest.left_out else ""
    return _rich([_section([_text(point, bold=True), *([_text(left)] if left else [])]), *listed])


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


def _story_blocks(told: Telling, reader: Reader) -> list[Block]:
    """One story; in one line when an alert told of it, unless there is news of it."""
    if told.brief:
        return [_rich([_section(_line(told, told.alerted))])]
    language = reader.language
    alerted = f" · {told.alerted}" if told.alerted else ""
    leaves = [*_link(told.lead, bold=True), *_body(told, reader)]
    leaves.append(
        _text(f"\n{_why(told, language)}{say(language, 'score', percent=told.percent)}{alerted}", italic=True)
    )
    return [_rich([_section(leaves)])]


def _line(told: Telling, *after: str) -> list[Block]:
    """A story in one line: its link, its outlets, and what comes after."""
    beyond = f" +{told.more}" if told.more else ""
    outlets = ", ".join([told.outlet, *(link.text for link in told.also)]) + beyond
    return [*_link(told.lead, bold=True), _text(" · ".join([f" — {outlets}", *filter(None, after)]))]


def _body(told: Telling, reader: Reader) -> list[Block]:
    """What is said of a story below its title."""
    language = reader.language
    origin = f" ({told.language})" if told.language else ""
    leaves = [_text(f"\n{say(language, 'gloss')}: {told.gist}")] if told.gist else []
    leaves += [_text(f"\n{told.outlet}{origin} · "), _date(told.at, reader)]
    if told.translate:
        leaves += [_text(" · "), *_link(Link(text=say(language, "translate"), url=safe_url(told.translate)))]
    if told.also:
        leaves.append(_text(f" · {say(language, 'also')}: "))
        for at, link in enumerate(told.also):
            leaves.extend([*([_text(", ")] if at else []), *_link(link)])
    if told.more:
        leaves.append(_text(f" +{told.more}"))
    if told.news:
        leaves.append(_text(f"\n{told.news}", bold=True))
    return leaves + [_text(f"\n{line}") for line in (told.spread, told.figures) if line]


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


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "emoji": False, "text": clean(text, HEADER_LENGTH)}}


def _context(text: str) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "plain_text", "emoji": False, "text": clean(text, TEXT_LENGTH - 100)}],
    }


def _rich(elements: Iterable[Block]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(leaves: Iterable[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(leaves)}


def _text(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _link(link: Link, **style: bool) -> list[Block]:
    if not link.url:
        return [_text(link.text, **style)]
    return [{"type": "link", "url": link.url, "text": link.text, **({"style": style} if style else {})}]


def _date(moment: datetime, reader: Reader) -> Block:
    """Shown on the clock of each reader."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{date_short} {time}",
        "fallback": _clock(moment, reader),
    }


def _clock(moment: datetime, reader: Reader) -> str:
    return f"{moment.astimezone(ZoneInfo(reader.time_zone)):%Y-%m-%d %H:%M}"


def _escaped(text: str) -> str:
    """The three characters that Slack parses in the ``text`` of a message.

    A feed that escaped them already, once or more, is read first: its readers would see the entity.
    """
    while _ENTITY.search(text):
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
