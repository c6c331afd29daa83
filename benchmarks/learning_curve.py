"""Does more corpus, or another group of features, still help? python benchmarks/learning_curve.py FILE [FILE ...]

Each row trains the relevance head and the theme heads on a part of models/corpus, and measures them on the labelled
texts of every FILE (JSON lines as `monitor evaluate` reads them). Theme F1 is at 0.4 for every theme, so that rows
differ by what was learnt and not by thresholds.
"""

import sys
from pathlib import Path

import numpy as np

from monitor.classifier import augment
from monitor.classifier.corpus import Example, read_corpus, read_examples
from monitor.classifier.features import BLOCKS, Reader
from monitor.classifier.gazetteer import gazetteer
from monitor.classifier.heads import THEME_STRENGTH, fit
from monitor.classifier.measure import average_precision, recall_at_precision
from monitor.classifier.model import sigmoid, vectorize
from monitor.classifier.train import STRENGTH, frame
from monitor.core.theme import THEME_IDS

CORPUS = Path(__file__).parents[1] / "models" / "corpus"
PARTS = ((0.125, "cwk"), (0.25, "cwk"), (0.5, "cwk"), (1.0, "cwk"), (1.0, "c"), (1.0, "cw"), (1.0, "ck"), (1.0, "wk"))
SEED = 7
THRESHOLD = 0.4


def measured(examples: list[Example], blocks: str, sets: dict[str, list[Example]], reader: Reader) -> dict[str, str]:
    """Average precision, recall at precision 0.90 and theme micro-F1 of each set."""
    texts = augment.training_texts(examples, reader)
    weights = frame([text.features for text in texts if not text.swapped])
    kept = np.isin(weights.block, [BLOCKS.index(name) for name in blocks])
    matrix = vectorize(weights, [text.features for text in texts])[:, kept]
    owner = np.array([text.owner for text in texts])
    weight = np.array([text.weight for text in texts])
    head = fit(matrix, np.array([text.relevant for text in texts]), weight, STRENGTH, SEED)
    themed = np.array([not t.swapped and examples[t.owner].relevant for t in texts])
    truth = np.array([[name in e.themes for name in THEME_IDS] for e in examples])
    heads = [
        fit(matrix[themed], truth[owner[themed], index], weight[themed], THEME_STRENGTH, SEED)
        for index in range(len(THEME_IDS))
    ]
    row = {}
    for name, items in sets.items():
        seen = vectorize(weights, [reader.features(i.title, i.summary) for i in items])[:, kept]
        y = np.array([item.relevant for item in items])
        scores = head.decision_function(seen)
        wanted = np.array([[theme in i.themes for theme in THEME_IDS] for i in items])[y]
        told = np.array([sigmoid(h.decision_function(seen[y])) >= THRESHOLD for h in heads]).T
        f1 = 2 * (told & wanted).sum() / max(1, told.sum() + wanted.sum())
        row[name] = f"{average_precision(y, scores):.3f} / {recall_at_precision(y, scores, 0.9):.3f} / {f1:.3f}"
    return row


def main() -> None:
    """Print the table."""
    sets = {Path(name).name: read_examples(Path(name)) for name in sys.argv[1:]}
    if not sets:
        raise SystemExit(__doc__)
    reader, corpus = Reader(gazetteer()), read_corpus(CORPUS)
    order = np.random.default_rng(SEED).permutation(len(corpus))
    print(f"| texts | features | {' | '.join(sets)} |\n|---|---|{'---|' * len(sets)}")
    for share, blocks in PARTS:
        part = [corpus[i] for i in sorted(order[: round(share * len(corpus))])]
        row = measured(part, blocks, sets, reader)
        print(f"| {len(part)} | {blocks} | {' | '.join(row.values())} |", flush=True)


if __name__ == "__main__":
    main()
