"""A trained model: probabilities, themes and the exact reasons for them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from monitor.classifier.features import BLOCKS, Reader
from monitor.classifier.reasons import explain
from monitor.classifier.vocabulary import Vocabulary
from monitor.core.article import Article
from monitor.core.decision import ModelCard, Prediction

Floats = NDArray[np.float32]
CHUNK = 512  # articles a matrix: bounds memory, whatever the caller asks for


@dataclass(frozen=True, kw_only=True)
class Weights:
    """All that a prediction needs. ``vocabulary``: feature -> column; columns of one block share ``block``'s number.

    ``scale``: what a count is multiplied with (inverse document frequency), then every block of a text is brought to
    length ``lengths[block]`` (0: left as it is). ``relevance`` and ``themes`` (one row a theme): calibrated log-odds.
    """

    vocabulary: Vocabulary
    block: NDArray[np.int8]
    scale: Floats
    lengths: Floats
    relevance: Floats
    bias: float
    theme_ids: tuple[str, ...]
    themes: Floats
    theme_bias: Floats

    @cached_property
    def heads(self) -> NDArray[np.float64]:
        """Columns x heads, relevance first: made once, as it is as large as all the rest."""
        return np.column_stack([self.relevance, self.themes.T]).astype(np.float64)

    @cached_property
    def biases(self) -> NDArray[np.float64]:
        """Those of ``heads``."""
        return np.array([self.bias, *self.theme_bias.tolist()])


@dataclass(frozen=True, slots=True)
class Model:
    """What ``load_model`` gives: ``predict`` and the card."""

    card: ModelCard
    weights: Weights
    reader: Reader

    @property
    def version(self) -> str:
        """The model's version, as in its card."""
        return self.card.version

    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:
        """One prediction an article, in their order.

        With ``reasons``, those of each prediction add up, base included, to logit(probability), exactly.
        """
        return [
            prediction
            for start in range(0, len(articles), CHUNK)
            for prediction in self._predict(articles[start : start + CHUNK], reasons)
        ]

    def matrix(self, texts: Iterable[tuple[str, str]]) -> sparse.csr_matrix:
        """(Title, summary) -> texts x columns, as the heads see them."""
        columns = self.weights.vocabulary.columns_of
        return vectorize(self.weights, [columns(self.reader.sentences(*text)) for text in texts])

    def _predict(self, articles: Sequence[Article], reasons: bool) -> Iterator[Prediction]:
        weights = self.weights
        read = [self.reader.sentences(article.title, article.summary) for article in articles]
        matrix = vectorize(weights, [weights.vocabulary.columns_of(sentences) for sentences in read])
        probabilities = sigmoid(matrix @ weights.heads + weights.biases).tolist()
        shares = matrix.data * weights.relevance[matrix.indices]
        for row, (article, (probability, *themes)) in enumerate(zip(articles, probabilities, strict=True)):
            cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
            yield Prediction(
                article_id=article.id,
                model=self.version,
                probability=probability,
                themes=dict(zip(weights.theme_ids, themes, strict=True)),
                reasons=explain(
                    self.reader,
                    weights.vocabulary,
                    dict(zip(matrix.indices[cells].tolist(), shares[cells].tolist(), strict=True)),
                    weights.bias,
                    read[row],
                )
                if reasons
                else (),
            )


def vectorize(weights: Weights, texts: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """Columns of texts -> matrix (texts x columns): 1 + log(count), scaled, blocks brought to their length."""
    width = len(weights.scale)
    rows = np.repeat(np.arange(len(texts)), [len(columns) for columns in texts])
    found, counts = np.unique(rows * width + np.concatenate(texts), return_counts=True)
    rows, columns = np.divmod(found, width)
    data = (1.0 + np.log(counts)) * weights.scale[columns]
    cells = rows * len(BLOCKS) + weights.block[columns]
    squares = np.bincount(cells, weights=data**2, minlength=len(texts) * len(BLOCKS))
    lengths = np.tile(weights.lengths.astype(np.float64), len(texts))
    factors = np.where((lengths > 0) & (squares > 0), lengths / np.sqrt(np.maximum(squares, 1e-12)), 1.0)
    starts = np.searchsorted(rows, np.arange(len(texts) + 1))
    shape = (len(texts), width)
    return sparse.csr_matrix((data * factors[cells], columns.astype(np.int32), starts.astype(np.int32)), shape)


def sigmoid(z: Any) -> Any:
    """Log-odds -> probability, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=np.float64)))


def logit(p: float) -> float:
    """Probability -> log-odds; 0 and 1 give finite, large values."""
    p = min(max(p, 1e-12), 1.0 - 1e-12)
    return math.log(p / (1.0 - p))
