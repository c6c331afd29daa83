"""Entries to articles: identity, text, dates and language."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.normalize import canonical_url, detect_language, plain_text, to_article, to_sightings
from tests.support.feeds import make_entry, make_feed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def article_id(**more: object) -> str:
    sighting = to_article(make_entry(**more), make_feed(), now=NOW)
    assert sighting is not None
    return sighting.article.id


def published(text: str, *, country: str = "", language: str = "en", parsed: datetime | None = None) -> datetime | None:
    entry = make_entry(published=text, published_at=parsed)
    sighting = to_article(entry, make_feed(country=country, language=language), now=NOW)
    assert sighting is not None
    return sighting.article.published_at if sighting.article.dated else None


@pytest.mark.parametrize(
    "url",
    [
        "http://wire.example/story/1",
        "https://www.wire.example/story/1",
        "https://wire.example/story/1/",
        "https://WIRE.example:443/story/1",
        "https://wire.example/story/1?utm_source=rss&utm_medium=feed",
        "https://wire.example/story/1?fbclid=abc#top",
        "https://wire.example/story/1?ref=rss",
    ],
)
def test_the_same_page_by_another_link_is_the_same_article(url: str) -> None:
    assert article_id(url=url) == article_id(url="https://wire.example/story/1")


@pytest.mark.parametrize(
    "url", ["https://wire.example/story/2", "https://m.wire.example/story/1", "https://wire.example/story/1?page=2"]
)
def test_another_page_is_another_article(url: str) -> None:
    assert article_id(url=url) != article_id(url="https://wire.example/story/1")


def test_a_changed_title_is_the_same_article() -> None:
    assert article_id(title="Corrected") == article_id()


def test_query_order_does_not_matter() -> None:
    assert article_id(url="https://x.example/a?b=2&a=1") == article_id(url="https://x.example/a?a=1&b=2")


def test_entries_that_share_one_link_stay_apart() -> None:
    entries = [make_entry(n, url="https://wire.example/live") for n in (1, 2, 3)]
    sightings = to_sightings(entries, make_feed(), now=NOW)
    assert len({sighting.article.id for sighting in sightings}) == 3


def test_entries_that_share_one_id_stay_apart() -> None:
    entries = [make_entry(n, id="same") for n in (1, 2, 3)]
    assert len({s.entry_key for s in to_sightings(entries, make_feed(), now=NOW)}) == 3


def test_a_link_to_the_front_page_is_nobodys_identity() -> None:
    first, second = (article_id(id=f"urn:{n}", url="https://wire.example/") for n in (1, 2))
    assert first != second


def test_an_id_that_is_a_link_serves_as_link() -> None:
    sighting = to_article(make_entry(id="https://wire.example/story/9", url=""), make_feed(), now=NOW)
    assert sighting is not None
    assert sighting.article.url == "https://wire.example/story/9"


def test_an_entry_without_title_takes_the_beginning_of_its_summary() -> None:
    sighting = to_article(make_entry(title=""), make_feed(), now=NOW)
    assert sighting is not None
    assert sighting.article.title.startswith("What happened in story 1")


def test_an_entry_with_nothing_to_read_or_follow_is_left_out() -> None:
    assert to_article(make_entry(id="x", url="", title="", summary=""), make_feed(), now=NOW) is None


def test_a_google_news_entry_tells_its_outlet_and_its_link() -> None:
    token = "CBMiJWh0dHBzOi8vb3V0bGV0LmV4YW1wbGUvMjAyNi9uZXdzLzQyL9IBAA"
    entry = make_entry(
        url=f"https://news.google.com/rss/articles/{token}?oc=5", title="Talks held - Outlet", outlet="Outlet"
    )
    sighting = to_article(entry, make_feed(url="https://news.google.com/rss/search?q=x"), now=NOW)
    assert sighting is not None
    article = sighting.article
    assert (article.url, article.title, article.outlet) == (
        "https://outlet.example/2026/news/42/",
        "Talks held",
        "Outlet",
    )


@pytest.mark.parametrize(
    ("text", "country", "language", "expected"),
    [
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "KR", "en", "2022-07-27T19:35:05"),
        ("Wed 24 May 2006 14:04:24 -800", "", "en", "2006-05-24T22:04:24"),
        ("Wed, 24 May 2006 14:04:24 CEST", "", "en", "2006-05-24T12:04:24"),
        ("Seg, 24 Set 2018 10:11:12 -0300", "BR", "pt", "2018-09-24T13:11:12"),
        ("April 5, 2006", "", "en", "2006-04-05T00:00:00"),
        ("2024년 6월 19일 (수) 오후 3:20", "KR", "ko", "2024-06-19T06:20:00"),
        ("2024.06.19 15:20", "KR", "ko", "2024-06-19T06:20:00"),
        ("수, 19 6월 2024 15:20:00 +0900", "KR", "ko", "2024-06-19T06:20:00"),
        ("주체113(2024)년 6월 19일", "KP", "ko", "2024-06-18T15:00:00"),
        ("Ср, 19 июн 2024 15:20:00 МСК", "RU", "ru", "2024-06-19T12:20:00"),
        ("19.06.2024 15:20", "RU", "ru", "2024-06-19T12:20:00"),
        ("06/07/2024 15:20", "US", "en", "2024-06-07T15:20:00"),
        ("06/07/2024 15:20", "GB", "en", "2024-07-06T14:20:00"),
        ("24 de setembro de 2018", "BR", "pt", "2018-09-24T00:00:00"),
        ("2024-06-19 15:20:00", "", "en", "2024-06-19T15:20:00"),
        ("19 июня 2024, 15:20", "RU", "ru", "2024-06-19T12:20:00"),
        ("2024年6月19日 15:20", "CN", "zh", "2024-06-19T07:20:00"),
        ("2024年6月19日(水) 15時20分", "JP", "ja", "2024-06-19T06:20:00"),
        ("2024-06-19T15:20:00+09:00", "", "ko", "2024-06-19T06:20:00"),
        ("Wed, 19 Jun 2024 24:00:00 GMT", "", "en", "2024-06-20T00:00:00"),
    ],
)
def test_dates_that_parsers_misread_are_read(text: str, country: str, language: str, expected: str) -> None:
    assert published(text, country=country, language=language) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "99 Foo 2024"])
def test_a_date_that_says_nothing_is_when_it_was_first_seen(text: str) -> None:
    assert published(text) is None


def test_a_date_far_in_the_future_is_not_believed() -> None:
    assert published("Wed, 25 Nov 2026 12:00:00 GMT") is None


def test_a_clock_that_is_a_little_fast_is_set_to_now() -> None:
    assert published("Mon, 23 Nov 2026 13:00:00 GMT") == NOW


def test_a_form_of_our_own_leaves_the_parsers_reading_alone() -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    assert published("1er novembre", parsed=moment) == moment


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two&nbsp;three</p>", "One two three"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("Kim &amp; Putin &lt;3", "Kim & Putin <3"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<!-- hidden -->b", "ab"),
        ("plain", "plain"),
        ("zero\u200bwidth and \u202eturned\x00", "zerowidth and turned"),
        ("한국<b>어</b>", "한국어"),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(max_size=300))
def test_plain_text_never_raises_and_stays_on_one_line(text: str) -> None:
    assert len(plain_text(text).splitlines()) <= 1


@pytest.mark.parametrize("piece", ["<!--", "<div>", "&lt;!--", "<a href='", "<![CDATA[", "]]>", "<p"])
def test_plain_text_takes_linear_time(piece: str) -> None:
    plain_text(piece * 40_000)  # a quadratic one would not come back within the life of the test


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("北朝鮮とロシアの首脳が会談", "", "ja"),
        ("朝鲜与俄罗斯领导人会谈", "", "zh"),
        ("日米韓首脳会談開催", "ja", "ja"),
        ("김정은 푸틴 정상회담", "en", "ko"),
        ("Ким Чен Ын и Путин", "", "ru"),
        ("Кім Чен Ин і Путін зустрілися", "ru", "uk"),
        ("Лидерите се срещнаха", "bg", "bg"),
        ("The leaders of the two countries met", "", "en"),
        ("Die Führer der beiden Länder haben sich getroffen", "", "de"),
        ("Przywódcy obu krajów spotkali się w stolicy", "pl-PL", "pl"),
        ("The leaders met in the capital", "ko", "en"),
        ("12345", "", "und"),
    ],
)
def test_language_is_told_by_script_then_by_what_is_declared(text: str, declared: str, language: str) -> None:
    assert detect_language(text, declared) == language


WORD = st.text(alphabet="abcxyz019-_~%é한 &=+;:@!$'()*,/?#[]|\\", max_size=12)
URLS = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}://{host}/{path}?{query}#{fragment}",
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(
        ["news.example", "WWW.News.Example", "a.b.co.kr:8080", "127.0.0.1", "[2001:db8::1]", "뉴스.example"]
    ),
    WORD,
    st.lists(st.tuples(st.sampled_from(["utm_source", "id", "ref", "a"]), WORD)).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
    ),
    WORD,
)


@given(URLS | st.text(max_size=60))
def test_cleaning_a_link_twice_changes_nothing(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@given(URLS)
def test_cleaning_a_link_never_changes_its_host(url: str) -> None:
    clean = canonical_url(url)
    if clean:
        host = (urlsplit(url).hostname or "").encode("idna").decode()
        assert urlsplit(clean).hostname == host.lower()


@given(
    st.lists(st.builds(make_entry, st.integers(0, 9), title=WORD, summary=WORD, published=WORD, url=URLS), max_size=6)
)
def test_normalising_is_a_function_of_the_document(entries: list[object]) -> None:
    first = to_sightings(entries, make_feed(), now=NOW)  # type: ignore[arg-type]
    later = to_sightings(entries, make_feed(), now=NOW + timedelta(days=1))  # type: ignore[arg-type]
    assert [s.entry_key for s in first] == [s.entry_key for s in later]
    assert [s.article.id for s in first] == [s.article.id for s in later]


@given(
    st.from_regex(r"-?\d{1,6}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([+-]\d\d:?\d\d|Z)?", fullmatch=True)
    | st.from_regex(r"\w{3}, \d\d \w{3} \d{1,5} \d\d:\d\d( [+-]\d{4}| GMT)?", fullmatch=True)
    | st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 400, "1" * 10, "-1"])
)
@settings(max_examples=10)
def test_no_date_stops_the_reading_or_lies_before_the_web(text: str) -> None:
    moment = published(text)
    assert moment is None or datetime(1995, 1, 1, tzinfo=UTC) <= moment <= NOW


def test_an_id_of_a_megabyte_becomes_a_short_key() -> None:
    sighting = to_article(make_entry(id="x" * 1_000_000, url=""), make_feed(), now=NOW)
    assert sighting is not None
    assert len(sighting.entry_key) == len(sighting.article.id) == 32
