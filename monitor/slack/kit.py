"""The parts that our messages are made of: Block Kit, and the escaping of ``text``.

Texts of feeds stand only in rich_text leaves and plain_text objects, which Slack never parses for mentions, links or
formatting. Limits: https://docs.slack.dev/reference/block-kit/blocks.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.digest import Reader
from monitor.core.tell import Link, clean

HEADER_LENGTH = 150
TEXT_LENGTH = 3_000

_ENTITY = re.compile("&(?:amp|lt|gt);")

Block = Mapping[str, Any]


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "emoji": False, "text": clean(text, HEADER_LENGTH)}}


def context(text: str) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "plain_text", "emoji": False, "text": clean(text, TEXT_LENGTH - 100)}],
    }


def rich(elements: Iterable[Block]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def section(leaves: Iterable[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(leaves)}


def plain(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def link_to(link: Link, **style: bool) -> list[Block]:
    if not link.url:
        return [plain(link.text, **style)]
    return [{"type": "link", "url": link.url, "text": link.text, **({"style": style} if style else {})}]


def date_of(moment: datetime, reader: Reader) -> Block:
    """Shown on the clock of each reader."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{date_short} {time}",
        "fallback": clock(moment, reader),
    }


def clock(moment: datetime, reader: Reader) -> str:
    return f"{moment.astimezone(ZoneInfo(reader.time_zone)):%Y-%m-%d %H:%M}"


def escaped(text: str) -> str:
    """The three characters that Slack parses in the ``text`` of a message.

    A feed that escaped them already, once or more, is read first: its readers would see the entity.
    """
    while _ENTITY.search(text):
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
