"""What a new model changes: the stored articles whose decision flips, and the labels that did it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.classifier import Example, Labeller, Model, from_labels
from monitor.classifier.influence import influence
from monitor.core.article import Article
from monitor.core.decide import final_score, is_flagged, logit, matched_terms
from monitor.core.match import find_matches
from monitor.settings import Settings
from monitor.store import Store, articles, decisions, labels

LOOK_BACK = timedelta(days=30)
NEAR = 3000  # articles nearest to the threshold that are looked at: what is further away does not flip
FLIPS = 10
CAUSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One article that the new model would decide otherwise; scores with the watch terms in them."""

    article: Article
    before: float
    after: float
    flagged: bool
    """By the new model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``flips``: those that changed most, of ``all_flips``; ``causes``: labels that speak most for them."""

    flips: tuple[Flip, ...]
    all_flips: int
    causes: tuple[Example, ...]

    def lines(self) -> list[str]:
        """The same in sentences."""
        said = [f"Of the last {LOOK_BACK.days} days' articles {self.all_flips} would be decided otherwise."]
        said += [
            f"{'now flagged' if flip.flagged else 'no longer flagged'} ({flip.before:.2f} → {flip.after:.2f}): "
            f"{flip.article.title} — {flip.article.outlet}"
            for flip in self.flips
        ]
        said += [
            f"label that did it: {'relevant' if cause.relevant else 'not relevant'} by {cause.who}, {cause.title}"
            for cause in self.causes
        ]
        return said


def compare_models(
    store: Store,
    settings: Settings,
    new: Model,
    old: Model,
    labellers: Sequence[Labeller] = (),
    *,
    now: datetime,
) -> Comparison:
    """Decide with both models, the watch and the thresholds in force, on the stored articles nearest to the line."""
    line = settings.thresholds.applied_to(old.card.thresholds).digest
    with store.read() as connection:
        ids = decisions.nearest(connection, line, since=now - LOOK_BACK, limit=NEAR)
        held = articles.get_articles(connection, ids)
        given = from_labels(labels.all_labels(connection))
    before, after = (_decided(model, settings, held) for model in (old, new))
    flips = [
        Flip(article=a, before=before[a.id][0], after=after[a.id][0], flagged=after[a.id][1])
        for a in held
        if before[a.id][1] != after[a.id][1]
    ]
    flips.sort(key=lambda f: (-abs(logit(f.after) - logit(f.before)), f.article.id))
    weights = {one.who: one.weight for one in labellers}
    weighed = [replace(label, weight=label.weight * weights.get(label.who, 0.0)) for label in given]
    return Comparison(
        flips=tuple(flips[:FLIPS]), all_flips=len(flips), causes=_causes(new, old, weighed, flips[:FLIPS])
    )


def _decided(model: Model, settings: Settings, held: Sequence[Article]) -> Mapping[str, tuple[float, bool]]:
    """(Score, flagged) by article id."""
    threshold = settings.thresholds.applied_to(model.card.thresholds).digest
    made = {}
    for article, prediction in zip(held, model.predict(held, reasons=False), strict=True):
        terms = matched_terms(settings.watch, find_matches(settings.watch, article))
        score = final_score(prediction.probability, terms)
        made[article.id] = score, is_flagged(score, terms, threshold)
    return made


def _causes(new: Model, old: Model, given: Sequence[Example], flips: Sequence[Flip]) -> tuple[Example, ...]:
    """The labels given since the old model was made that speak most for the flips."""
    fresh = [label for label in given if label.date >= old.card.made_at.date().isoformat() and label.weight > 0]
    texts = [
        Example(
            id=flip.article.id,
            title=flip.article.title,
            summary=flip.article.summary,
            language=flip.article.language,
            relevant=flip.flagged,
        )
        for flip in flips
    ]
    moved = influence(new, fresh, texts)
    for column, flip in enumerate(flips):
        moved[:, column] *= 1 if flip.flagged else -1
    pulled = sorted(zip(moved.sum(axis=1).tolist(), fresh, strict=True), key=lambda pair: (-pair[0], pair[1].id))
    return tuple(label for strength, label in pulled[:CAUSES] if strength > 0)
