"""The features that a model knows, and their columns."""

from array import array
from collections.abc import Iterable, Sequence

from monitor.classifier.features import Sentence, letters, named_features, spelt

MEMO = 100_000  # words that are remembered; beyond, memory would grow with the stream


class Vocabulary(dict[str, int]):
    """Feature -> column. Remembers the columns of words' letters: most features are these, and words come again."""

    def __init__(self, features: Iterable[str] = ()) -> None:
        super().__init__((feature, column) for column, feature in enumerate(features))
        self._spelt: dict[str, array[int]] = {}

    def columns(self, features: Iterable[str]) -> "array[int]":
        """The columns of those features that are known, repeated as they are."""
        get = self.get
        return array("i", [column for feature in features if (column := get(feature)) is not None])

    def columns_of(self, sentences: Sequence[Sentence]) -> "array[int]":
        """The same of all features of a text."""
        found = self.columns(named_features(sentences))
        for word in spelt(sentences):
            found += self.letters(word)
        return found

    def letters(self, word: str) -> "array[int]":
        """The columns of one word's letters."""
        known = self._spelt.get(word)
        if known is None:
            if len(self._spelt) >= MEMO:
                self._spelt.clear()
            known = self._spelt[word] = self.columns(letters(word))
        return known
