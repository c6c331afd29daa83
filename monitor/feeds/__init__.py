"""Feeds from the outside world: fetching, parsing, pages, full text, OPML.

Names are looked up when first used: a parse worker imports this package, and must not carry an HTTP client with it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.feeds.articles import ArticleText, fetch_articles
    from monitor.feeds.document import DocumentState, ParsedDocument
    from monitor.feeds.fetch import fetch_all
    from monitor.feeds.files import FileEntry, FileState, parse_files
    from monitor.feeds.opml import format_opml, parse_opml
    from monitor.feeds.read import parse_document

__all__ = [
    "ArticleText",
    "DocumentState",
    "FileEntry",
    "FileState",
    "ParsedDocument",
    "fetch_all",
    "fetch_articles",
    "format_opml",
    "parse_document",
    "parse_files",
    "parse_opml",
]

_HOMES = {
    "DocumentState": "monitor.feeds.document",
    "ParsedDocument": "monitor.feeds.document",
    "FileEntry": "monitor.feeds.files",
    "FileState": "monitor.feeds.files",
    "ArticleText": "monitor.feeds.articles",
    "fetch_all": "monitor.feeds.fetch",
    "fetch_articles": "monitor.feeds.articles",
    "format_opml": "monitor.feeds.opml",
    "parse_opml": "monitor.feeds.opml",
    "parse_document": "monitor.feeds.read",
    "parse_files": "monitor.feeds.files",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
