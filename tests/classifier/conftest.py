"""A model trained on a small part of the corpus, once for all tests of the classifier."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.classifier import Example, Trained, read_corpus, train

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
MADE_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    """Every eighth example of the corpus."""
    return read_corpus(CORPUS)[::8]


@pytest.fixture(scope="session")
def trained(examples: list[Example]) -> Trained:
    """A model of those."""
    return train(examples, seed=7, made_at=MADE_AT, product_version="test")
