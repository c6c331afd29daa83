"""Plain text out of what feeds hold: HTML, half HTML, entities, control characters."""

import re
import unicodedata
from html import unescape

from lxml import etree

_DROPPED = frozenset(
    "script style template noscript iframe object embed svg math head title textarea select button".split()
)
_BREAKING = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav "
    "ol option p pre section table tbody td tfoot th thead tr ul".split()
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
# Controls, soft hyphens, marks that turn the direction of what follows, and lone surrogates: no part of any text.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def plain_text(html: str) -> str:
    """The readable text of an HTML fragment on one line. Takes time linear in its length; never raises."""
    if "<" in html:
        return squeeze(_from_html(html))
    return squeeze(unescape(html) if "&" in html else html)


def squeeze(text: str) -> str:
    """One line, NFC, without characters that do not belong into a text."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_UNWANTED.sub("", text).split())


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where there are any, with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def _from_html(html: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True)
    try:
        root = etree.fromstring(f"<div>{html}</div>".encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return unescape(_TAG.sub(" ", html))
    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element.tag in _DROPPED:
            walker.skip_subtree()
        elif event == "start" and element.text:
            pieces.append(f" {element.text}" if element.tag in _BREAKING else element.text)
        elif event == "end":
            if element.tag in _BREAKING:
                pieces.append(" ")
            if element.tail:
                pieces.append(element.tail)
    return "".join(pieces)
