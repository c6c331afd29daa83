"""Labelled texts -> how good the model in use is, alone and together with the watch; kept in the store."""

from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.classifier import Model, evaluate, read_examples
from monitor.classifier.corpus import Example, as_article
from monitor.core.decide import final_score, is_flagged, matched_terms
from monitor.core.match import find_matches
from monitor.errors import ClassifierError
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.models import Evaluation, save_evaluation


def evaluate_classifier(store: Store, model: Model, settings: Settings, file: Path, *, now: datetime) -> dict[str, Any]:
    """The model's report on the labelled texts of ``file``; as ``decided`` what digests make of them.

    The store keeps it under the model and the set. Raises ClassifierError when the file holds no labelled texts.
    """
    items = read_examples(file)
    if not items:
        raise ClassifierError(f"{file}: no labelled texts in it")
    report = evaluate(model, items)
    told = report.to_dict() | {"file": file.name, "at": now.isoformat(), "decided": _decided(model, settings, items)}
    with store.write() as connection:
        kept = Evaluation(model=model.version, evaluation_set=report.digest, name=file.name, at=now, report=told)
        save_evaluation(connection, kept)
    return told


def _decided(model: Model, settings: Settings, items: list[Example]) -> dict[str, float]:
    """What digests do with the watch and the thresholds of the config: flagged, precision, recall."""
    threshold = settings.thresholds.applied_to(model.card.thresholds).digest
    articles = [as_article(item) for item in items]
    flagged = hits = 0
    for item, article, prediction in zip(items, articles, model.predict(articles, reasons=False), strict=True):
        terms = matched_terms(settings.watch, find_matches(settings.watch, article))
        flag = is_flagged(final_score(prediction.probability, terms), terms, threshold)
        flagged += flag
        hits += flag and item.relevant
    relevant = sum(item.relevant for item in items)
    return {
        "flagged": float(flagged),
        "precision": hits / max(1, flagged),
        "recall": hits / max(1, relevant),
    }
