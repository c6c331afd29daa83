"""Pages and terminal text tell the digest, and nothing that a feed wrote can act on them."""

from html.parser import HTMLParser

import pytest

from monitor.pages import digest_page, digest_text
from tests.support.news import HOSTILE, THEMES, make_digest, make_stories, make_story, make_told


class Elements(HTMLParser):
    """Collects what a browser would see as elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_page_names_every_story_with_its_link() -> None:
    digest = make_digest(make_stories(12))
    links = {attrs.get("href") for tag, attrs in Elements(digest_page(digest, themes=THEMES)).found if tag == "a"}
    assert {story.members[0].article.url for story in digest.stories} <= links


def test_a_page_of_hostile_titles_has_no_element_that_is_not_ours() -> None:
    page = digest_page(make_digest(make_stories(24, hostile=True)), themes=THEMES)
    ours = {tag for tag, _ in Elements(digest_page(make_digest(make_stories(24)), themes=THEMES)).found}
    assert {tag for tag, _ in Elements(page).found} <= ours
    assert "<script" not in page


def test_a_page_forbids_everything_but_its_own_style() -> None:
    page = digest_page(make_digest(make_stories(1)), themes=THEMES)
    (policy,) = [attrs["content"] for tag, attrs in Elements(page).found if tag == "meta" and attrs.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_a_page_links_to_the_web_only() -> None:
    story = make_story([make_told(1, url="javascript:alert(1)")])
    assert "javascript" not in digest_page(make_digest([story]), themes=THEMES)


def test_a_page_of_a_quiet_day_is_calm() -> None:
    assert "The monitor is running" in digest_page(make_digest([]), themes=THEMES)


def test_a_terminal_shows_every_story_and_no_control_character() -> None:
    text = digest_text(make_digest(make_stories(24, hostile=True)), THEMES)
    assert all(c.isprintable() or c in "\n\u200c\u200d" for c in text)
    assert text.count("• ") >= 24


def test_notices_about_the_product_come_before_the_stories() -> None:
    text = digest_text(make_digest(make_stories(1), notices=("config is broken",)), THEMES)
    assert text.index("! config is broken") < text.index("Delegation")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_page_can_be_written_as_utf8_whatever_the_title(title: str) -> None:
    page = digest_page(make_digest([make_story([make_told(1, title=title)])]), themes=THEMES)
    assert page.encode()
