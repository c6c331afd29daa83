"""Web pages without a feed: the links that a CSS selector finds are the entries."""

from urllib.parse import urljoin

from cssselect import SelectorError
from lxml import etree, html

from monitor.core.feed import Entry
from monitor.feeds.document import DocumentState, ParsedDocument

MOST_LINKS = 300


def parse_page(body: bytes, *, url: str, content_type: str, selector: str) -> ParsedDocument:
    """The links under ``selector`` (elements that are links, or hold one), in the order of the page.

    Finding none means that the page was rebuilt, which is told as NOT_A_FEED: its silence would look like no news.
    """
    charset = content_type.lower().partition("charset=")[2].strip(" \"'").split(";")[0]
    try:
        page = html.document_fromstring(body, parser=html.HTMLParser(encoding=charset or None, no_network=True))
        found = page.cssselect(selector)
    except SelectorError as error:
        return _none(f'"{selector}" is not a CSS selector: {error}')
    except (etree.ParserError, LookupError, ValueError) as error:
        return _none(f"not a readable page: {error}")
    bases = page.xpath("//base/@href")
    base = urljoin(url, bases[0]) if bases else url
    entries: dict[str, Entry] = {}
    for element in found:
        entry = _entry(element, base)
        if entry is not None and entry.url not in entries:
            entries[entry.url] = entry
    if not entries:
        return _none(f'"{selector}" finds no links on the page; it may have been rebuilt: adapt the selector')
    title = page.findtext(".//title") or ""
    language = page.get("lang") or ""
    return ParsedDocument(
        state=DocumentState.OK,
        entries=tuple(entries.values())[:MOST_LINKS],
        title=" ".join(title.split()),
        language=language,
    )


def _none(problem: str) -> ParsedDocument:
    return ParsedDocument(state=DocumentState.NOT_A_FEED, problem=problem)


def _entry(element: html.HtmlElement, base: str) -> Entry | None:
    link = element if element.tag == "a" else element.find(".//a[@href]")
    if link is None or not link.get("href"):
        return None
    try:
        target = urljoin(base, link.get("href").strip())
    except ValueError:
        return None
    if not target.startswith(("http://", "https://")):
        return None
    text = " ".join(link.text_content().split()) or (link.get("title") or "").strip()
    around = element if element is not link else link.getparent()
    whole = " ".join(around.text_content().split()) if around is not None else ""
    return Entry(
        id=target,
        url=target,
        title=text,
        summary=whole if len(whole) > len(text) and len(whole) < 1000 else "",
        published=_date(element) or (_date(around) if around is not None else ""),
    )


def _date(element: html.HtmlElement) -> str:
    moment = element.find(".//time")
    return (moment.get("datetime") or moment.text_content()).strip() if moment is not None else ""
