"""Which watch terms an article matches, and where."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from monitor.core.article import Article
from monitor.core.fold import FIELD_BREAK, Folded, fold, sentence_ends, sentence_of, word_starts
from monitor.core.phrase import KEY_LENGTH, Phrase, compile_phrase, text_keys
from monitor.core.watch import Field, Match, Watch, WatchTerm

Span = tuple[int, int]
CJK_BEGINS = "\u1100"
MOST_MENTIONS = 5  # of one term in one article that are reported
FEW_KEYS = 60
FILTER_ROOM = 10_000  # letters of patterns in one prefilter: more would not fit into its memory


def find_matches(watch: Watch, article: Article) -> tuple[Match, ...]:
    """Mentions of the watch terms that the article matches, by name of term and place; no match has no mention.

    ``start`` and ``end`` count in the article's title or text (summary, then full text after a line feed).
    """
    text, terms = _compiled(_Same(watch)).begin(article)
    return tuple(match for held in terms if text.holds(held) for match in text.mentions(held))


def matching_terms(watch: Watch, article: Article) -> list[str]:
    """Names of the watch terms that the article matches, in order: the same, without the work of saying where."""
    text, terms = _compiled(_Same(watch)).begin(article)
    return [held.term.name for held in terms if text.holds(held)]


Phrases = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term with numbers in the place of its phrases."""

    term: WatchTerm
    asks: tuple[Phrases, ...]
    """Sets of phrases of which one each must be there."""
    none_of: Phrases
    near: tuple[tuple[tuple[Phrases, ...], int], ...]
    """Groups, and the words that may stand between them (0: one sentence)."""
    positives: Phrases
    """Every phrase whose mention is a mention of the term."""


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
        self.terms = [_numbered(term, numbers) for term in sorted(watch.terms, key=lambda term: term.name)]
        self.phrases = [compile_phrase(source) for source in numbers]
        # A term is looked at when a phrase of its rarest set may be there.
        self.begins: dict[int, list[int]] = {}
        for at, term in enumerate(self.terms):
            for phrase in min(term.asks, key=self._dearness, default=()):
                self.begins.setdefault(phrase, []).append(at)
        self.by_key: dict[str, list[int]] = {}
        for at, held in enumerate(self.phrases):
            for key in held.keys:
                self.by_key.setdefault(key, []).append(at)
        self.keyless = _Keyless((at, held) for at, held in enumerate(self.phrases) if not held.keys)
        self.stems = frozenset(len(key) for key in self.by_key if len(key) < KEY_LENGTH and key[0] < CJK_BEGINS)

    def _dearness(self, ask: Phrases) -> tuple[bool, int]:
        """What it costs to begin with this set: phrases without a key must be looked for in every article."""
        return any(not self.phrases[phrase].keys for phrase in ask), len(ask)

    def begin(self, article: Article) -> tuple["_Text", list[_Term]]:
        """The article, and the terms that it may match."""
        body = f"{article.summary}\n{article.text}" if article.text else article.summary
        folded = fold(f"{article.title}{FIELD_BREAK}{body}")
        keys = self._keys_in(folded.text)
        possible = {phrase for key in keys for phrase in self.by_key[key]}
        if self.keyless.filters:
            possible.update(self.keyless.possible(folded.spelt))
        begun = {at for phrase in possible & self.begins.keys() for at in self.begins[phrase]}
        terms = [self.terms[at] for at in sorted(begun)]
        terms = [
            held for held in terms if not any(map(possible.isdisjoint, held.asks)) and _concerns(held.term, article)
        ]
        return _Text(self, folded, possible, keys, title=article.title, body=body), terms

    def _keys_in(self, text: str) -> set[str]:
        """The keys that this folded text may have: a few are looked for one by one, many among the text's own."""
        if len(self.by_key) > FEW_KEYS:
            return self.by_key.keys() & text_keys(text, self.stems)
        bare = text.replace("-", "")  # a hyphen may stand between characters of scripts without blanks
        return {key for key in self.by_key if key in text or key in bare}


class _Keyless:
    """Phrases that begin no word, and regular expressions: one pass over a text says which may be in it.

    RE2's own prefilter: the literals that every match of a pattern must hold, looked for all at once.
    """

    def __init__(self, phrases: Iterable[tuple[int, Phrase]]) -> None:
        options = re2.Options()
        options.log_errors = False
        self.filters: list[tuple[Any, list[int]]] = []
        room = 0
        for number, phrase in phrases:
            room -= len(phrase.source) * len(phrase.forms)
            if room < 0 or not self.filters:
                self.filters.append((re2.Filter(), []))
                room = FILTER_ROOM
            made, numbers = self.filters[-1]
            made.Add(phrase.prefilter, options)
            numbers.append(number)
        for made, _ in self.filters:
            made.Compile()

    def possible(self, spelt: str) -> list[int]:
        """Numbers of the phrases that this text may have."""
        return [numbers[at] for made, numbers in self.filters for at in made.Match(spelt, True) or ()]


def _numbered(term: WatchTerm, numbers: dict[str, int]) -> _Term:
    def number(phrases: Iterable[str]) -> Phrases:
        return frozenset(numbers.setdefault(phrase, len(numbers)) for phrase in phrases)

    near = tuple((tuple(number(group) for group in near.groups), near.words) for near in term.near)
    asks = [number(term.any_of)] if term.any_of else []
    asks += [number([phrase]) for phrase in term.all_of]
    asks += [group for groups, _ in near for group in groups]
    return _Term(term, tuple(asks), number(term.none_of), near, frozenset().union(*asks))


def _concerns(term: WatchTerm, article: Article) -> bool:
    return (
        (not term.languages or article.language in term.languages)
        and (not term.outlets or article.outlet in term.outlets)
        and (not term.tiers or article.tier in term.tiers)
    )


class _Text:
    """One article while it is being matched: each phrase that may be there is looked up once."""

    def __init__(
        self, watch: _Watch, folded: Folded, possible: set[int], keys: set[str], *, title: str, body: str
    ) -> None:
        self._watch = watch
        self._keys = keys
        self._folded = folded
        self._possible = possible
        self._original = f"{title}{FIELD_BREAK}{body}"
        self._title_length = len(title)
        self._title_end = folded.text_position(len(title))
        self._found: dict[int, list[Span]] = {}
        self._words: list[int] | None = None
        self._ends: list[int] | None = None

    def _mentions(self, phrases: Phrases, field: Field) -> list[Span]:
        """Mentions of any of these phrases in this field."""
        spans = [span for phrase in phrases & self._possible for span in self._lookup(phrase)]
        if field is Field.BOTH:
            return spans
        return [span for span in spans if self._field(span) is field]

    def _has(self, phrases: Phrases, field: Field) -> bool:
        """Whether any of these phrases is mentioned in this field."""
        for phrase in phrases & self._possible:
            spans = self._lookup(phrase)
            if spans and (field is Field.BOTH or any(self._field(span) is field for span in spans)):
                return True
        return False

    def _lookup(self, phrase: int) -> list[Span]:
        found = self._found.get(phrase)
        if found is None:
            found = self._found[phrase] = self._watch.phrases[phrase].spans(self._folded, self._keys)
        return found

    def holds(self, held: _Term) -> bool:
        """Whether the article matches a term."""
        field = held.term.field
        if not all(self._has(ask, field) for ask in held.asks) or self._has(held.none_of, field):
            return False
        places = (Field.TITLE, Field.TEXT) if field is Field.BOTH else (field,)
        return all(any(self._close(groups, words, place) for place in places) for groups, words in held.near)

    def mentions(self, held: _Term) -> tuple[Match, ...]:
        """The mentions of a term that the article matches."""
        spans = sorted(set(self._mentions(held.positives, held.term.field)))
        return tuple(self._match(held.term.name, span) for span in spans[:MOST_MENTIONS])

    def _field(self, span: Span) -> Field:
        return Field.TITLE if span[0] < self._title_end else Field.TEXT

    def _close(self, groups: Sequence[Phrases], words: int, field: Field) -> bool:
        mentions = [self._mentions(group, field) for group in groups]
        if not all(mentions):
            return False
        if words:
            return _smallest_gap(mentions, self._word_starts()) <= words
        ends = self._sentence_ends()
        return bool(set.intersection(*({sentence_of(ends, start) for start, _ in group} for group in mentions)))

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
