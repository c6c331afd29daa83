"""What is new in a story that was told before, and who said it first."""

from dataclasses import replace

import pytest

from monitor.core.changes import changes_of, claims_of, origins_of
from monitor.core.compose import is_news
from monitor.core.origins import find_origins
from monitor.core.story import Story
from tests.support.news import make_story, make_told


def told_story(before: str, *after: str) -> Story:
    """A story whose first article was told before the others came."""
    members = [make_told(number, title=title) for number, title in enumerate([before, *after])]
    return replace(make_story(members), told=frozenset({members[0].article.id}))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("Kim thanks Putin in a letter — KCNA", "KCNA"),
        ("조선중앙통신이 보도했다", "KCNA"),
        ("ЦТАК сообщило о визите", "KCNA"),
        ("朝中社报道", "KCNA"),
        ("11,000 soldiers in Kursk: NIS", "NIS"),
        ("국정원은 파병 규모가 늘었다고 밝혔다", "NIS"),
        ("The Institute for the Study of War assessed", "ISW"),
    ],
)
def test_an_attribution_names_its_origin(text: str, origin: str) -> None:
    assert find_origins(text) == (origin,)


def test_a_name_alone_is_no_attribution() -> None:
    assert find_origins("Putin walks through the Kremlin") == ()


def test_twelve_outlets_that_repeat_one_agency_have_one_origin() -> None:
    assert origins_of(make_told(n, title=f"Soldiers leave, {n} boats: NIS") for n in range(12)) == ("NIS",)


def test_without_attribution_the_first_outlet_is_the_origin() -> None:
    members = [make_told(1), make_told(2)]
    assert origins_of(members) == (members[0].article.outlet,)


def test_a_figure_is_told_with_who_gave_it() -> None:
    (claim,) = claims_of([make_told(1, title="10,000 troops have arrived: NIS")])
    assert (str(claim.figure), claim.source) == ("10,000 troops", "NIS")


def test_a_source_that_corrects_itself_is_marked_and_another_that_differs_is_not() -> None:
    told = [make_told(n, title=title) for n, title in enumerate(["10,000 troops: NIS", "12,000 troops: NIS"])]
    assert [claim.before for claim in claims_of(told)] == [None, 10_000]
    told[1] = make_told(1, title="12,000 troops, Pentagon says")
    assert [claim.before for claim in claims_of(told)] == [None, None]


def test_further_outlets_alone_are_no_news() -> None:
    assert not is_news(told_story("10,000 troops arrive: NIS", "NIS: 10,000 troops arrive", "Troops arrive, NIS says"))


def test_a_changed_figure_is_news_with_the_one_before() -> None:
    ((before, claim),) = changes_of(told_story("10,000 troops: NIS", "12,000 troops: NIS")).figures
    assert (before, claim.figure.value) == (10_000, 12_000)


def test_a_first_figure_is_news() -> None:
    ((before, _),) = changes_of(told_story("Troops leave: NIS", "12,000 troops leave: NIS")).figures
    assert before is None


def test_a_new_origin_is_news() -> None:
    assert changes_of(told_story("Troops leave: NIS", "Troops leave, White House says")).origins == ("White House",)


def test_a_denial_is_news() -> None:
    assert changes_of(told_story("Troops leave: NIS", "Moscow denies that troops left")).denials
