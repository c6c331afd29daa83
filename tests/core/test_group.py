"""Articles about one event find each other, in whatever language; other events stay apart."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Article
from monitor.core.group import group_articles, new_story_id, place
from monitor.core.likeness import log_odds
from tests.support.news import make_article

SHOIGU = [
    ("en", "Shoigu lands in Pyongyang for talks with Kim Jong Un"),
    ("ru", "Шойгу прибыл в Пхеньян на переговоры с Ким Чен Ыном"),
    ("ko", "쇼이구, 평양 도착…김정은과 회담"),
    ("zh", "绍伊古抵达平壤 将与金正恩会谈"),
    ("ja", "ショイグ氏が平壌到着 金正恩氏と会談へ"),
    ("pl", "Szojgu przybył do Pjongjangu na rozmowy z Kim Dzong Unem"),
]
VETO = "Russia vetoes UN panel that watches sanctions on North Korea"
DRILL = "Joint naval drill of Russia and North Korea begins off Wonsan"


def article(number: int, title: str, language: str = "en", *, hours: float = 0, summary: str = "") -> Article:
    made = make_article(number, language=language, title=title, summary=summary)
    return make_article(
        number,
        language=language,
        title=title,
        summary=summary,
        published_at=made.published_at + timedelta(hours=hours),
    )


def stories_of(articles: Iterable[Article]) -> list[str]:
    """Which story each article is in, the stories numbered in order."""
    placed = [story for _, story in group_articles(articles)]
    return [chr(ord("A") + list(dict.fromkeys(placed)).index(story)) for story in placed]


@pytest.mark.parametrize(("language", "title"), SHOIGU[1:])
def test_one_event_in_two_languages_is_one_story(language: str, title: str) -> None:
    told = {"st-1": [article(1, SHOIGU[0][1])]}
    assert place(article(2, title, language), told).story_id == "st-1"


def test_another_visit_begins_a_story_of_its_own() -> None:
    other = article(2, "코즐로프 러 천연자원부 장관, 원산 관광지구 방문", "ko")
    assert place(other, {"st-1": [article(1, SHOIGU[0][1])]}).story_id is None


def test_the_same_words_a_week_later_are_another_event() -> None:
    assert stories_of([article(1, SHOIGU[0][1]), article(2, SHOIGU[0][1], hours=7 * 24)]) == ["A", "B"]


def test_the_stages_of_one_trip_are_stories_of_their_own() -> None:
    trip = [
        article(1, "Belousov arrives in Pyongyang at the head of a military delegation"),
        article(2, "Белоусов прилетел в Пхеньян во главе военной делегации", "ru", hours=1),
        article(3, "Kim shows Belousov round an exhibition of new missiles", hours=26),
        article(4, "김정은, 벨로우소프에 신형 미사일 전시회 안내", "ko", hours=28),
        article(5, "Belousov leaves for home after three days in North Korea", hours=50),
    ]
    assert stories_of(trip) == ["A", "A", "B", "B", "C"]


def test_an_analysis_of_an_event_stands_alone() -> None:
    told = {"st-1": [article(1, "Putin and Kim sign treaty in Pyongyang")]}
    assert place(article(2, "Analysis: what the treaty of Putin and Kim means for Seoul"), told).story_id is None


def test_a_late_article_joins_the_story_of_its_time() -> None:
    told = {"st-1": [article(1, SHOIGU[0][1])], "st-2": [article(3, SHOIGU[0][1], hours=24 * 9)]}
    assert place(article(2, SHOIGU[1][1], "ru", hours=3), told).story_id == "st-1"


def test_grouping_a_file_gives_each_article_the_story_that_its_first_article_founded() -> None:
    articles = [article(n, title, language) for n, (language, title) in enumerate(SHOIGU)]
    odd = article(50, "Bank in Rason opens a rouble counter for Russian traders")
    placed = dict(group_articles([*articles, odd]))
    assert {placed[one.id] for one in articles} == {new_story_id(articles[0])}
    assert placed[odd.id] == new_story_id(odd)


HALVES = [
    article(1, "Freighter Angara leaves Rajin with 120 containers for Dunay"),
    article(2, "Боеприпасы из КНДР доставлены в порт Дунай", "ru"),
]
BRIDGE = article(
    3,
    "Сухогруз «Ангара» доставил боеприпасы из Раджина в порт Дунай",
    "ru",
    summary="Боеприпасы из КНДР — 120 контейнеров — доставлены в порт Дунай сухогрузом «Ангара» из Раджина.",
)


def test_an_article_that_belongs_to_two_stories_makes_them_one_under_the_first_id() -> None:
    assert stories_of(HALVES) == ["A", "B"]
    placement = place(BRIDGE, {"st-b": [HALVES[1]], "st-a": [HALVES[0]]})
    assert (placement.story_id, placement.absorbed) == ("st-b", ("st-a",))


def test_articles_of_a_story_that_was_absorbed_are_told_under_the_id_that_stays() -> None:
    assert stories_of([*HALVES, BRIDGE]) == ["A", "A", "A"]


def test_a_story_that_a_person_put_right_becomes_one_with_no_other() -> None:
    told = {"st-a": [HALVES[0]], "st-b": [HALVES[1]]}
    assert place(BRIDGE, told, fixed={"st-b"}).absorbed == ()
    assert place(BRIDGE, told, fixed={"st-a", "st-b"}).absorbed == ()


def test_likeness_does_not_depend_on_the_order() -> None:
    one, other = article(1, SHOIGU[0][1]), article(2, SHOIGU[2][1], "ko")
    assert log_odds(one, other) == pytest.approx(log_odds(other, one))


def test_more_time_between_two_articles_makes_one_event_less_likely() -> None:
    one = article(1, VETO)
    later = [log_odds(one, article(2, VETO, hours=hours)) for hours in (0, 12, 36, 60)]
    assert later == sorted(later, reverse=True)
    assert len(set(later)) == len(later)


def test_an_article_without_words_begins_a_story() -> None:
    assert place(article(1, ""), {"st-1": [article(2, "")]}).story_id is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*SHOIGU, ("en", VETO), ("en", DRILL)]), st.integers(0, 200)), max_size=8))
def test_every_article_has_one_story_and_a_story_is_named_after_one_of_its_articles(
    told: list[tuple[tuple[str, str], int]],
) -> None:
    articles = [article(n, title, language, hours=at) for n, ((language, title), at) in enumerate(told)]
    placed = group_articles(sorted(articles, key=lambda one: one.published_at))
    assert sorted(key for key, _ in placed) == sorted(one.id for one in articles)
    founders = {new_story_id(one): one.id for one in articles}
    assert all(dict(placed)[founders[story]] == story for _, story in placed)
