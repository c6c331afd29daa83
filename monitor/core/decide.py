"""What the product concludes about one article, from the model's prediction and the watch terms that matched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

from monitor.core.article import Article
from monitor.core.decision import Decision, Prediction, Reason, Thresholds, Versions
from monitor.core.watch import Match, Watch, WatchTerm

LATE_AFTER = timedelta(hours=48)
THEME_THRESHOLD = 0.5
_CLOSEST = 1e-9  # to 0 and 1: a certain prediction must still be movable


def decide(
    article: Article,
    prediction: Prediction,
    matches: Iterable[Match],
    watch: Watch,
    thresholds: Thresholds,
    versions: Versions,
    *,
    now: datetime,
    again: bool = False,
) -> Decision:
    """Flag the article or not: sigmoid(logit(prediction) + the matched terms' weights) against the thresholds.

    ``never`` beats ``always`` beats the threshold. An article that was older than 48 hours when first seen, or that is
    decided ``again``, is late: it is never alerted.
    """
    terms = matched_terms(watch, matches)
    late = again or is_late(article)
    judged = judge(prediction.probability, terms, thresholds, late=late)
    return Decision(
        article_id=article.id,
        versions=versions,
        score=judged.score,
        digest=judged.digest,
        alert=judged.alert,
        themes=themes_of(prediction, terms, thresholds, flagged=judged.digest),
        reasons=(*prediction.reasons, *(_reason(term) for term in terms)),
        terms=tuple(term.name for term in terms),
        decided_at=now,
        late=late,
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from a probability and the matched terms: the final score (0..1), and what is flagged."""

    score: float
    digest: bool
    alert: bool


def judge(probability: float, terms: Iterable[WatchTerm], thresholds: Thresholds, *, late: bool) -> Judgement:
    """The core of a decision, without its reasons: cheap enough to try on a whole archive."""
    held = tuple(terms)
    score = final_score(probability, held)
    digest = is_flagged(score, held, thresholds.digest)
    urgent = score >= thresholds.alert or any(term.alert for term in held)
    return Judgement(score=score, digest=digest, alert=digest and urgent and not late)


def is_late(article: Article) -> bool:
    """Whether the article was older than 48 hours when it was first seen."""
    return article.seen_at - article.published_at > LATE_AFTER


def matched_terms(watch: Watch, matches: Iterable[Match]) -> tuple[WatchTerm, ...]:
    """The terms that have a match, each once, by name."""
    names = {match.term for match in matches}
    return tuple(sorted((term for term in watch.terms if term.name in names), key=lambda term: term.name))


def final_score(probability: float, terms: Iterable[WatchTerm]) -> float:
    """The model's probability moved by the weights of the matched terms (log-odds)."""
    moved = sum(term.weight for term in terms)
    return sigmoid(logit(probability) + moved) if moved else probability


def is_flagged(score: float, terms: Iterable[WatchTerm], threshold: float) -> bool:
    """The rule of precedence: ``never`` beats ``always`` beats the threshold."""
    held = tuple(terms)
    if any(term.never for term in held):
        return False
    return any(term.always for term in held) or score >= threshold


def logit(probability: float) -> float:
    """Log-odds of a probability; 0 and 1 are taken as very close to it."""
    kept = min(max(probability, _CLOSEST), 1 - _CLOSEST)
    return log(kept / (1 - kept))


def sigmoid(log_odds: float) -> float:
    """The probability of log-odds, without overflow."""
    if log_odds >= 0:
        return 1 / (1 + exp(-log_odds))
    return exp(log_odds) / (1 + exp(log_odds))


def _reason(term: WatchTerm) -> Reason:
    rule = " (never)" if term.never else " (always)" if term.always else ""
    return Reason(kind="watch", text=f"{term.name}{rule}", weight=term.weight)


def themes_of(
    prediction: Prediction, terms: Iterable[WatchTerm], thresholds: Thresholds, *, flagged: bool
) -> tuple[str, ...]:
    """The themes at or above their thresholds, most probable first, then those of the terms."""
    ranked = sorted(prediction.themes, key=lambda theme: (-prediction.themes[theme], theme))
    found = [t for t in ranked if prediction.themes[t] >= thresholds.themes.get(t, THEME_THRESHOLD)]
    found += [theme for term in terms for theme in term.themes]
    if flagged and not found:
        found = ranked[:1]
    return tuple(dict.fromkeys(found))
