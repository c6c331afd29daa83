"""Documents to entries. The only home of feedparser; imported by workers, so it stays light."""

import calendar
import io
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser
from feedparser import api

from monitor.core.feed import Entry
from monitor.feeds.document import DocumentState, ParsedDocument

CONTENT_LIMIT = 200_000  # characters of one text of one entry: longer ones are cut
_ROOT_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\s*>", re.IGNORECASE)
_ROOT_START = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_ENTRY_START = re.compile(rb"<(?:([\w.-]+):)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_NESTED_ENTITY = re.compile(rb"<!ENTITY\s+[\w.-]+\s+(?:\"[^\"]{0,2000}?&\w|'[^']{0,2000}?&\w)")
# Characters that no computer has, and ends of what never began.
_STUMBLED_OVER = re.compile(
    rb"&#(?:\d{8,}|x[0-9a-f]{7,});?|</?(?:[\w.-]+:)?(?:textinput|license)\b[^<>]{0,500}>?", re.IGNORECASE
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset\s*=\s*[^;]*", re.IGNORECASE)
_SINGLE_BYTE = re.compile(r"charset\s*=\s*[\"']?(iso-?8859|latin|windows-125|cp125|us-ascii|ascii|x-unknown)", re.I)
_ATOM = ("http://www.w3.org/2005/atom", "http://purl.org/atom/ns#")
_PLAIN = ("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
_MEDIA = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")
# Elements that are left out with all that is in them, by namespace (both in lower case): they hold nothing of a title,
# link, id, text or date, which is what an entry of ours is made of.
_SKIPPED = {
    **dict.fromkeys(_ATOM, frozenset("author category contributor".split())),
    **dict.fromkeys(_PLAIN, frozenset("author category comments enclosure".split())),
    **dict.fromkeys(
        _MEDIA,
        frozenset("thumbnail credit community statistics starrating rating category keywords player hash".split()),
    ),
    "http://purl.org/dc/elements/1.1/": frozenset("creator contributor subject publisher".split()),
    "http://www.youtube.com/xml/schemas/2015": frozenset("videoid channelid".split()),
    "http://purl.org/rss/1.0/modules/slash/": frozenset("comments section department hit_parade".split()),
    "http://wellformedweb.org/commentapi/": frozenset("commentrss comment".split()),
    "http://purl.org/syndication/thread/1.0": frozenset("total in-reply-to".split()),
    "http://www.itunes.com/dtds/podcast-1.0.dtd": frozenset(
        "author image duration explicit episode season episodetype keywords category owner block".split()
    ),
}
_DEAF = "-"
_ROOTS = frozenset("feed rss rdf math svg".split())
_SCOPING = frozenset("base lang xmlns".split())
_LOWERED = frozenset({"rel", "type"})  # attributes whose values feedparser takes in lower case
_IN_TEXT_INPUT = frozenset("title link description name".split())
_IN_IMAGE = frozenset("title link description url href width height".split())


class LeanParser(api.StrictFeedParser):  # type: ignore[misc]
    """feedparser's strict parser with half its work for the same entries.

    It is deaf to the elements that no entry of ours keeps (authors, categories, thumbnails and counters: a third of
    recorded news feeds), outside of XHTML contents; and elements that open no new scope take a short way through it.
    """

    intextinput: int
    inimage: int
    contentparams: Any
    _skipping = 0

    def startElementNS(self, name: tuple[str | None, str], qname: str, attrs: Any) -> None:  # noqa: N802
        """A start tag, from SAX."""
        if self._skipping:
            self._skipping += 1
            return
        tag = _tag(name)
        if tag == _DEAF and not self.incontent:
            self._skipping = 1
        elif not tag or tag == _DEAF or self.incontent or self.decls or not _open_no_scope(attrs):
            super().startElementNS(name, qname, attrs)
        else:
            self._start(tag, {local.lower(): value for (_, local), value in attrs.items()})

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """What ``unknown_starttag`` comes down to where base, language, namespaces and content stay as they are."""
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        for name in _LOWERED.intersection(attributes):
            attributes[name] = attributes[name].lower()
        prefix, _, suffix = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        if not prefix:
            self.intextinput = self.intextinput if suffix in _IN_TEXT_INPUT else 0
            self.inimage = self.inimage if suffix in _IN_IMAGE else 0
        element = f"{prefix}_{suffix}" if prefix else suffix
        try:
            getattr(self, f"_start_{element}")(attributes)
        except AttributeError:  # no handler, or one that stumbled: feedparser takes both alike
            if attributes:
                self._get_context()[element] = attributes
            else:
                self.push(element, 1)

    def endElementNS(self, name: tuple[str | None, str], qname: str) -> None:  # noqa: N802
        """An end tag, from SAX."""
        if self._skipping:
            self._skipping -= 1
        elif (tag := _tag(name)) and tag != _DEAF:
            self.unknown_endtag(tag)
        else:
            super().endElementNS(name, qname)

    def characters(self, text: str) -> None:
        """Text, from SAX."""
        if not self._skipping:
            self.handle_data(text)

    def push_content(self, tag: str, attrs: Mapping[str, str], default_type: str, expecting_text: int) -> None:
        """The start of a text, whose parameters are asked for again and again."""
        super().push_content(tag, attrs, default_type, expecting_text)
        self.contentparams = _ContentParameters(self.contentparams)


class _ContentParameters(dict[str, Any]):
    """Type, language and base of one text: none of the names that feedparser's own mapping translates."""

    def __deepcopy__(self, _memo: object) -> "_ContentParameters":
        return _ContentParameters(self)


@lru_cache(maxsize=1024)
def _tag(name: tuple[str | None, str]) -> str:
    """feedparser's name of an element, _DEAF for one to skip, empty where it hangs on the document."""
    namespace, local = (name[0] or "").lower(), name[1].lower()
    if local in _SKIPPED.get(namespace, ()):
        return _DEAF
    if local in _ROOTS or namespace not in _PREFIXES:
        return ""
    prefix = _PREFIXES[namespace].lower()
    return f"{prefix}:{local}" if prefix else local


def _open_no_scope(attrs: Any) -> bool:
    return all(namespace is None and local.lower() not in _SCOPING for namespace, local in attrs.keys())  # noqa: SIM118


api.StrictFeedParser = LeanParser  # what feedparser.parse makes its parser of
api.PREFERRED_XML_PARSERS = ["monitor.feeds.sax"]
_PREFIXES: dict[str, str] = LeanParser("", "", "utf-8")._matchnamespaces


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> ParsedDocument:
    """Read one complete or damaged RSS, RDF or Atom document. Never raises for what is in it.

    ``url`` is where it came from: relative links are resolved against it. ``content_type`` is the HTTP header.
    """
    if not body.strip(b" \t\r\n\0"):
        return ParsedDocument(state=DocumentState.EMPTY, problem="the document is empty")
    try:
        return _parse_feed(body, url=url, content_type=content_type)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, ArithmeticError) as error:
        # feedparser promises not to raise. Where it does, a feed shall not be lost for one odd character in it.
        calm = _STUMBLED_OVER.sub(b"", body)
        if calm != body:
            document = parse_feed(calm, url=url, content_type=content_type)
            return replace(document, state=DocumentState.DAMAGED) if document.state is DocumentState.OK else document
        return ParsedDocument(
            state=DocumentState.NOT_A_FEED, problem=f"the parser gave up: {type(error).__name__}: {error}"
        )


def _parse_feed(body: bytes, *, url: str, content_type: str) -> ParsedDocument:
    body = _without_half_letter(body)
    # Without a base of its own feedparser is a fifth faster; what is relative to the document is resolved here.
    headers = {"content-type": _trusted_type(body, content_type)} if content_type else {}
    parsed = _read(body, headers)
    if not parsed.entries and (repaired := _repaired(body)):
        parsed = _read(repaired, {})
    entries = tuple(_entry(raw, url) for raw in parsed.entries)
    state, problem = _judge(body, parsed, entries)
    channel = parsed.feed
    return ParsedDocument(
        state=state,
        entries=entries,
        title=_text(channel, "title"),
        language=_text(channel, "language"),
        problem=problem,
        max_age_minutes=_minutes(_text(channel, "ttl")),
        unfinished=state is DocumentState.TRUNCATED and _ends_within_an_entry(body),
    )


def _read(body: bytes, headers: Mapping[str, str]) -> Any:
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _repaired(body: bytes) -> bytes:
    """A document in which no entry was found though there are some, without what hid them; empty when nothing did.

    UTF-16 that says so nowhere, and prefixes that are declared nowhere (with all that stands before the root).
    """
    for start, encoding in ((b"\0<", "utf-16-be"), (b"<\0", "utf-16-le")):
        if body.startswith(start):
            return body.decode(encoding, "replace").encode()
    entry, root = _ENTRY_START.search(body), _ROOT_START.search(body)
    if entry is None or root is None or not entry[1] or b"xmlns:" + entry[1] in body:
        return b""
    return re.sub(rb"<(/?)" + re.escape(entry[1]) + rb":", rb"<\1", body[root.start() :])


def _ends_within_an_entry(body: bytes) -> bool:
    """True when the last entry that begins does not end."""
    plain = body.replace(b"\0", b"")
    starts = [found.start() for found in _ENTRY_START.finditer(plain)]
    ends = [found.start() for found in _ENTRY_END.finditer(plain)]
    return bool(starts) and (not ends or starts[-1] > ends[-1])


def _without_half_letter(body: bytes) -> bytes:
    """UTF-8 cut in the middle of its last letter is still UTF-8; nobody should have to guess what it is."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        if len(body) - 4 < error.start and error.reason == "unexpected end of data":
            return body[: error.start]
    return body


def _trusted_type(body: bytes, content_type: str) -> str:
    """The header without a charset that the bytes contradict: valid UTF-8 beyond ASCII is never anything else."""
    if _SINGLE_BYTE.search(content_type) and not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError:
            return content_type
        return _CHARSET.sub("", content_type) + "; charset=utf-8"
    return content_type


def _judge(body: bytes, parsed: Mapping[str, Any], entries: tuple[Entry, ...]) -> tuple[DocumentState, str]:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    malformed = isinstance(error, SAXException)
    tail = body[-4096:].replace(b"\0", b"")
    words = " ".join(str(error).split())[:200] if malformed else ""
    if not entries:
        if len(_NESTED_ENTITY.findall(body[:65536])) >= 3:
            return DocumentState.REFUSED, "it declares entities within entities (an entity bomb); they are not expanded"
        if parsed.get("version") or _ROOT_START.search(body[:4096].replace(b"\0", b"")):
            if malformed and not _ROOT_END.search(tail):
                return DocumentState.TRUNCATED, f"cut short before its first entry: {words}"
            return DocumentState.EMPTY, "a feed without entries"
        return DocumentState.NOT_A_FEED, _what_else(body)
    if malformed:
        if not _ROOT_END.search(tail):
            return DocumentState.TRUNCATED, f"cut short: {words}"
        return DocumentState.DAMAGED, f"not well-formed: {words}"
    return DocumentState.OK, ""


def _what_else(body: bytes) -> str:
    start = body[:4096].replace(b"\0", b"")
    if _HTML.search(start):
        title = _HTML_TITLE.search(start)
        named = f' titled "{title[1].decode("utf-8", "replace").strip()}"' if title and title[1].strip() else ""
        return f"a web page{named}, not a feed; look for the address of the feed itself"
    return "neither RSS, Atom, JSON Feed nor a sitemap; look for the address of the feed itself"


def _entry(raw: Mapping[str, Any], base: str) -> Entry:
    contents = [str(part.get("value") or "") for part in raw.get("content") or ()]
    published = _text(raw, "published") or _text(raw, "created")
    updated = _text(raw, "updated")
    moment = raw.get("published_parsed") or raw.get("created_parsed")
    if moment is None and "updated_parsed" in raw:
        moment = raw["updated_parsed"]
    detail = raw.get("title_detail") or {}
    return Entry(
        id=_text(raw, "id"),
        url=_absolute(_text(raw, "link"), base),
        title=_text(raw, "title"),
        summary=_text(raw, "summary")[:CONTENT_LIMIT],
        content=max(contents, key=len, default="")[:CONTENT_LIMIT],
        published=published or updated,
        updated=updated,
        published_at=_utc(moment),
        language=str(detail.get("language") or ""),
        outlet=_text(raw.get("source") or {}, "title"),
    )


def _absolute(link: str, base: str) -> str:
    if not link or not base or link.startswith(("http://", "https://")):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _text(mapping: Mapping[str, Any], key: str) -> str:
    # ``in`` first: feedparser's mapping answers for keys that it lacks, with a warning.
    value = mapping[key] if key in mapping else ""  # noqa: SIM401
    return value if isinstance(value, str) else ""


def _utc(moment: time.struct_time | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _minutes(text: str) -> int:
    return min(int(text), 7 * 24 * 60) if text.isascii() and text.isdigit() and len(text) < 9 else 0
