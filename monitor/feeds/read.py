"""Documents of every kind to entries: which reader is the right one?"""

import re

from monitor.feeds.document import DocumentState, ParsedDocument
from monitor.feeds.jsonfeed import parse_json_feed
from monitor.feeds.parse import parse_feed
from monitor.feeds.sitemap import parse_sitemap

ARTICLE = "@article"
"""In the place of a selector: read the page as one article, for its full text."""
_SITEMAP = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)


def parse_document(body: bytes, *, url: str, content_type: str = "", selector: str = "") -> ParsedDocument:
    """Read one document: RSS, RDF, Atom, JSON Feed, a sitemap, or with a CSS ``selector`` the links of a web page.

    ``url`` is where it came from (relative links are resolved against it), ``content_type`` the HTTP header.
    Never raises for what is in it.
    """
    start = body[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not body.strip(b" \t\r\n\0"):
        return ParsedDocument(state=DocumentState.EMPTY, problem="the document is empty")
    # What reads pages is heavy, and few workers ever see one.
    if selector == ARTICLE:
        from monitor.feeds.extract import parse_article

        return parse_article(body, url=url)
    if selector:
        from monitor.feeds.weblinks import parse_page

        return parse_page(body, url=url, content_type=content_type, selector=selector)
    if start.startswith(b"{"):
        return parse_json_feed(body, url=url)
    if _SITEMAP.search(start) and not _FEED.search(start):
        return parse_sitemap(body)
    return parse_feed(body, url=url, content_type=content_type)
