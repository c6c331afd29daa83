"""Labelled texts -> how good the model in use is, alone and together with the watch."""

from pathlib import Path

from monitor.classifier import Model, Report, evaluate, read_examples
from monitor.classifier.corpus import as_article
from monitor.core.decide import final_score, is_flagged, matched_terms
from monitor.core.match import find_matches
from monitor.errors import ClassifierError
from monitor.settings import Settings


def evaluate_classifier(model: Model, settings: Settings, file: Path) -> tuple[Report, dict[str, float]]:
    """The model's report on the labelled texts of ``file``; and what digests do: flagged, precision, recall."""
    items = read_examples(file)
    if not items:
        raise ClassifierError(f"{file}: no labelled texts in it")
    threshold = settings.thresholds.applied_to(model.card.thresholds).digest
    articles = [as_article(item) for item in items]
    flagged = hits = 0
    for item, article, prediction in zip(items, articles, model.predict(articles, reasons=False), strict=True):
        terms = matched_terms(settings.watch, find_matches(settings.watch, article))
        flag = is_flagged(final_score(prediction.probability, terms), terms, threshold)
        flagged += flag
        hits += flag and item.relevant
    relevant = sum(item.relevant for item in items)
    return evaluate(model, items), {
        "flagged": float(flagged),
        "precision": hits / max(1, flagged),
        "recall": hits / max(1, relevant),
    }
