"""Lists of feeds, to and from other readers."""

import pytest

from monitor.core.feed import Tier
from monitor.errors import MonitorError
from monitor.feeds import format_opml, parse_opml
from tests.support.feeds import make_feed


def test_a_list_that_goes_out_comes_back() -> None:
    feeds = [
        make_feed("a", "https://a.example/feed?x=1&y=2", outlet='The "A" & Co <b>'),
        make_feed("b", "https://b.example/feed", outlet="연합뉴스", tier=Tier.OFFICIAL),
    ]
    assert parse_opml(format_opml(feeds)) == tuple((feed.outlet, feed.url) for feed in feeds)


def test_outlines_without_a_web_address_are_left_out_and_repeated_ones_come_once() -> None:
    outlines = (
        '<outline text="F"><outline text="a" xmlUrl="http://a/"/><outline text="b" xmlUrl="http://a/"/></outline>'
    )
    document = f'<opml version="1.0"><body>{outlines}<outline text="c" xmlUrl="file:///x"/></body></opml>'
    assert parse_opml(document.encode()) == (("a", "http://a/"),)


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"hello"])
def test_what_is_no_opml_is_told(data: bytes) -> None:
    with pytest.raises(MonitorError, match="not an OPML document"):
        parse_opml(data)
