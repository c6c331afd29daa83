"""What a watch term matches, and the laws that hold for every term and text."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.article import Article
from monitor.core.fold import fold
from monitor.core.match import find_matches, matching_terms
from monitor.core.phrase import compile_phrase, phrase_problem
from monitor.core.watch import Field, Match, Near, WatchTerm
from tests.support.texts import article
from tests.support.watching import phrases, terms, texts, watch


def titled(title: str, summary: str = "", **changed: str) -> Article:
    return article(title=title, summary=summary, **changed)


def names(term: WatchTerm, title: str, summary: str = "", **changed: str) -> set[str]:
    return {match.term for match in find_matches(watch(term), titled(title, summary, **changed))}


def term(**parts: object) -> WatchTerm:
    return WatchTerm(name="t", **parts)  # type: ignore[arg-type]


def near(words: int, *groups: tuple[str, ...]) -> WatchTerm:
    return term(near=(Near(groups=groups, words=words),))


def test_a_match_says_where_it_stands_in_the_original() -> None:
    found = find_matches(watch(term(any_of=("strasse",))), titled("Die Straße", "Eine ﬂotte Straße"))
    assert found == (
        Match(term="t", found="Straße", field=Field.TITLE, start=4, end=10),
        Match(term="t", found="Straße", field=Field.TEXT, start=11, end=17),
    )


def test_all_of_needs_every_phrase() -> None:
    both = term(all_of=("shells", "Kursk"))
    assert names(both, "Shells reach Kursk")
    assert not names(both, "Shells reach Belgorod")


def test_none_of_drops_the_whole_term() -> None:
    assert not names(term(any_of=("Russia",), none_of=("New Russia",)), "New Russia, NY elects a mayor")


def test_in_title_does_not_look_into_the_text() -> None:
    assert not names(term(any_of=("treaty",), field=Field.TITLE), "Talks", "A treaty")
    assert names(term(any_of=("treaty",), field=Field.TEXT), "Talks", "A treaty")


def test_full_text_is_read_as_well() -> None:
    assert names(term(any_of=("treaty",)), "Talks", "On Monday", text="A treaty")


def test_languages_outlets_and_tiers_narrow_a_term() -> None:
    assert not names(term(any_of=("treaty",), languages=("ko",)), "A treaty")
    assert not names(term(any_of=("treaty",), outlets=("Elsewhere",)), "A treaty")
    assert names(term(any_of=("treaty",), tiers=("wire",)), "A treaty", tier="wire")


@pytest.mark.parametrize(
    ("words", "title", "found"),
    [
        (3, "Kim met the president Putin", True),
        (2, "Kim met the old president Putin", False),
        (2, "Putin met Kim", True),
        (1, "북한 대표단이 오늘 러시아 도착", False),
        (2, "북한 대표단이 오늘 러시아 도착", True),
        (2, "朝鲜代表团访问俄罗斯", False),
        (3, "朝鲜代表团访问俄罗斯", True),
    ],
)
def test_near_counts_the_words_between(words: int, title: str, found: bool) -> None:
    pair = near(words, ("Kim", "북한", "朝鲜"), ("Putin", "러시아", "俄罗斯"))
    assert bool(names(pair, title)) is found


@pytest.mark.parametrize(
    ("title", "summary", "found"),
    [
        ("Kim thanks Putin", "", True),
        ("Kim leaves. Putin stays.", "", False),
        ("Kim leaves! Putin stays", "", False),
        ("Kim told Mr. Putin", "", True),
        ("Kim saw U.S. papers on Putin", "", True),
        ("金正恩抵达。普京讲话", "", False),
        ("Kim leaves", "Putin stays", False),
        ("Talks", "Kim went home.\nPutin stayed.", False),
    ],
)
def test_near_without_a_number_means_one_sentence(title: str, summary: str, found: bool) -> None:
    assert bool(names(near(0, ("Kim", "Kim Jong Un"), ("Putin",)), title, summary)) is found


def test_near_does_not_reach_from_the_title_into_the_text() -> None:
    assert not names(near(50, ("Kim",), ("Putin",)), "Kim leaves", "Putin stays")


def test_near_takes_the_closest_of_many_mentions() -> None:
    assert names(near(1, ("Kim",), ("Putin",), ("treaty",)), "Kim spoke at length. Later Putin, Kim: treaty signed")


def test_a_hostile_text_takes_linear_time() -> None:
    hard = watch(
        term(any_of=("/(a+)+$/", "/(a|aa)+b/", "a*a*b", "aa*aa*")),
        replace(near(5, ("aa*",), ("*aa b",)), name="u"),
    )
    started = time.process_time()
    find_matches(hard, titled("a" * 50_000 + " " + "ab " * 20_000))
    assert time.process_time() - started < 5


@given(terms(), texts(), texts(), phrases())
def test_none_of_only_removes(held: WatchTerm, title: str, summary: str, excluded: str) -> None:
    text = titled(title, summary)
    with_it = find_matches(watch(replace(held, none_of=(*held.none_of, excluded))), text)
    assert set(with_it) <= set(find_matches(watch(held), text))


@given(
    st.lists(phrases(), min_size=1, max_size=2), st.lists(phrases(), min_size=1, max_size=2), st.integers(0, 6), texts()
)
def test_near_is_symmetric(one: list[str], other: list[str], words: int, title: str) -> None:
    assert names(near(words, tuple(one), tuple(other)), title) == names(near(words, tuple(other), tuple(one)), title)


@given(phrases().filter(lambda phrase: not phrase.startswith("/") and "*" not in phrase), texts())
def test_widening_a_phrase_never_loses_a_match(phrase: str, title: str) -> None:
    widened = [(f"{phrase}*",), (f"*{phrase}",), (phrase, "treaty")]
    for wider in (held for held in widened if not phrase_problem(held[0])):
        assert names(term(any_of=(phrase,)), title) <= names(term(any_of=wider), title)


@given(st.lists(terms(), max_size=4, unique_by=lambda held: held.name), texts(), texts(), st.randoms())
def test_the_order_of_terms_never_matters(held: list[WatchTerm], title: str, summary: str, random: object) -> None:
    shuffled = list(held)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    text = titled(title, summary)
    assert find_matches(watch(*held), text) == find_matches(watch(*shuffled), text)


@given(st.lists(terms(), max_size=4, unique_by=lambda held: held.name), texts(), texts())
def test_the_names_of_matching_terms_are_those_of_the_matches(held: list[WatchTerm], title: str, summary: str) -> None:
    text = titled(title, summary)
    found = matching_terms(watch(*held), text)
    assert found == list(dict.fromkeys(match.term for match in find_matches(watch(*held), text)))


def test_many_regular_expressions_are_found_as_single_ones_are() -> None:
    """The prefilter is built of several parts, and loses no pattern of any part."""
    patterns = [rf"/\bword{n}\w* [a-z]{{2}} {'x' * (n % 90)}{n}\b/" for n in range(400)]
    many = watch(*(WatchTerm(name=pattern, any_of=(pattern,)) for pattern in patterns))
    for n in (0, 7, 133, 399):
        text = titled(f"A WORD{n}s of {'x' * (n % 90)}{n} here")
        assert matching_terms(many, text) == [patterns[n]]


@given(phrases(), texts())
def test_the_index_loses_nothing(phrase: str, title: str) -> None:
    """What matching finds through its keys is what searching the whole text finds."""
    held = term(any_of=(phrase,))
    assert bool(compile_phrase(phrase).spans(fold(title))) == bool(names(held, title))


@given(st.text(max_size=60))
def test_folded_positions_lead_back_into_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.spelt)
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start <= end <= len(text)
    assert fold(text.upper()).text.replace("-", "") or not folded.text.strip(" -,.\n")
