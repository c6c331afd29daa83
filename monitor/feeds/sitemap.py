"""Sitemaps, with Google's news extension (https://www.sitemaps.org/protocol.html, xmlns .../sitemap-news/0.9)."""

from lxml import etree

from monitor.core.feed import Entry
from monitor.feeds.document import DocumentState, ParsedDocument

NEWEST = 1000  # entries kept: a sitemap may list a whole archive


def parse_sitemap(body: bytes) -> ParsedDocument:
    """Read a sitemap; its newest pages become entries. Never raises for what is in it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return ParsedDocument(state=DocumentState.NOT_A_FEED, problem=f"not a readable sitemap: {error}")
    if root is None:
        return ParsedDocument(state=DocumentState.NOT_A_FEED, problem="not a readable sitemap")
    if _name(root) == "sitemapindex":
        inner = [_find(child, "loc") for child in root][:3]
        named = ", ".join(link for link in inner if link)
        return ParsedDocument(
            state=DocumentState.NOT_A_FEED, problem=f"an index of sitemaps; watch one of them instead: {named}"
        )
    entries = [_entry(child) for child in root if _name(child) == "url"]
    broken = parser.error_log.last_error is not None and b"</urlset" not in body[-512:]
    if broken and body.rfind(b"</url>") < body.rfind(b"<url>"):
        del entries[-1:]  # its link may be half a link
    # Dates of one sitemap are of one form (ISO 8601), so that their texts are in order.
    newest = sorted((entry for entry in entries if entry.url), key=lambda entry: entry.published, reverse=True)[:NEWEST]
    if broken:
        return ParsedDocument(state=DocumentState.TRUNCATED, entries=tuple(newest), problem="cut short")
    state = DocumentState.OK if newest else DocumentState.EMPTY
    return ParsedDocument(state=state, entries=tuple(newest), problem="" if newest else "a sitemap without pages")


def _entry(element: etree._Element) -> Entry:
    link = _find(element, "loc")
    published = _find(element, "publication_date") or _find(element, "lastmod")
    return Entry(
        id=link,
        url=link,
        title=_find(element, "title"),
        summary=_find(element, "keywords"),
        published=published,
        updated=_find(element, "lastmod"),
        language=_find(element, "language"),
    )


def _find(element: etree._Element, name: str) -> str:
    """The text of the first descendant of that name, whatever its namespace."""
    for child in element.iter():
        if _name(child) == name:
            return (child.text or "").strip()
    return ""


def _name(element: etree._Element) -> str:
    # Not etree.QName: it refuses names that a damaged document may well hold.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
