"""Texts from outside the store -> what a digest would decide about them, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice
from math import fsum
from typing import Any

from monitor.classifier import Model
from monitor.core.article import Article
from monitor.core.decide import decide
from monitor.core.decision import Decision, Prediction, Thresholds, Versions
from monitor.core.languages import detect_language
from monitor.core.match import find_matches
from monitor.core.tell import why
from monitor.core.watch import Match
from monitor.settings import Settings

CHUNK = 256
HEARD = 0.1  # log-odds; less is not worth a word, and is in the table


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


def in_words(decision: Decision, thresholds: Thresholds) -> list[str]:
    """What was decided and what speaks for and against it, in sentences."""
    rule = [r.text for r in decision.reasons if r.kind == "watch" and r.text.endswith(("(never)", "(always)"))]
    reached = "reaches" if decision.score >= thresholds.digest else "is below"
    verdict = f"{'Flagged' if decision.digest else 'Not flagged'} for digests"
    above = f"; the rule of a watch term stands above it: {', '.join(rule)}" if rule else ""
    said = [
        f"{verdict}: the score {decision.score:.3f} {reached} {thresholds.digest:.3f}{above}.",
        f"{'Worth an alert' if decision.alert else 'No alert'}: alerts begin at {thresholds.alert:.3f}.",
    ]
    heard = [reason for reason in decision.reasons if abs(reason.weight) >= HEARD]
    against = [replace(reason, weight=-reason.weight) for reason in heard]
    for what, reasons in (("For it", heard), ("Against it", against)):
        if found := why(reasons, language="en"):
            said.append(f"{what}: {found}.")
    return said


def explained(
    article: Article, prediction: Prediction, matches: tuple[Match, ...], decision: Decision, thresholds: Thresholds
) -> dict[str, Any]:
    """Everything that decided about one article: ``scored`` and what lies behind it."""
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
        "matches": [{"term": m.term, "found": m.found, "field": m.field.value} for m in matches],
    }
