"""Write the figures of the model card anew (`make card`): train on the corpus, measure, fill in one block of the card.

Whoever changes the corpus, the evaluation set, the gazetteer or the training runs this; a test names the digests.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import monitor
from monitor.classifier import Example, Report, evaluate, read_corpus, read_examples, train
from monitor.core.decision import ModelCard
from monitor.core.theme import THEME_IDS
from monitor.run import SEED

MODELS = Path(__file__).parents[1] / "models"
CARD = MODELS / "README.md"
BEGIN, END = "<!-- figures: written by `make card`, not by hand -->", "<!-- end of figures -->"
KINDS = ("positive", "hard_negative", "easy_negative")
NAMES = {
    "average_precision": "average precision",
    "recall_at_precision_90": "recall at precision 0.90",
    "precision": "precision at the digest threshold",
    "recall": "recall at the digest threshold",
    "alert_precision": "precision at the alert threshold",
    "alert_recall": "recall at the alert threshold",
    "calibration_error": "calibration error",
}
SLICES = ("language", "text", "names")
CROSS_VALIDATED = {"precision": "digest_precision", "recall": "digest_recall_all"}
"""Where the card of a model calls a figure something else."""


def main() -> None:
    """Replace the block, and say what it holds now."""
    corpus, held_out = read_corpus(MODELS / "corpus"), read_examples(MODELS / "evaluation.jsonl")
    model = train(corpus, seed=SEED, made_at=datetime.now(UTC), product_version=monitor.__version__).model
    block = "\n".join(_block(corpus, model.card, evaluate(model, held_out)))
    text = CARD.read_text(encoding="utf-8")
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        sys.exit(f"{CARD}: the lines {BEGIN!r} and {END!r} must be in it")
    CARD.write_text(f"{before}{BEGIN}\n\n{block}\n{END}{after}", encoding="utf-8")
    print(block)


def _block(corpus: Sequence[Example], card: ModelCard, report: Report) -> Iterator[str]:
    limits = card.thresholds
    yield f"Corpus `{card.corpus_digest}`, gazetteer `{card.gazetteer_digest}`, evaluation set `{report.digest}`; seed"
    yield f"{card.seed}, {card.figures['features']:,} features. Digest threshold {limits.digest:.3f}, alert threshold"
    yield f"{limits.alert:.3f}. On the corpus {card.figures['digest_recall']:.3f} of the relevant texts that name both"
    yield "sides reach the digest threshold (cross-validated)."
    yield ""
    yield f"The corpus: {len(corpus):,} texts."
    yield ""
    languages = Counter(e.language for e in corpus)
    columns = ("language", "texts", "relevant", "hard negative", "easy negative", "title only")
    yield from _table(columns, [_counts(name, corpus) for name, _ in languages.most_common()])
    yield f"Held-out figures: {report.figures.items} texts of the evaluation set, {report.figures.relevant} relevant;"
    yield "intervals are 95 %, by bootstrap."
    yield ""
    yield from _table(("figure", "held out", "interval", "cross-validated on the corpus"), _figures(card, report))
    yield from _table(
        ("held out", "texts", "relevant", "AP", "interval", "precision", "recall", "interval"), _slices(report)
    )
    yield "Precision and recall at the digest threshold, whose promise is for all texts as weighted in training."
    yield "What has fewer than five"
    yield "relevant texts is left out."
    yield ""
    yield "Themes, on relevant texts:"
    yield ""
    yield from _table(
        ("theme", "corpus texts", "threshold", "F1 cross-validated", "held-out texts", "F1 held out", "interval"),
        _themes(corpus, card, report),
    )
    micro, macro = (_spread(report.theme_intervals[name]) for name in ("micro_f1", "macro_f1"))
    yield f"Over all: micro-F1 {report.theme_micro_f1:.3f} ({micro}), macro-F1 over themes of at least twenty texts"
    yield f"{report.theme_macro_f1:.3f} ({macro})."
    yield ""


def _counts(language: str, corpus: Iterable[Example]) -> list[Any]:
    mine = [e for e in corpus if e.language == language]
    kinds = Counter(e.kind for e in mine)
    return [language, len(mine), *(kinds[kind] for kind in KINDS), sum(not e.summary for e in mine)]


def _figures(card: ModelCard, report: Report) -> Iterator[list[str]]:
    for name, words in NAMES.items():
        theirs = card.figures.get(CROSS_VALIDATED.get(name, name))
        own = f"{theirs:.3f}" if theirs is not None else ""
        yield [words, f"{getattr(report.figures, name):.3f}", _spread(report.figures.intervals[name]), own]


def _slices(report: Report) -> Iterator[list[Any]]:
    for name in SLICES:
        for value, part in report.slices[name].items():
            ranked = (f"{part.average_precision:.3f}", _spread(part.intervals["average_precision"]))
            told = (f"{part.precision:.3f}", f"{part.recall:.3f}", _spread(part.intervals["recall"]))
            yield [f"{name}: {value}", part.items, part.relevant, *ranked, *told]


def _themes(corpus: Iterable[Example], card: ModelCard, report: Report) -> Iterator[list[Any]]:
    counts, f1 = Counter(theme for e in corpus for theme in e.themes), _by_theme(card.figures)
    for name in THEME_IDS:
        held_out = report.themes[name]
        measured = (f"{held_out.f1:.3f}", _spread(held_out.interval))
        yield [f"`{name}`", counts[name], f"{held_out.threshold:.3f}", f"{f1[name]:.3f}", held_out.items, *measured]


def _by_theme(figures: Mapping[str, Any]) -> Mapping[str, float]:
    found: Mapping[str, float] = figures["theme_f1"]
    return found


def _spread(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3f} – {interval[1]:.3f}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    for row in rows:
        yield f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |"
    yield ""


if __name__ == "__main__":
    main()
