"""What Slack would take but a careful sender does not send."""

import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

CONTROL = re.compile(r"<([^<>]*)>")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
HOST = re.compile(r"^\s*(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#].*)?\s*$", re.IGNORECASE)

Finding = dict[str, str]


def lint_mrkdwn(text: str) -> Iterator[Finding]:
    """Findings for one string that Slack parses; ``error`` ones are refused."""
    for match in CONTROL.finditer(text):
        target, _, label = match.group(1).partition("|")
        if target.startswith(("!", "@")) and not target.startswith("!date^"):
            yield _finding("broadcast" if target.startswith("!") else "mention", match.group(0), severity="error")
        elif re.match(r"https?://", target):
            shown, host = HOST.match(label), urllib.parse.urlsplit(target).hostname or ""
            if shown and shown.group(1).lower() not in host and host not in shown.group(1).lower():
                yield _finding("deceptive_link", match.group(0))
        elif not target.startswith(("!", "#")):
            yield _finding("unescaped", match.group(0))
    rest = CONTROL.sub(" ", text)
    if re.search(r"&(?!(?:amp|lt|gt);)", rest) or "<" in rest or ">" in rest:
        yield _finding("unescaped", rest)
    if re.search(r"&(?:amp;)+(?:amp|lt|gt);", rest):
        yield _finding("double_escaped", rest)
    if BIDI.search(text):
        yield _finding("bidi_control", text)


def lint_message(args: dict[str, Any], blocks: list[Any]) -> Iterator[Finding]:
    """Findings for a whole message."""
    text = args.get("text") or ""
    yield from lint_mrkdwn(text)
    if len(text) > 4_000:
        yield _finding("text_over_4000", str(len(text)))
    if blocks and not text.strip():
        yield _finding("no_fallback_text", "notifications and screen readers get nothing")
    if args.get("parse") == "full" or args.get("link_names"):
        yield _finding("parse_full", "bare @channel would become live")
    if args.get("unfurl_links") not in (False, "0", "false") or args.get("unfurl_media") not in (False, "0", "false"):
        yield _finding("unfurl_not_set", "previews would swamp a digest")
    for value in _walk(blocks):
        kind = value.get("type")
        if kind == "mrkdwn":
            yield from lint_mrkdwn(value.get("text", ""))
        elif kind == "broadcast":
            yield _finding("broadcast", str(value), severity="error")
        elif kind in {"user", "usergroup"}:
            yield _finding("mention", str(value), severity="error")
        elif isinstance(value.get("text"), str) and BIDI.search(value["text"]):
            yield _finding("bidi_control", value["text"])


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def _finding(code: str, detail: str, *, severity: str = "warning") -> Finding:
    return {"code": code, "severity": severity, "detail": detail[:200]}
