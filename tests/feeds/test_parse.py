"""Documents of every kind to entries, however bad they are."""

import gzip
import random

import pytest
from feedparser import api
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import DocumentState, ParsedDocument, parse_document
from monitor.feeds.document import pack_document, unpack_document
from tests.support.feed_farm import FeedFarm

URL = "https://wire.example/feeds/all"
FARM = FeedFarm(feeds=3)
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "ko", "items": [
 {"id": 7, "url": "/story/7", "title": "회담", "content_html": "<p>x</p>", "date_published": "2026-11-23T10:00:00Z"},
 {"id": "8", "external_url": "https://other.example/8", "content_text": "plain"}]}"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://wire.example/1</loc><news:news><news:publication><news:name>The Wire</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-11-22T10:00:00Z</news:publication_date>
<news:title>First</news:title></news:news></url>
<url><loc>https://wire.example/2</loc><lastmod>2026-11-23T10:00:00Z</lastmod></url></urlset>"""


def rss(items: str, *, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def titles(body: bytes, content_type: str = "") -> list[str]:
    return [entry.title for entry in parse_document(body, url=URL, content_type=content_type).entries]


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (rss("<item><title>a</title></item>"), DocumentState.OK),
        (rss("<item><title>a &nope; b</title></item>"), DocumentState.DAMAGED),
        (rss("<item><title>a</title></item><item><title>b")[:-30], DocumentState.TRUNCATED),
        (rss(""), DocumentState.EMPTY),
        ("", DocumentState.EMPTY),
        ("<html><head><title>Hi</title></head></html>", DocumentState.NOT_A_FEED),
        ("%PDF-1.4", DocumentState.NOT_A_FEED),
        ('{"a": 1}', DocumentState.NOT_A_FEED),
        ("{", DocumentState.NOT_A_FEED),
    ],
)
def test_the_state_of_a_document_in_one_word(body: str, state: DocumentState) -> None:
    assert parse_document(body.encode(), url=URL).state is state


def test_a_web_page_is_named_by_its_title() -> None:
    problem = parse_document(b"<html><head><title>Just a moment...</title></head></html>", url=URL).problem
    assert '"Just a moment..."' in problem


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("euc-kr", "북한과 러시아의 외무장관이 평양에서 만나 회담을 열었다고 통신이 전했다"),
        ("shift_jis", "北朝鮮とロシアの外相が平壌で会談したと通信社が伝えた"),
        ("koi8-r", "Министры иностранных дел встретились в Пхеньяне, сообщает агентство"),
        ("windows-1251", "Министры иностранных дел встретились в Пхеньяне, сообщает агентство"),
        ("big5", "北韓與俄羅斯外長在平壤舉行會談並發表聯合聲明"),
        ("euc-jp", "北朝鮮の外務省はロシアとの会談で軍事協力を協議したと発表した。これは"),
        ("gb2312", "朝鲜外务省发表声明说与俄罗斯的会谈讨论了军事合作的问题"),
        ("tis-620", "กระทรวงการต่างประเทศเกาหลีเหนือแถลงว่าได้หารือความร่วมมือ"),
        ("windows-1255", "משרד החוץ של צפון קוריאה הודיע כי נדונו שיתופי פעולה צבאיים"),
        ("utf-16", "회담 встреча"),
    ],
)
def test_undeclared_encodings_are_told(encoding: str, text: str) -> None:
    items = f"<item><title>{text}</title><description>{text * 5}</description></item>"
    assert titles(rss(items, declaration="<?xml version='1.0'?>").encode(encoding)) == [text]


@pytest.mark.parametrize("charset", ["iso-8859-1", "x-unknown", "windows-1252", "us-ascii"])
def test_a_header_that_the_bytes_contradict_is_not_believed(charset: str) -> None:
    body = rss("<item><title>회담 é</title></item>").encode()
    assert titles(body, f"application/xml; charset={charset}") == ["회담 é"]


def test_relative_links_are_resolved_against_the_document() -> None:
    document = parse_document(rss("<item><link>/story/1</link></item>").encode(), url=URL)
    assert document.entries[0].url == "https://wire.example/story/1"


def test_an_entity_bomb_is_refused_and_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
    body = f"{start}<rss><channel><title>&e8;</title></channel></rss>"
    assert parse_document(body.encode(), url=URL).state is DocumentState.REFUSED


def test_external_entities_are_not_read() -> None:
    body = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss(
        "<item><title>a &x; b</title></item>", declaration=""
    )
    assert titles(body.encode()) == ["a  b"]


@pytest.mark.parametrize("piece", ["<div>", "&lt;!--", "<a><b>", "<![CDATA[", "<item>"])
def test_deep_and_broken_nesting_takes_linear_time(piece: str) -> None:
    parse_document(rss(f"<item><title>a</title><description>{piece * 5000}</description></item>").encode(), url=URL)


def test_a_json_feed_is_read() -> None:
    first, second = parse_document(JSON_FEED.encode(), url=URL).entries
    assert (first.id, first.url, first.title, first.published) == (
        "7",
        "https://wire.example/story/7",
        "회담",
        "2026-11-23T10:00:00Z",
    )
    assert (second.url, second.summary) == ("https://other.example/8", "plain")


def test_a_news_sitemap_is_read_newest_first() -> None:
    newest, oldest = parse_document(SITEMAP.encode(), url=URL).entries
    assert (newest.url, newest.published) == ("https://wire.example/2", "2026-11-23T10:00:00Z")
    assert (oldest.title, oldest.language) == ("First", "en")


def test_a_sitemap_cut_in_a_link_gives_no_half_link() -> None:
    cut = SITEMAP[: SITEMAP.index("wire.example/2") + 10]
    assert [entry.url for entry in parse_document(cut.encode(), url=URL).entries] == ["https://wire.example/1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le"])
def test_a_json_feed_with_raw_line_breaks_in_its_texts_is_read(encoding: str) -> None:
    body = JSON_FEED.replace("plain", "pl\nain\x01").encode(encoding)
    assert len(parse_document(body, url=URL).entries) == 2


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf_16_that_is_declared_nowhere_is_told(encoding: str) -> None:
    assert titles(rss("<item><title>회담</title></item>", declaration="").encode(encoding)) == ["회담"]


def test_a_prefix_that_is_declared_nowhere_hides_no_entry() -> None:
    items = "<r:channel><r:item><r:title>a</r:title><r:link>https://wire.example/1</r:link></r:item></r:channel>"
    (entry,) = parse_document(
        f'<?xml?xml version="1.0" ??>\n<rss r:version=2.0>{items}</rss>'.encode(), url=URL
    ).entries
    assert (entry.title, entry.url) == ("a", "https://wire.example/1")


@pytest.mark.parametrize("odd", ["&#99999999999;", "&#xFFFFFFFFFF;", "</textinput>", "<cc:license>x</cc:license "])
def test_no_oddity_costs_the_entries_of_a_feed(odd: str) -> None:
    body = rss(f"<item><title>a</title></item>{odd}<item><title>b</title>{odd}</item>")
    document = parse_document(body.encode(), url=URL)
    assert [entry.title for entry in document.entries] == ["a", "b"]
    assert document.state is DocumentState.DAMAGED


@pytest.mark.parametrize(("end", "unfinished"), [("<item><title>b</title><li", True), ("", False)])
def test_a_document_cut_inside_an_entry_says_so(end: str, unfinished: bool) -> None:
    body = rss(f"<item><title>a</title></item>{end}").removesuffix("</channel></rss>")
    assert parse_document(body.encode(), url=URL).unfinished is unfinished


def test_an_index_of_sitemaps_names_what_to_watch_instead() -> None:
    body = "<sitemapindex><sitemap><loc>https://wire.example/news.xml</loc></sitemap></sitemapindex>"
    document = parse_document(body.encode(), url=URL)
    assert document.state is DocumentState.NOT_A_FEED
    assert "https://wire.example/news.xml" in document.problem


def test_a_page_gives_the_links_that_its_selector_finds() -> None:
    body = """<html lang="en"><title>Recent actions</title><body><nav><a href="/about">About</a></nav>
    <ul class="actions"><li><a href="/action/2">Second <b>action</b></a> <time datetime="2026-11-22">Nov 22</time></li>
    <li><a href="/action/1">First action</a></li><li><a href="/action/1">again</a></li>
    <li><a href="javascript:void(0)">more</a></li></ul></body></html>"""
    document = parse_document(body.encode(), url="https://gov.example/recent", selector=".actions li")
    assert [(entry.url, entry.title, entry.published) for entry in document.entries] == [
        ("https://gov.example/action/2", "Second action", "2026-11-22"),
        ("https://gov.example/action/1", "First action", ""),
    ]


@pytest.mark.parametrize("selector", [".gone", "li[", "::"])
def test_a_selector_that_finds_nothing_says_so(selector: str) -> None:
    document = parse_document(b"<html><body><li>x</li></body></html>", url=URL, selector=selector)
    assert document.state is DocumentState.NOT_A_FEED
    assert selector in document.problem


@given(st.binary(max_size=400))
def test_no_bytes_make_the_parser_raise(body: bytes) -> None:
    assert isinstance(parse_document(body, url=URL), ParsedDocument)


@settings(max_examples=150)
@given(st.integers(0, 2), st.sampled_from(["", JSON_FEED, SITEMAP]), st.integers(0, 2**32))
def test_no_mutation_of_a_feed_makes_the_parser_raise(feed: int, other: str, seed: int) -> None:
    dice = random.Random(seed)
    body = bytearray(other.encode() or FARM.body(feed))
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(body))
        match dice.randrange(4):
            case 0:
                body[at] = dice.randrange(256)
            case 1:
                del body[at : at + dice.randrange(1, 40)]
            case 2:
                body[at:at] = dice.choice([b"<", b"]]>", b"<!--", b"&", b"\0", b"\xff\xfe", b"<item>", b"</rss>"])
            case _:
                body[at:at] = body[: dice.randrange(1, 200)]
    if body:
        assert isinstance(parse_document(bytes(body), url=URL), ParsedDocument)


def test_documents_travel_between_processes_unchanged() -> None:
    document = parse_document(FARM.body(2), url=URL)
    assert unpack_document(pack_document(document)) == document


def test_lone_surrogates_travel_too() -> None:
    document = parse_document(b'{"items": [{"id": "1", "title": "a\\ud800b"}]}', url=URL)
    assert unpack_document(pack_document(document)) == document


def test_a_gzip_file_is_not_a_feed_by_itself() -> None:
    assert parse_document(gzip.compress(FARM.body(0)), url=URL).state is DocumentState.NOT_A_FEED


def test_what_the_parser_leaves_out_takes_nothing_from_an_entry() -> None:
    item = """<item><category>a</category><media:group><media:content url="x"><media:thumbnail url="y"/>
    <media:description>Only here</media:description></media:content></media:group><author>b<i>c</i></author>
    <dc:creator>d</dc:creator><title>Kept</title><link>https://wire.example/1</link><slash:comments>3</slash:comments>
    <pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>"""
    spaces = (
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    )
    body = f'<rss version="2.0" {spaces}><channel><title>T</title>{item}</channel></rss>'
    (entry,) = parse_document(body.encode(), url=URL).entries
    assert (entry.title, entry.url, entry.summary) == ("Kept", "https://wire.example/1", "Only here")
    assert entry.published_at is not None


def test_words_like_those_left_out_stay_in_xhtml_contents() -> None:
    content = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><author>odd</author></div></content>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title>{content}</entry></feed>'
    assert "odd" in parse_document(body.encode(), url=URL).entries[0].content


def test_a_document_cut_in_the_middle_of_a_letter_keeps_its_encoding() -> None:
    body = rss("<item><title>회담</title></item><item><title>회담", declaration='<?xml version="1.0"?>').encode()
    cut = body[: body.rindex("담".encode()) + 2]
    assert titles(cut)[0] == "회담"


SCOPES = """<rss version="2.0" xml:base="https://base.example/a/" xml:lang="ru" xmlns:x="urn:unknown" xmlns:m="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>T</title><atom:link rel="SELF" href="/self"/><image><url>u</url><title>not the channel's</title></image>
<item xml:base="https://inner.example/"><title xml:lang="ko">회담 &amp;amp; &lt;b&gt;x&lt;/b&gt;
over lines</title><link>/story?a=1&amp;b=2</link><x:title>another</x:title><m:title>the picture's</m:title>
<guid isPermaLink="false"> 7 </guid><PubDate>Mon, 23 Nov 2026 10:00:00 GMT</PubDate>
<description>caf\u00c3\u00a9 &lt;p&gt;one&lt;/p&gt;</description><content:encoded><![CDATA[<p>two</p>
<p>three</p>]]></content:encoded><source url="http://s.example/">Their <i>feed</i></source></item>
<item><title>second</title><link>https://base.example/2</link><guid>https://base.example/2</guid></item></channel></rss>"""


@pytest.mark.parametrize("body", [*(FARM.body(feed) for feed in range(3)), SCOPES.encode()])
def test_the_short_way_through_feedparser_leads_to_the_same_document(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = parse_document(body, url=URL)
    monkeypatch.setattr(api, "StrictFeedParser", api.StrictFeedParser.__mro__[1])
    monkeypatch.setattr(api, "PREFERRED_XML_PARSERS", [])
    assert parse_document(body, url=URL) == short
