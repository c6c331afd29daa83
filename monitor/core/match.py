"""Which watch terms an article matches, and where."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.article import Article
from monitor.core.fold import FIELD_BREAK, Folded, fold, sentence_ends, sentence_of, word_starts
from monitor.core.phrase import KEY_LENGTH, Phrase, compile_phrase, text_keys
from monitor.core.watch import Field, Match, Watch, WatchTerm

Span = tuple[int, int]
CJK_BEGINS = "\u1100"
MOST_MENTIONS = 5  # of one term in one article that are reported


def find_matches(watch: Watch, article: Article) -> tuple[Match, ...]:
    """Mentions of the watch terms that the article matches, by name of term and place; no match has no mention.

    ``start`` and ``end`` count in the article's title or text (summary, then full text after a line feed).
    """
    return _compiled(_Same(watch)).find(article)


@dataclass(frozen=True, slots=True)
class _Near:
    groups: tuple[tuple[int, ...], ...]
    words: int


@dataclass(frozen=True, slots=True)
class _Term:
    """A term with numbers in the place of its phrases."""

    term: WatchTerm
    any_of: tuple[int, ...]
    all_of: tuple[int, ...]
    none_of: tuple[int, ...]
    near: tuple[_Near, ...]

    @property
    def positives(self) -> tuple[int, ...]:
        """Every phrase whose mention is a mention of the term."""
        grouped = (number for near in self.near for group in near.groups for number in group)
        return tuple(dict.fromkeys((*self.any_of, *self.all_of, *grouped)))

    @property
    def asks(self) -> tuple[tuple[int, ...], ...]:
        """Sets of phrases of which one each must be there."""
        anchors = [self.any_of] if self.any_of else []
        anchors += [(number,) for number in self.all_of]
        return (*anchors, *(group for near in self.near for group in near.groups))


class _Same:
    """Equal only to the very same watch: hashing a thousand terms for each article would cost more than matching."""

    __slots__ = ("watch",)

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __hash__(self) -> int:
        return id(self.watch)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.watch is self.watch


@lru_cache(maxsize=8)
def _compiled(same: _Same) -> "_Watch":
    return _Watch(same.watch)


class _Watch:
    """All terms, with one index from keys to phrases and from phrases to the terms that begin with them."""

    def __init__(self, watch: Watch) -> None:
        numbers: dict[str, int] = {}

        def number(phrases: Iterable[str]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(numbers.setdefault(phrase, len(numbers)) for phrase in phrases))

        terms = [
            _Term(
                term,
                number(term.any_of),
                number(term.all_of),
                number(term.none_of),
                tuple(_Near(tuple(number(group) for group in near.groups), near.words) for near in term.near),
            )
            for term in sorted(watch.terms, key=lambda term: term.name)
        ]
        self.terms = terms
        self.phrases: list[Phrase] = [compile_phrase(source) for source in numbers]
        # A term is looked at when a phrase of its smallest set is there.
        self.begins: dict[int, list[int]] = {}
        for at, term in enumerate(terms):
            for phrase in min(term.asks, key=self._dearness, default=()):
                self.begins.setdefault(phrase, []).append(at)
        self.always = [phrase for phrase in self.begins if not self.phrases[phrase].key]
        self.by_key: dict[str, list[int]] = {}
        for phrase in self.begins:
            if key := self.phrases[phrase].key:
                self.by_key.setdefault(key, []).append(phrase)
        self.stems = frozenset(len(key) for key in self.by_key if len(key) < KEY_LENGTH and key[0] < CJK_BEGINS)

    def _dearness(self, ask: tuple[int, ...]) -> tuple[bool, int]:
        """What it costs to begin with this set: phrases without a key must be looked for in every article."""
        return any(not self.phrases[phrase].key for phrase in ask), len(ask)

    def find(self, article: Article) -> tuple[Match, ...]:
        body = f"{article.summary}\n{article.text}" if article.text else article.summary
        folded = fold(f"{article.title}{FIELD_BREAK}{body}")
        keys = self.by_key.keys() & text_keys(folded.text, self.stems)
        candidates = [phrase for key in keys for phrase in self.by_key[key]] + self.always
        if not candidates:
            return ()
        text = _Text(self, folded, len(article.title), f"{article.title}{FIELD_BREAK}{body}")
        possible = {at for phrase in candidates if text.mentions(phrase) for at in self.begins[phrase]}
        return tuple(
            match
            for at in sorted(possible)
            if _concerns(self.terms[at].term, article)
            for match in text.matches(self.terms[at])
        )


def _concerns(term: WatchTerm, article: Article) -> bool:
    return (
        (not term.languages or article.language in term.languages)
        and (not term.outlets or article.outlet in term.outlets)
        and (not term.tiers or article.tier in term.tiers)
    )


class _Text:
    """One article while it is being matched: each phrase is looked up once."""

    def __init__(self, watch: _Watch, folded: Folded, title_length: int, original: str) -> None:
        self._watch = watch
        self._folded = folded
        self._original = original
        self._title_length = title_length
        self._title_end = folded.text_position(title_length)
        self._found: dict[int, list[Span]] = {}
        self._words: list[int] | None = None
        self._ends: list[int] | None = None

    def mentions(self, phrase: int) -> list[Span]:
        found = self._found.get(phrase)
        if found is None:
            found = self._found[phrase] = self._watch.phrases[phrase].spans(self._folded)
        return found

    def matches(self, term: _Term) -> tuple[Match, ...]:
        """The mentions of one term, or nothing when the article does not match it."""
        fields = (term.term.field,) if term.term.field is not Field.BOTH else (Field.TITLE, Field.TEXT)

        def within(phrases: Iterable[int]) -> list[Span]:
            return [span for phrase in phrases for span in self.mentions(phrase) if self._field(span) in fields]

        if not all(within(ask) for ask in term.asks) or within(term.none_of):
            return ()
        if not all(any(self._close(near, field) for field in fields) for near in term.near):
            return ()
        spans = sorted(set(within(term.positives)))
        return tuple(self._match(term.term.name, span) for span in spans[:MOST_MENTIONS])

    def _field(self, span: Span) -> Field:
        return Field.TITLE if span[0] < self._title_end else Field.TEXT

    def _close(self, near: _Near, field: Field) -> bool:
        groups = [
            [span for phrase in group for span in self.mentions(phrase) if self._field(span) is field]
            for group in near.groups
        ]
        if not all(groups):
            return False
        if near.words:
            return _smallest_gap(groups, self._word_starts()) <= near.words
        ends = self._sentence_ends()
        return bool(set.intersection(*({sentence_of(ends, start) for start, _ in group} for group in groups)))

    def _word_starts(self) -> list[int]:
        if self._words is None:
            self._words = word_starts(self._folded.text)
        return self._words

    def _sentence_ends(self) -> list[int]:
        if self._ends is None:
            self._ends = sentence_ends(self._folded.text)
        return self._ends

    def _match(self, name: str, span: Span) -> Match:
        start, end = self._folded.original(*span)
        found = self._original[start:end]
        if self._field(span) is Field.TITLE:
            return Match(term=name, found=found, field=Field.TITLE, start=start, end=end)
        moved = self._title_length + len(FIELD_BREAK)
        return Match(term=name, found=found, field=Field.TEXT, start=start - moved, end=end - moved)


def _smallest_gap(groups: Sequence[Sequence[Span]], words: list[int]) -> int:
    """Words between the first of the closest choice of one mention from each group and its last."""
    ordered = [_by_end(group) for group in groups]
    best = len(words) + 1
    for first in {span for group in groups for span in group}:
        last_start = 0
        for ends, earliest_starts in ordered:
            at = bisect_left(ends, first[1])
            if at == len(ends):
                break
            last_start = max(last_start, earliest_starts[at])
        else:
            best = min(best, bisect_left(words, last_start) - bisect_left(words, first[1]))
    return max(best, 0)


def _by_end(group: Sequence[Span]) -> tuple[list[int], list[int]]:
    """The ends of the mentions in order, and from each on the earliest start among the rest."""
    spans = sorted(group, key=lambda span: span[1])
    earliest: list[int] = []
    lowest = spans[-1][1]
    for start, _ in reversed(spans):
        lowest = min(lowest, start)
        earliest.append(lowest)
    return [end for _, end in spans], earliest[::-1]
