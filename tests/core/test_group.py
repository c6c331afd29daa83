"""Articles about one event find each other, in whatever language; other events stay apart."""

from datetime import timedelta

import pytest

from monitor.core.group import choose_story, group_articles, new_story_id, same_event
from tests.support.news import make_article, make_story, make_told

SHOIGU = [
    ("en", "Shoigu lands in Pyongyang for talks with Kim Jong Un"),
    ("ru", "Шойгу прибыл в Пхеньян на переговоры с Ким Чен Ыном"),
    ("ko", "쇼이구, 평양 도착…김정은과 회담"),
    ("zh", "绍伊古抵达平壤 将与金正恩会谈"),
    ("ja", "ショイグ氏が平壌到着 金正恩氏と会談へ"),
    ("pl", "Szojgu przybył do Pjongjangu na rozmowy z Kim Dzong Unem"),
]


@pytest.mark.parametrize(("language", "title"), SHOIGU[1:])
def test_one_event_in_two_languages_is_one_story(language: str, title: str) -> None:
    story = make_story([make_told(1, language="en", title=SHOIGU[0][1])])
    assert choose_story(make_article(2, language=language, title=title), [story]) == story.id


def test_another_visit_begins_a_story_of_its_own() -> None:
    story = make_story([make_told(1, language="en", title=SHOIGU[0][1])])
    other = make_article(2, language="ko", title="코즐로프 러 천연자원부 장관, 원산 관광지구 방문")
    assert choose_story(other, [story]) is None


def test_the_same_words_a_week_later_are_another_event() -> None:
    first = make_article(1, language="en", title=SHOIGU[0][1])
    again = make_article(2, language="en", title=SHOIGU[0][1], published_at=first.published_at + timedelta(days=7))
    assert choose_story(again, [make_story([make_told(1, language="en", title=SHOIGU[0][1])])]) is None


def test_grouping_a_file_gives_each_article_the_story_that_its_first_article_founded() -> None:
    articles = [make_article(n, language=code, title=title) for n, (code, title) in enumerate(SHOIGU)]
    odd = make_article(50, language="en", title="Bank in Rason opens a rouble counter for Russian traders")
    placed = dict(group_articles([*articles, odd]))
    assert {placed[article.id] for article in articles} == {new_story_id(articles[0])}
    assert placed[odd.id] == new_story_id(odd)


def test_likeness_does_not_depend_on_the_order() -> None:
    one, other = make_article(1, language="en", title=SHOIGU[0][1]), make_article(2, language="ko", title=SHOIGU[2][1])
    assert same_event(one, other) == pytest.approx(same_event(other, one))


def test_an_article_without_words_begins_a_story() -> None:
    assert choose_story(make_article(1, title="", summary=""), [make_story([make_told(2, title="")])]) is None
