"""OPML 2.0 (http://opml.org/spec2.opml), as feed readers exchange their lists."""

from collections.abc import Iterable

from lxml import etree

from monitor.core.feed import Feed
from monitor.core.markup import squeeze
from monitor.errors import MonitorError


def format_opml(feeds: Iterable[Feed], *, title: str = "Feeds") -> bytes:
    """An OPML document of these feeds, grouped by tier, in their order."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for feed in feeds:
        if feed.tier.value not in groups:
            groups[feed.tier.value] = etree.SubElement(body, "outline", text=feed.tier.value)
        name = squeeze(feed.outlet)
        etree.SubElement(
            groups[feed.tier.value],
            "outline",
            type="rss",
            text=name,
            title=name,
            xmlUrl=feed.url,
            language=feed.language,
            description=feed.id,
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def parse_opml(data: bytes) -> tuple[tuple[str, str], ...]:
    """Names and addresses of the feeds in an OPML document, each address once. Raises MonitorError when it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MonitorError(f"not an OPML document: {error}") from error
    if root is None or root.tag != "opml":
        raise MonitorError("not an OPML document: export the list of feeds of your reader as OPML")
    found: dict[str, str] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        if url.startswith(("http://", "https://")):
            found.setdefault(url, squeeze(outline.get("title") or outline.get("text") or url))
    return tuple((name, url) for url, name in found.items())
