"""A channel much as a Slack client shows it, for screenshots and eyes."""

import html
import time
from typing import Any

from tests.support.slack_twin.server import Workspace

CSS = """
body{margin:0 auto;max-width:46rem;padding:1rem;color:#1d1c1d}
body{font:15px/1.46 Lato,"Noto Sans","Noto Sans CJK KR",sans-serif;overflow-wrap:anywhere}
a{color:#1264a3;text-decoration:none}h1{font-size:18px;border-bottom:1px solid #ddd;padding-bottom:.5rem}
.message{padding:.5rem 0}.who{font-weight:900}.soft{color:#616061;font-size:13px}.header{font-size:18px;font-weight:900}
.thread{border-left:2px solid #ddd;padding-left:.8rem;margin-left:.4rem}
.block{margin:.25rem 0 .6rem}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:.4rem .8rem}ol,ul{margin:.2rem 0;padding-left:1.6rem}
.button{display:inline-block;border:1px solid #aaa;border-radius:4px;padding:2px 10px;margin-right:6px;font-weight:700}
@media(max-width:34rem){.fields{grid-template-columns:1fr}}
"""


def channel_page(workspace: Workspace, channel: str) -> str:
    """HTML of one channel with its threads open."""
    messages = workspace.messages[channel]
    roots = [m for m in messages if m.get("thread_ts") in (None, m["ts"])]
    body = "".join(
        _message(root)
        + f'<div class="thread">{"".join(_message(m) for m in messages if m.get("thread_ts") == root["ts"])}</div>'
        for root in roots
    )
    name = html.escape(workspace.channels[channel]["name"])
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"{meta}<title>#{name}</title><style>{CSS}</style>"
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1># {name}</h1>{body}</body></html>"


def _message(message: dict[str, Any]) -> str:
    clock = time.strftime("%H:%M", time.gmtime(float(message["ts"])))
    who = f'<div><span class="who">News monitor</span> <span class="soft">APP {clock}</span></div>'
    text = "" if message.get("blocks") else html.escape(html.unescape(message["text"])).replace("\n", "<br>")
    files = "".join(f'<div class="soft">[picture: {html.escape(f["alt_txt"])}]</div>' for f in message.get("files", []))
    blocks = "".join(f'<div class="block">{_block(block)}</div>' for block in message.get("blocks", []))
    return f'<div class="message">{who}{text}{blocks}{files}</div>'


def _block(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f'<div class="header">{_text(block["text"])}</div>'
    if kind == "section":
        fields = "".join(f"<div>{_text(field)}</div>" for field in block.get("fields", []))
        return _text(block.get("text")) + (f'<div class="fields">{fields}</div>' if fields else "")
    if kind in {"context", "actions", "context_actions"}:
        return f'<div class="soft">{"".join(_element(element) for element in block["elements"])}</div>'
    if kind == "rich_text":
        return "".join(_rich(element) for element in block["elements"])
    return f'<div class="soft">[{html.escape(kind)}: {html.escape(str(block.get("alt_text", "")))}]</div>'


def _rich(element: dict[str, Any]) -> str:
    if element["type"] == "rich_text_list":
        tag = "ol" if element["style"] == "ordered" else "ul"
        return f"<{tag}>{''.join(f'<li>{_rich(item)}</li>' for item in element['elements'])}</{tag}>"
    return f"<div>{''.join(_leaf(leaf) for leaf in element['elements'])}</div>"


def _leaf(leaf: dict[str, Any]) -> str:
    shown = html.escape(leaf.get("text") or leaf.get("fallback") or leaf.get("url") or "").replace("\n", "<br>")
    if leaf["type"] == "link":
        shown = f'<a href="{html.escape(leaf["url"])}">{shown}</a>'
    style = leaf.get("style", {})
    shown = f"<b>{shown}</b>" if style.get("bold") else shown
    return f"<i>{shown}</i>" if style.get("italic") else shown


def _element(element: dict[str, Any]) -> str:
    if element["type"] in {"plain_text", "mrkdwn"}:
        return _text(element)
    return f'<span class="button">{_text(element.get("text")) or "⋯"}</span>'


def _text(value: dict[str, Any] | None) -> str:
    return html.escape(value["text"]).replace("\n", "<br>") if value else ""
