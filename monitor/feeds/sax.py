"""A SAX driver for feeds: expat as the standard library drives it, with far fewer calls into Python.

feedparser asks for it by name (``PREFERRED_XML_PARSERS``). It reports the same events as ``xml.sax.expatreader``,
except that a run of text is one event where the other gives a piece for every line and every entity.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax.expatreader import ExpatParser
from xml.sax.xmlreader import AttributesNSImpl

_NO_ATTRIBUTES = AttributesNSImpl({}, {})


class FeedReader(ExpatParser):
    """expat with its own buffer for text, and with names that are taken apart once."""

    _parser: Any
    _cont_handler: Any

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        self._parser.buffer_text = True

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        """A start tag, from expat."""
        if not attrs:
            self._cont_handler.startElementNS(_pair(name), None, _NO_ATTRIBUTES)
        else:
            values = {_pair(attribute): value for attribute, value in attrs.items()}
            qnames = {_pair(attribute): _qname(attribute) for attribute in attrs}
            self._cont_handler.startElementNS(_pair(name), None, AttributesNSImpl(values, qnames))

    def end_element_ns(self, name: str) -> None:
        """An end tag, from expat."""
        self._cont_handler.endElementNS(_pair(name), None)


def create_parser(*_args: Any) -> FeedReader:
    """What ``xml.sax.make_parser`` calls."""
    return FeedReader()


@lru_cache(maxsize=1024)
def _pair(name: str) -> tuple[str | None, str]:
    """Namespace and local name of expat's ``namespace local prefix``, of which the first and the last may lack."""
    parts = name.split()
    return (None, name) if len(parts) == 1 else (parts[0], parts[1])


@lru_cache(maxsize=1024)
def _qname(name: str) -> str:
    parts = name.split()
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]
