"""A trained model: probabilities, themes and the exact reasons for them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from monitor.classifier.features import BLOCKS, Reader, Sentence
from monitor.classifier.reasons import explain
from monitor.core.article import Article
from monitor.core.decision import ModelCard, Prediction, Reason

Floats = NDArray[np.float32]
CHUNK = 512  # articles a matrix: bounds memory, whatever the caller asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All that a prediction needs. ``vocabulary``: feature -> column; columns of one block share ``block``'s number.

    ``scale``: what a count is multiplied with (inverse document frequency), then every block of a text is brought to
    length ``lengths[block]`` (0: left as it is). ``relevance`` and ``themes`` (one row a theme): calibrated log-odds.
    """

    vocabulary: Mapping[str, int]
    block: NDArray[np.int8]
    scale: Floats
    lengths: Floats
    relevance: Floats
    bias: float
    theme_ids: tuple[str, ...]
    themes: Floats
    theme_bias: Floats


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
        made: list[Prediction] = []
        for start in range(0, len(articles), CHUNK):
            chunk = articles[start : start + CHUNK]
            read = [self.reader.sentences(article.title, article.summary) for article in chunk]
            matrix = vectorize(self.weights, [self.reader.features_of(sentences) for sentences in read])
            relevance = sigmoid(matrix @ self.weights.relevance.astype(np.float64) + self.weights.bias)
            themes = sigmoid(matrix @ self.weights.themes.T.astype(np.float64) + self.weights.theme_bias)
            for row, article in enumerate(chunk):
                made.append(
                    Prediction(
                        article_id=article.id,
                        model=self.version,
                        probability=float(relevance[row]),
                        themes={name: float(p) for name, p in zip(self.weights.theme_ids, themes[row], strict=True)},
                        reasons=self._reasons(read[row], matrix[row]) if reasons else (),
                    )
                )
        return made

    def _reasons(self, sentences: list[Sentence], row: sparse.csr_matrix) -> tuple[Reason, ...]:
        shares = dict(zip(row.indices.tolist(), (row.data * self.weights.relevance[row.indices]).tolist(), strict=True))
        return explain(self.reader, self.weights.vocabulary, shares, self.weights.bias, sentences)


def vectorize(weights: Weights, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Features of texts -> matrix (texts x columns): 1 + log(count), scaled, each block brought to its length."""
    column_of = weights.vocabulary.get
    columns: list[int] = []
    starts = [0]
    for features in texts:
        columns.extend([column for feature in features if (column := column_of(feature)) is not None])
        starts.append(len(columns))
    data = np.ones(len(columns), dtype=np.float64)
    shape = (len(texts), len(weights.scale))
    matrix = sparse.csr_matrix((data, np.asarray(columns, dtype=np.int32), np.asarray(starts, dtype=np.int32)), shape)
    matrix.sum_duplicates()
    matrix.data = (1.0 + np.log(matrix.data)) * weights.scale[matrix.indices]
    rows = np.repeat(np.arange(len(texts)), np.diff(matrix.indptr))
    cells = rows * len(BLOCKS) + weights.block[matrix.indices]
    squares = np.bincount(cells, weights=matrix.data**2, minlength=len(texts) * len(BLOCKS))
    lengths = np.tile(weights.lengths.astype(np.float64), len(texts))
    factors = np.where((lengths > 0) & (squares > 0), lengths / np.sqrt(np.maximum(squares, 1e-12)), 1.0)
    matrix.data *= factors[cells]
    return matrix


def sigmoid(z: Any) -> Any:
    """Log-odds -> probability, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=np.float64)))


def logit(p: float) -> float:
    """Probability -> log-odds; 0 and 1 give finite, large values."""
    p = min(max(p, 1e-12), 1.0 - 1e-12)
    return math.log(p / (1.0 - p))
