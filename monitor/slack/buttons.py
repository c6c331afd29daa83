"""What stands under a story for people to press, and what they said of it. Pure.

A value is "verb story article", for a mute with its days, at most 150 characters; ``core.click`` reads it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from monitor.core.article import Article
from monitor.core.click import MUTE_CHOICES
from monitor.core.digest import Message
from monitor.core.tell import clean
from monitor.core.wording import say
from monitor.slack.kit import Block, plain, section

SAID_LENGTH = 200  # what people said of one story
SAID_ROOM = 100  # kept free for it in a message: with 22 stories, all of them talked about, it still passes


def story_buttons(story_id: str, article: Article, language: str) -> Block:
    """Two buttons and a menu of five, the most that Slack takes."""
    subject = f"{story_id} {article.id}"
    outlet = clean(article.outlet, 40) or "—"
    menu = (
        (f"theme {subject}", say(language, "pick_theme")),
        (f"group {subject}", say(language, "wrong_group")),
        (f"why {subject}", say(language, "why_flagged")),
        *((f"mute {subject} {days}", say(language, "mute", outlet=outlet, days=days)) for days in MUTE_CHOICES),
    )
    options = [{"text": _label(text, 75), "value": value} for value, text in menu]
    return {
        "type": "actions",
        "block_id": subject,
        "elements": [
            *(button(verb, say(language, verb), f"{verb} {subject}") for verb in ("relevant", "irrelevant")),
            {"type": "overflow", "action_id": "more", "options": options},
        ],
    }


def button(verb: str, text: str, value: str) -> Block:
    """One button; ``verb`` is its action id."""
    return {"type": "button", "action_id": verb, "text": _label(text, 75), "value": value}


def with_said(message: Message, said: Mapping[str, str], language: str = "en") -> Message:
    """``message`` with what people said of stories (by id), and a way to take it back; nothing: as if never said."""
    blocks = list(message.blocks)
    for at, told in _judged(message):
        story_id, _, article_id = str(blocks[at]["block_id"]).partition(" ")
        if story_id not in said:
            continue
        line = clean(said[story_id], SAID_LENGTH)
        undo = button("undo", say(language, "undo"), f"undo {story_id} {article_id}")
        kept = [element for element in blocks[at]["elements"] if element["action_id"] != "undo"]
        blocks[at] = {**blocks[at], "elements": [*kept, *([undo] if line else [])]}
        words = [section([plain(line, italic=True)])] if line else []
        blocks[told] = {**blocks[told], "elements": [*blocks[told]["elements"][:1], *words]}
    return replace(message, blocks=tuple(blocks))


def said_in(message: Message) -> dict[str, str]:
    """What a message says that people said, by story."""
    found = {}
    for at, told in _judged(message):
        for words in message.blocks[told]["elements"][1:]:
            found[str(message.blocks[at]["block_id"]).partition(" ")[0]] = str(words["elements"][0]["text"])
    return found


def _judged(message: Message) -> Iterator[tuple[int, int]]:
    """Where the buttons of each story stand, and the story that they belong to."""
    told = 0
    for at, block in enumerate(message.blocks):
        if block["type"] == "rich_text":
            told = at
        elif block["type"] == "actions" and block.get("block_id"):
            yield at, told


def _label(text: str, length: int) -> Block:
    return {"type": "plain_text", "emoji": False, "text": clean(text, length)}
