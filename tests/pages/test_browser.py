"""In a real Chromium, pages of hostile feeds show everything, run nothing and ask for nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from monitor.core.digest import Digest
from monitor.pages import digest_page, report_page
from tests.conftest import missing
from tests.support.browser import DESKTOP, PHONE, PROGRAM, Seen, chromium, opened
from tests.support.news import HOSTILE, THEMES, make_digest, make_report, make_stories, make_trends

pytestmark = pytest.mark.browser

SCRIPTS = (
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    '"><svg onload="document.title = \'owned\'">',
    "<a href=\"javascript:document.title = 'owned'\">x</a>",
    "<style>* { display: none }</style><meta http-equiv=refresh content=0;url=https://evil.example>",
    "<iframe src=https://evil.example></iframe><base href=https://evil.example>",
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def hostile_digest() -> Digest:
    stories = make_stories(24, titles=(*SCRIPTS, *HOSTILE))
    return make_digest(stories, trends=make_trends(), notices=(SCRIPTS[0],), translate="https://t.example/?u={url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not PROGRAM:
        missing("Chromium")
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    (made / "digest.html").write_text(digest_page(hostile_digest(), themes=THEMES), encoding="utf-8")
    stories = make_stories(24, titles=(*SCRIPTS, *HOSTILE))
    report = make_report(stories, outlet=SCRIPTS[1], reason=SCRIPTS[2], trends=make_trends())
    (made / "report.html").write_text(report_page(report, themes=THEMES), encoding="utf-8")
    return made


@pytest.fixture(scope="module", params=["digest.html", "report.html"])
def seen(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Seen]:
    """One page of each kind, made of the titles of attackers, as a browser on a desk shows it."""
    with opened(browser, folder / request.param, size=DESKTOP) as page:
        yield page


def test_the_console_has_nothing_to_complain_of(seen: Seen) -> None:
    assert seen.errors == []


def test_no_script_of_a_feed_runs(seen: Seen) -> None:
    assert seen.page.title() != "owned"
    assert seen.dialogs == []
    assert seen.ask("document.querySelectorAll('script, iframe, object, embed, base, form').length") == 0
    handlers = "[...document.querySelectorAll('*')].filter(e => e.getAttributeNames().some(n => n.startsWith('on')))"
    assert seen.ask(f"{handlers}.length") == 0


def test_nothing_is_asked_for_but_the_page_itself(seen: Seen) -> None:
    assert len(seen.requests) == 1


def test_a_script_that_gets_in_all_the_same_is_stopped_by_the_policy(seen: Seen) -> None:
    seen.ask("document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=\"window.owned = 1\">')")
    seen.ask("document.body.append(Object.assign(document.createElement('script'), {text: 'window.owned = 1'}))")
    seen.page.wait_for_timeout(50)
    assert seen.ask("window.owned") is None
    assert any("Content Security Policy" in error for error in seen.errors)
    seen.errors.clear()


def test_every_picture_is_shown_and_has_words(seen: Seen) -> None:
    pictures = seen.ask(
        "[...document.querySelectorAll('img.chart')].map(i => [i.complete && i.naturalWidth, i.alt.length])"
    )
    assert pictures
    assert all(width > 0 and words > 20 for width, words in pictures)


def test_links_of_the_page_lead_to_places_in_it(seen: Seen) -> None:
    lost = (
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1))).length"
    )
    assert seen.ask("document.querySelectorAll('a[href^=\"#\"]').length") > 3
    assert seen.ask(lost) == 0


def test_links_to_the_web_tell_it_nothing(seen: Seen) -> None:
    links = seen.ask("[...document.querySelectorAll('a:not([href^=\"#\"])')].map(a => [a.protocol, a.rel])")
    assert len(links) > 20
    assert {tuple(link) for link in links} == {("https:", "noopener noreferrer")}


def test_a_click_on_a_heading_of_the_contents_goes_there(seen: Seen) -> None:
    seen.page.locator("nav a").last.click()
    assert seen.ask("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("page", ["digest.html", "report.html"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_scrolls_down_only_and_reads_text_of_enough_contrast(
    browser: Browser, folder: Path, page: str, dark: bool
) -> None:
    with opened(browser, folder / page, size=PHONE, dark=dark) as seen:
        assert seen.ask(OVERFLOW) == 0
        assert [error for error in seen.errors if error] == []
        assert seen.ask(CONTRAST) >= 4.5


def test_on_paper_nothing_is_cut_off_and_nothing_is_there_to_click(browser: Browser, folder: Path) -> None:
    a4 = (794, 1123)
    with opened(browser, folder / "report.html", size=a4, dark=True) as seen:
        seen.page.emulate_media(media="print")
        assert seen.ask(OVERFLOW) == 0
        assert not seen.page.locator("nav").first.is_visible()
        assert seen.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


# The smallest contrast (WCAG 2.2, 1.4.3) of any text with the nearest background behind it.
CONTRAST = """
(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => numbers(colour).slice(0, 3)
    .map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = 21;
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const pair = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a);
    least = Math.min(least, (pair[0] + 0.05) / (pair[1] + 0.05));
  }
  return least;
})()
"""
