"""The text of an article's page. The only home of trafilatura; it is heavy, so workers import it when they need it."""

from trafilatura import bare_extraction

from monitor.core.feed import Entry
from monitor.feeds.document import DocumentState, ParsedDocument

LONGEST = 100_000  # characters of text that are kept
SHORTEST = 200  # a text below this is a cookie banner or a paywall, not an article


def parse_article(body: bytes, *, url: str) -> ParsedDocument:
    """The main text of one page as the content of one entry; EMPTY when there is none to speak of."""
    try:
        document = bare_extraction(body, url=url, include_comments=False, include_tables=False, with_metadata=False)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        return ParsedDocument(state=DocumentState.NOT_A_FEED, problem=f"no text can be taken from it: {error}")
    text = " ".join((getattr(document, "text", None) or "").split())
    if len(text) < SHORTEST:
        return ParsedDocument(state=DocumentState.EMPTY, problem="there is no article text on the page")
    entry = Entry(id=url, url=url, title="", summary="", content=text[:LONGEST])
    return ParsedDocument(state=DocumentState.OK, entries=(entry,))
