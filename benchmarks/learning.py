"""Does the product learn from few labels, and what do wrong ones cost? A user is simulated on the project's own corpus.

    python benchmarks/learning.py [FILE.jsonl ...] [--runs 3]

In each run the corpus is dealt anew: 1,000 texts are the test, some are what the model begins with, and of the rest a
pool is made in which 1 text in 10 is relevant, as in the stream of feeds. The user answers what the corpus says. FILE:
further labelled texts on which the same models are measured; nothing is learnt from them.

- Order: the model asks for 20 labels at a time and learns; in the product's order (``monitor.classifier.inquire``) and
  in random order.
- Review: what if the most probable is read first, until 95 % of the pool's relevant texts are found (WSS@95, Cohen et
  al. 2006: the share of reading saved over random order)?
- Wrong labels: five people give 60 labels each; all are right, all are wrong 1 time in 10, or one is always wrong.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from monitor.classifier import Example, Model, as_article, augment, read_corpus, read_examples, train
from monitor.classifier.corpus import LABEL, LABEL_WEIGHT
from monitor.classifier.features import Reader
from monitor.classifier.gazetteer import gazetteer
from monitor.classifier.heads import fit
from monitor.classifier.inquire import instructive
from monitor.classifier.measure import average_precision, recall_at_precision
from monitor.classifier.model import sigmoid, vectorize
from monitor.classifier.train import STRENGTH, Trained, _frame

ROOT = Path(__file__).parents[1]
TEST, START, BATCH, LABELS = 1000, 100, 20, 400
RELEVANT = 0.1  # share of the pool
SLOPE = 2.5  # Platt's, about, of a model of this size
LINE = 0.3  # the threshold around which is asked
PEOPLE, EACH, BEGUN = 5, 60, 1000  # for wrong labels: who gives how many, and what the model begins with
Ints = NDArray[np.int64]


class Bench:
    """The corpus as one matrix, and further sets to measure on."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.examples = read_corpus(ROOT / "models" / "corpus")
        reader = Reader(gazetteer())
        texts = augment.training_texts(self.examples, reader)
        self.frame = _frame([text.features for text in texts if not text.swapped])
        self.rows = vectorize(self.frame, [text.features for text in texts])
        self.owner = np.array([text.owner for text in texts])
        self.weight = np.array([text.weight for text in texts])
        self.y = np.array([text.relevant for text in texts])
        self.own = self.rows[: len(self.examples)]
        self.truth = np.array([example.relevant for example in self.examples])
        self.others = {file.name: read_examples(file) for file in files}
        self.matrices = {
            name: vectorize(self.frame, [reader.features(e.title, e.summary) for e in items])
            for name, items in self.others.items()
        }

    def deal(self, seed: int, start: int) -> tuple[Ints, Ints, Ints]:
        """Indices of the test, of what the model begins with, and of the pool."""
        random = np.random.default_rng(seed)
        dealt = random.permutation(len(self.examples))
        test, begun, rest = np.split(dealt, [TEST, TEST + start])
        plain, wanted = rest[~self.truth[rest]], rest[self.truth[rest]]
        share = int(len(plain) * RELEVANT / (1 - RELEVANT))
        return test, begun, random.permutation(np.concatenate([plain, wanted[:share]]))

    def head(self, known: Sequence[int]) -> Callable[[sparse.csr_matrix], NDArray[np.float64]]:
        """Learn from the texts with these indices and their copies."""
        mine = np.isin(self.owner, known)
        return fit(self.rows[mine], self.y[mine], self.weight[mine], STRENGTH, 0).decision_function

    def measured(self, score: Callable[[sparse.csr_matrix], NDArray[np.float64]], test: Ints) -> list[float]:
        """Recall at precision 0.90 and average precision, on the test and on each further set."""
        sets = [(self.truth[test], self.own[test])]
        sets += [
            (np.array([item.relevant for item in items]), self.matrices[name]) for name, items in self.others.items()
        ]
        found = []
        for truth, matrix in sets:
            scores = score(matrix)
            found += [recall_at_precision(truth, scores, 0.9), average_precision(truth, scores)]
        return found


def learn(bench: Bench, seed: int, order: str) -> NDArray[np.float64]:
    """One row a batch: what is measured after 0, 20, 40 ... labels."""
    test, begun, pool = bench.deal(seed, START)
    known, left, rows = begun.tolist(), pool, []
    for _ in range(LABELS // BATCH + 1):
        score = bench.head(known)
        rows.append(bench.measured(score, test))
        picked = list(range(BATCH))
        if order == "product":
            probability = sigmoid(SLOPE * score(bench.own[left]))
            picked = instructive(probability, bench.own[left], threshold=LINE, wanted=BATCH)
        known += left[picked].tolist()
        left = np.delete(left, picked)
    return np.array(rows)


def review(bench: Bench, seed: int) -> float:
    """Work saved over sampling at 95 % recall, the most probable read first."""
    _, begun, pool = bench.deal(seed, START)
    known, left, found = begun.tolist(), pool, 0
    wanted = int(np.ceil(0.95 * bench.truth[pool].sum()))
    while found < wanted:
        picked = np.argsort(-bench.head(known)(bench.own[left]), kind="stable")[:BATCH]
        found += int(bench.truth[left[picked]].sum())
        known += left[picked].tolist()
        left = np.delete(left, picked)
    return len(left) / len(pool) - 0.05


def trained(examples: Sequence[Example]) -> Trained:
    return train(examples, seed=1, made_at=datetime(2026, 1, 1, tzinfo=UTC), product_version="benchmark")


def scores(model: Model, items: Sequence[Example]) -> float:
    probability = [p.probability for p in model.predict([as_article(item) for item in items], reasons=False)]
    return average_precision(np.array([item.relevant for item in items]), np.array(probability))


def wrong_labels(bench: Bench, seed: int) -> dict[str, list[float]]:
    """Average precision by scenario, on the test and on each further set."""
    test, begun, pool = bench.deal(seed, BEGUN)
    corpus = [bench.examples[at] for at in begun]
    probability = sigmoid(SLOPE * bench.head(begun.tolist())(bench.own[pool]))
    asked = pool[instructive(probability, bench.own[pool], threshold=LINE, wanted=PEOPLE * EACH)]
    random = np.random.default_rng(seed)
    slips = random.random(len(asked)) < 0.1
    people = np.arange(len(asked)) % PEOPLE

    def labels(wrong: NDArray[np.bool_], kind: str = LABEL) -> list[Example]:
        return [
            replace(
                e, kind=kind, who=f"p{who}", weight=LABEL_WEIGHT, relevant=e.relevant != bool(w), themes_known=False
            )
            for e, who, w in zip((bench.examples[at] for at in asked), people, wrong, strict=True)
        ]

    nobody, liar = np.zeros(len(asked), dtype=bool), people == 0
    cases = {
        "no labels": corpus,
        "all right": corpus + labels(nobody),
        "10 % wrong": corpus + labels(slips),
        "one always wrong": corpus + labels(liar),
        "the same, all trusted alike": corpus + labels(liar, kind="trusted"),
    }
    found = {}
    for name, examples in cases.items():
        made = trained(examples)
        sets = [[bench.examples[at] for at in test], *bench.others.values()]
        found[name] = [scores(made.model, items) for items in sets]
        if name == "one always wrong":
            rated = {one.who: one for one in made.labellers}
            others = [one for who, one in rated.items() if who != "p0"]
            told = [rated["p0"].accuracy, rated["p0"].weight, min(o.accuracy for o in others)]
            found["rated"] = [*told, min(o.weight for o in others), float(rated["p0"].doubtful)]
    return found


def needed(curve: NDArray[np.float64], goal: float) -> int:
    """Labels after which ``goal`` is reached; LABELS + 1 when it never is."""
    reached = np.flatnonzero(curve >= goal)
    return int(reached[0]) * BATCH if len(reached) else LABELS + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    began = time.process_time()
    bench = Bench(arguments.files)
    sets = ["test", *bench.others]
    seeds = range(arguments.runs)
    curves = {order: np.mean([learn(bench, s, order) for s in seeds], axis=0) for order in ("random", "product")}
    print("| labels | order |" + "".join(f" {s}: recall at precision 0.90 | AP |" for s in sets))
    for at in range(0, LABELS // BATCH + 1, 5):
        for order, rows in curves.items():
            print(f"| {at * BATCH} | {order} |" + "".join(f" {value:.3f} |" for value in rows[at]), flush=True)
    print("\n| gain | by random order with | by the product's with | ratio |")
    for column, name in ((0, "recall at precision 0.90"), (1, "average precision")):
        for part in (0.5, 1.0):
            rows = curves["random"][:, column]
            goal = rows[0] + part * (rows[-1] - rows[0])
            by = {order: needed(curve[:, column], goal) for order, curve in curves.items()}
            ratio = by["product"] / by["random"]
            print(f"| {name} {rows[0]:.3f} to {goal:.3f} | {by['random']} | {by['product']} | {ratio:.2f} |")
    saved = [review(bench, s) for s in seeds]
    print(f"\nwork saved over sampling at 95 % recall: {np.mean(saved):.3f} ({min(saved):.3f} to {max(saved):.3f})")
    cases = [wrong_labels(bench, s) for s in seeds]
    print("\n| labels | " + " | ".join(f"AP, {s}" for s in sets) + " |", flush=True)
    for name in (name for name in cases[0] if name != "rated"):
        print(f"| {name} | " + " | ".join(f"{v:.3f}" for v in np.mean([c[name] for c in cases], axis=0)) + " |")
    rated = np.array([case["rated"] for case in cases])
    print(f"\nalways wrong: accuracy {rated[:, 0].max():.2f} at most, weight {rated[:, 1].max():.2f} at most")
    print(f"noticed in {int(rated[:, 4].sum())} of {len(cases)}; the others: accuracy {rated[:, 2].min():.2f}", end="")
    print(f" at least, weight {rated[:, 3].min():.2f} at least; {time.process_time() - began:.0f} s of CPU time")


if __name__ == "__main__":
    main()
