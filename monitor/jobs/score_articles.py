"""Texts from outside the store -> what a digest would decide about them, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from math import fsum
from typing import Any

from monitor.classifier import Model
from monitor.core.article import Article
from monitor.core.decide import decide
from monitor.core.decision import Decision, Prediction, Thresholds, Versions
from monitor.core.flip import smallest_changes
from monitor.core.languages import detect_language
from monitor.core.match import find_matches
from monitor.core.tell import in_words
from monitor.core.watch import Match, Watch, WatchTerm
from monitor.settings import Settings

CHUNK = 256
FLIPS = 5  # the smallest changes that are told


def score_articles(
    articles: Iterable[Article], settings: Settings, model: Model, *, now: datetime
) -> Iterator[tuple[Article, Prediction, tuple[Match, ...], Decision]]:
    """Each article with what the model says, what the watch matches, and what follows. Nothing is stored."""
    versions = Versions(model=model.version, watch=settings.watch.version, settings=settings.version)
    thresholds = settings.thresholds.applied_to(model.card.thresholds)
    waiting = iter(articles)
    while chunk := list(islice(waiting, CHUNK)):
        for article, prediction in zip(chunk, model.predict(chunk), strict=True):
            matches = find_matches(settings.watch, article)
            yield (
                article,
                prediction,
                matches,
                decide(article, prediction, matches, settings.watch, thresholds, versions, now=now),
            )


def read_article(item: Mapping[str, Any], number: int, *, now: datetime) -> Article:
    """An article from plain data: title; id, summary, lang and source where known. ``number`` stands in for an id."""
    title, summary = str(item.get("title") or ""), str(item.get("summary") or "")
    return Article(
        id=str(item.get("id") or number),
        feed_id="",
        outlet=str(item.get("source") or ""),
        url=str(item.get("url") or ""),
        title=title,
        summary=summary,
        language=detect_language(f"{title} {summary}", str(item.get("lang") or "")),
        published_at=now,
        seen_at=now,
        dated=False,
    )


def scored(decision: Decision) -> dict[str, Any]:
    """A decision as ``monitor score`` prints it: id, relevant, score (0..1), themes, reasons."""
    return {
        "id": decision.article_id,
        "relevant": decision.digest,
        "score": round(decision.score, 6),
        "themes": list(decision.themes),
        "reasons": [asdict(reason) for reason in decision.reasons],
    }


def explained(
    article: Article,
    prediction: Prediction,
    matches: tuple[Match, ...],
    decision: Decision,
    watch: Watch,
    thresholds: Thresholds,
) -> dict[str, Any]:
    """Everything that decided about one article: ``scored`` and what lies behind it, and what would flip it."""
    weights = {term.name: term for term in watch.terms}
    return scored(decision) | {
        "title": article.title,
        "in_words": in_words(decision, thresholds),
        "log_odds": fsum(reason.weight for reason in decision.reasons),
        "language": article.language,
        "model": prediction.model,
        "probability": round(prediction.probability, 6),
        "threshold": thresholds.digest,
        "alert": decision.alert,
        "alert_threshold": thresholds.alert,
        "theme_probabilities": {name: round(p, 4) for name, p in prediction.themes.items()},
        "matches": [
            {
                "term": m.term,
                "found": m.found,
                "field": m.field.value,
                "start": m.start,
                "weight": weights[m.term].weight,
                "rule": _rule(weights[m.term]),
            }
            for m in matches
        ],
        "flips": [
            asdict(flip)
            for flip in smallest_changes(article, prediction.probability, decision.score, watch, thresholds)[:FLIPS]
        ],
    }


def _rule(term: WatchTerm) -> str:
    return "never" if term.never else "always" if term.always else ""
