"""Block Kit validation: every violation with its JSON pointer, as Slack words it."""

import re
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import Any

BLOCKS_PER_MESSAGE = 50
BLOCKS_BUDGET = 13_200  # enforced by Slack, documented nowhere: bolt-js issues 2509 and 2867
BUDGET_PER_BLOCK = 60
TEXT = 3_000
CHARTS_PER_MESSAGE = 2

SELECTS = {"static_select"}
ACCESSORIES = {"button", "image", "overflow", *SELECTS}
ACTIONS = {"button", "overflow", *SELECTS}
RICH_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
RICH_LEAVES: dict[str, tuple[set[str], set[str]]] = {  # type -> (required, allowed)
    "text": ({"text"}, {"text", "style"}),
    "link": ({"url"}, {"url", "text", "style", "unsafe"}),
    "user": ({"user_id"}, {"user_id", "style"}),
    "usergroup": ({"usergroup_id"}, {"usergroup_id", "style"}),
    "channel": ({"channel_id"}, {"channel_id", "style"}),
    "emoji": ({"name"}, {"name", "unicode", "skin_tone", "style"}),
    "broadcast": ({"range"}, {"range", "style"}),
    "date": ({"timestamp", "format"}, {"timestamp", "format", "url", "fallback", "style"}),
}


class BlockKit:
    """Walks a blocks array; ``errors`` are (JSON pointer, message)."""

    def __init__(self, files: Iterable[str] = ()) -> None:
        self.errors: list[tuple[str, str]] = []
        self.files = set(files)
        self._ids: set[str] = set()
        self._charts = 0

    def messages(self) -> list[str]:
        return [f"{message} [json-pointer:{pointer}]" for pointer, message in self.errors]

    def validate(self, blocks: list[Any]) -> None:
        self.array("/blocks", blocks, BLOCKS_PER_MESSAGE)
        for at, block in enumerate(blocks):
            self.block(f"/blocks/{at}", block)
        if self._charts > CHARTS_PER_MESSAGE:
            self.err("/blocks", f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed")

    def block(self, at: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        check = getattr(self, f"_block_{kind}", None)
        if check is None:
            self.err(at, f"unsupported type: {kind}")
            return
        block_id = value.get("block_id")
        if block_id is not None and self.string(f"{at}/block_id", block_id, 255):
            if block_id in self._ids:
                self.err(f"{at}/block_id", f'`block_id` "{block_id}" already exists')
            self._ids.add(block_id)
        check(at, value)

    # primitives

    def err(self, at: str, message: str) -> None:
        self.errors.append((at, message))

    def obj(self, at: str, value: Any, allowed: Iterable[str], required: Iterable[str] = ()) -> bool:
        if not isinstance(value, dict):
            self.err(at, "must provide an object")
            return False
        for key in set(value) - set(allowed):
            self.err(at, f"invalid additional property: {key}")
        missing = [key for key in required if value.get(key) is None]
        for key in missing:
            self.err(at, f"missing required field: {key}")
        return not missing

    def string(self, at: str, value: Any, maximum: int, minimum: int = 1) -> bool:
        if not isinstance(value, str):
            self.err(at, "must provide a string")
        elif len(value) < minimum:
            self.err(at, f"must be more than {minimum - 1} characters")
        elif len(value) > maximum:
            self.err(at, f"must be less than {maximum + 1} characters")
        else:
            return True
        return False

    def array(self, at: str, value: Any, maximum: int, minimum: int = 1) -> bool:
        if not isinstance(value, list):
            self.err(at, "must provide an array")
        elif len(value) < minimum:
            self.err(at, f"no less than {minimum} items allowed")
        elif len(value) > maximum:
            self.err(at, f"no more than {maximum} items allowed")
        else:
            return True
        return False

    def url(self, at: str, value: Any, maximum: int = 3_000) -> None:
        if self.string(at, value, maximum):
            parts = urllib.parse.urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"[\s<>]", value):
                self.err(at, "invalid url")

    def text(self, at: str, value: Any, maximum: int = TEXT, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            self.err(f"{at}/type", f"must be {' or '.join(kinds)}")
            return
        extra = "emoji" if kind == "plain_text" else "verbatim"
        if self.obj(at, value, {"type", "text", extra}, ("text",)):
            self.string(f"{at}/text", value["text"], maximum)

    # elements

    def elements(self, at: str, value: Any, allowed: set[str], maximum: int) -> None:
        if self.array(at, value, maximum):
            seen: set[str] = set()
            for number, element in enumerate(value):
                self.element(f"{at}/{number}", element, allowed)
                action = element.get("action_id") if isinstance(element, dict) else None
                if action in seen:
                    self.err(f"{at}/{number}/action_id", f'`action_id` "{action}" already exists')
                if action:
                    seen.add(action)

    def element(self, at: str, value: Any, allowed: set[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in allowed:
            self.err(at, f"unsupported type: {kind}")
        elif kind in {"plain_text", "mrkdwn"}:
            self.text(at, value)
        else:
            getattr(self, f"_element_{kind}")(at, value)

    def _element_image(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "image_url", "slack_file", "alt_text"}, ("alt_text",)):
            self.string(f"{at}/alt_text", value["alt_text"], 2_000)

    def _element_button(self, at: str, value: dict[str, Any]) -> None:
        allowed = {"type", "text", "action_id", "url", "value", "style", "accessibility_label"}
        if self.obj(at, value, allowed, ("text",)):
            self.text(f"{at}/text", value["text"], 75, ("plain_text",))
            self.string(f"{at}/value", value.get("value", "x"), 2_000)
            if "url" in value:
                self.url(f"{at}/url", value["url"])

    def _element_overflow(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "action_id", "options"}, ("options",)):
            self._options(f"{at}/options", value["options"], 5)

    def _element_static_select(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "action_id", "options", "placeholder", "initial_option"}, ("options",)):
            self._options(f"{at}/options", value["options"], 100)

    def _element_feedback_buttons(self, at: str, value: dict[str, Any]) -> None:
        self.obj(
            at,
            value,
            {"type", "action_id", "positive_button", "negative_button"},
            ("positive_button", "negative_button"),
        )

    def _options(self, at: str, value: Any, maximum: int) -> None:
        if self.array(at, value, maximum):
            for number, option in enumerate(value):
                if self.obj(f"{at}/{number}", option, {"text", "value", "description", "url"}, ("text", "value")):
                    self.text(f"{at}/{number}/text", option["text"], 75, ("plain_text",))
                    self.string(f"{at}/{number}/value", option["value"], 150)

    # blocks

    def _block_divider(self, at: str, value: dict[str, Any]) -> None:
        self.obj(at, value, {"type", "block_id"})

    def _block_header(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "block_id", "text"}, ("text",)):
            self.text(f"{at}/text", value["text"], 150, ("plain_text",))

    def _block_section(self, at: str, value: dict[str, Any]) -> None:
        self.obj(at, value, {"type", "block_id", "text", "fields", "accessory", "expand"})
        if value.get("text") is None and value.get("fields") is None:
            self.err(at, "must define either text or fields")
        if value.get("text") is not None:
            self.text(f"{at}/text", value["text"])
        if value.get("fields") is not None and self.array(f"{at}/fields", value["fields"], 10):
            for number, field in enumerate(value["fields"]):
                self.text(f"{at}/fields/{number}", field, 2_000)
        if value.get("accessory") is not None:
            self.element(f"{at}/accessory", value["accessory"], ACCESSORIES)

    def _block_context(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "block_id", "elements"}, ("elements",)):
            self.elements(f"{at}/elements", value["elements"], {"image", "plain_text", "mrkdwn"}, 10)

    def _block_actions(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "block_id", "elements"}, ("elements",)):
            self.elements(f"{at}/elements", value["elements"], ACTIONS, 25)

    def _block_context_actions(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "block_id", "elements"}, ("elements",)):
            self.elements(f"{at}/elements", value["elements"], {"feedback_buttons"}, 5)

    def _block_image(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "block_id", "image_url", "slack_file", "alt_text", "title"}, ("alt_text",)):
            self.string(f"{at}/alt_text", value["alt_text"], 2_000)
            if "image_url" in value:
                self.url(f"{at}/image_url", value["image_url"])
            elif (value.get("slack_file") or {}).get("id") not in self.files:
                self.err(f"{at}/slack_file", "invalid slack file")

    def _block_rich_text(self, at: str, value: dict[str, Any]) -> None:
        if self.obj(at, value, {"type", "elements", "block_id"}, ("elements",)):
            for number, element in enumerate(value["elements"]):
                self._rich(f"{at}/elements/{number}", element)

    def _rich(self, at: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind == "rich_text_list":
            allowed = {"type", "elements", "style", "indent", "offset", "border"}
            if self.obj(at, value, allowed, ("elements", "style")) and self.array(
                f"{at}/elements", value["elements"], 10_000
            ):
                for number, item in enumerate(value["elements"]):
                    self._rich(f"{at}/elements/{number}", item)
        elif kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}:
            if self.obj(at, value, {"type", "elements", "border"}, ("elements",)):
                for number, leaf in enumerate(value["elements"]):
                    self._leaf(f"{at}/elements/{number}", leaf)
        else:
            self.err(at, f"unsupported type: {kind}")

    def _leaf(self, at: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in RICH_LEAVES:
            self.err(at, f"unsupported type: {kind}")
            return
        required, allowed = RICH_LEAVES[kind]
        if not self.obj(at, value, allowed | {"type"}, required):
            return
        if kind == "text":
            self.string(f"{at}/text", value["text"], 12_000)
        elif kind == "link":
            self.url(f"{at}/url", value["url"])
        elif kind == "date" and not isinstance(value["timestamp"], int):
            self.err(f"{at}/timestamp", "must be an integer")
        if value.get("style") is not None:
            self.obj(f"{at}/style", value["style"], RICH_STYLES)


def strings(value: Any, key: str = "text") -> Iterator[str]:
    """Every string under ``key`` anywhere inside ``value``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str):
                yield inner
            else:
                yield from strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)


def blocks_cost(blocks: list[Any]) -> int:
    """What a message's blocks count against BLOCKS_BUDGET."""
    return sum(len(text) for text in strings(blocks)) + BUDGET_PER_BLOCK * len(blocks)
