"""Pages behind teasers, and pages watched for links: robots.txt is obeyed."""

import pytest

from monitor.core.feed import Feed, FeedKind, Fetched, FetchFailed, FetchOutcome, FetchRequest, Health
from monitor.feeds import fetch_all, fetch_articles
from tests.support.feeds import FARM_NOW, make_feed, quick_policy
from tests.support.web_site import Site, web_site

SENTENCE = "The delegation met officials in the capital and signed papers about trade and transport by rail. "
ARTICLE = f"<html><body><nav>Home</nav><article><p>{SENTENCE * 4}</p><p>{SENTENCE * 3}</p></article></body></html>"
LIST = '<html><body><ul><li><a href="/a/1">One</a></li><li><a href="/a/2">Two</a></li></ul></body></html>'


def poll(site: Site, **more: object) -> FetchOutcome:
    declared = {"kind": FeedKind.PAGE, "selector": "li a"} | more
    feed: Feed = make_feed(url=f"{site.origin}/list", **declared)
    (outcome,) = fetch_all([FetchRequest(feed=feed)], quick_policy(), now=FARM_NOW)
    return outcome


def test_the_text_of_an_article_is_taken_from_its_page() -> None:
    with web_site({"/a": ARTICLE}) as site:
        (page,) = fetch_articles([f"{site.origin}/a"], quick_policy())
    assert page.text.startswith("The delegation met") or "The delegation met" in page.text
    assert "Home" not in page.text


def test_a_page_without_an_article_says_so() -> None:
    with web_site({"/a": "<html><body><p>Please accept cookies.</p></body></html>"}) as site:
        (page,) = fetch_articles([f"{site.origin}/a"], quick_policy())
    assert (page.text, page.problem) == ("", "there is no article text on the page")


def test_robots_keep_us_from_an_article() -> None:
    with web_site({"/robots.txt": "User-agent: *\nDisallow: /a", "/a": ARTICLE}) as site:
        (page,) = fetch_articles([f"{site.origin}/a"], quick_policy())
        assert "robots.txt forbids" in page.problem
        assert site.asked == ["/robots.txt"]


def test_robots_are_asked_once_a_host() -> None:
    with web_site({"/a": ARTICLE, "/b": ARTICLE}) as site:
        list(fetch_articles([f"{site.origin}/a", f"{site.origin}/b"], quick_policy()))
        assert site.asked.count("/robots.txt") == 1


def test_a_robots_file_that_cannot_be_read_forbids_everything() -> None:
    with web_site({"/robots.txt": (503, "later"), "/a": ARTICLE}) as site:
        (page,) = fetch_articles([f"{site.origin}/a"], quick_policy())
    assert "cannot be read" in page.problem


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "file:///etc/passwd", "nonsense"])
def test_articles_at_private_addresses_are_not_read(url: str) -> None:
    (page,) = fetch_articles([url], quick_policy(allow_hosts=()))
    assert page.problem


def test_new_links_of_a_page_are_its_entries() -> None:
    with web_site({"/list": LIST}) as site:
        outcome = poll(site)
        assert isinstance(outcome, Fetched)
        assert [entry.url for entry in outcome.entries] == [f"{site.origin}/a/1", f"{site.origin}/a/2"]


def test_a_page_that_was_rebuilt_is_told() -> None:
    with web_site({"/list": "<html><body>New!</body></html>"}) as site:
        outcome = poll(site)
    assert isinstance(outcome, FetchFailed)
    assert outcome.health is Health.NOT_A_FEED
    assert "selector" in outcome.reason


def test_a_sitemap_is_watched_as_a_page() -> None:
    pages = {
        "/robots.txt": "User-agent: *\nAllow: /",
        "/list": "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
    }
    with web_site(pages) as site:
        outcome = poll(site, selector="")
        assert isinstance(outcome, Fetched)
        assert [entry.url for entry in outcome.entries] == ["https://a.example/1"]
        assert site.asked == ["/robots.txt", "/list"]


def test_robots_keep_us_from_a_page() -> None:
    with web_site({"/robots.txt": "User-agent: *\nDisallow: /", "/list": LIST}) as site:
        outcome = poll(site)
    assert isinstance(outcome, FetchFailed)
    assert outcome.health is Health.BLOCKED
