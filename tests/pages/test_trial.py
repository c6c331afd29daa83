"""The page of a tried change: what differs is marked, and nothing in it can act."""

from datetime import date

import pytest

from monitor.core.trial import Cause, Collision, Example, Quality, Side, TermChange, Trial
from monitor.pages import trial_page
from tests.pages.test_digest import Elements
from tests.support.news import HOSTILE, NOW, THEMES, make_article


def make_trial(title: str = "Bridge opens", url: str = "https://news.example/1") -> Trial:
    cause = Cause(term="bridge", change="new", weight=1.0, rule="", found=("Bridge",))
    gone = Cause(term="reviews", change="gone", weight=-2.5, rule="", found=(title,))
    article = make_article(1, title=title, url=url, outlet=title)
    example = Example(article=article, theme="sanctions", score_before=0.4, score_after=0.6, causes=(cause, gone))
    return Trial(
        since=NOW,
        until=NOW,
        articles=1234,
        threshold=0.5,
        changes=(TermChange(name=title, kind="changed", lines=("  any_of:", "+ - bridge", "- - <b>road</b>")),),
        before=Side(articles=3, stories=2, alerts_per_week=0.5),
        after=Side(articles=4, stories=3, alerts_per_week=0.5),
        gained=1,
        lost=0,
        by_day={date(2026, 11, 23): (1, 0)},
        by_language={"en": (1, 0)},
        by_theme={"sanctions": (1, 0)},
        examples_gained=(example,),
        examples_lost=(),
        collisions=(
            Collision(term="bridge", other="road", both=2, term_articles=2, other_articles=5, relation="inside"),
        ),
        matched={title: 7},
        labels=(
            Quality(judged=4, relevant=2, precision=None, recall=0.0),
            Quality(judged=4, relevant=2, precision=1.0, recall=0.5),
        ),
        gold=None,
        notices=(title,),
    )


def test_what_differs_is_marked() -> None:
    page = trial_page(make_trial(), THEMES)
    for marked in (
        "<mark>3</mark>",
        "<mark>0.500</mark>",
        "<ins>+ - bridge</ins>",
        "<del>- - &lt;b&gt;road&lt;/b&gt;</del>",
    ):
        assert marked in page
    assert '<td class="number">0.5</td>' in page, "alerts a week are the same before and after"
    assert "1 stories gained, 0 lost" in page


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_brings_no_element_of_its_own(title: str) -> None:
    page = trial_page(make_trial(title, "javascript:alert(1)"), THEMES)
    ours = {tag for tag, _ in Elements(trial_page(make_trial(), THEMES)).found} | {"span"}  # a title without a link
    assert {tag for tag, _ in Elements(page).found} <= ours
    assert "javascript" not in page
    assert page.encode()


def test_the_page_forbids_everything_but_its_own_style() -> None:
    found = Elements(trial_page(make_trial(), THEMES)).found
    (policy,) = [attrs["content"] for tag, attrs in found if tag == "meta" and attrs.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "iframe", "img"} & {tag for tag, _ in found}
