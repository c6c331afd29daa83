"""One new watch term on the archive -> what it would have changed. Nothing is stored."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.article import Article
from monitor.core.match import find_matches
from monitor.core.watch import WatchTerm
from monitor.errors import ModelNotFoundError
from monitor.settings import Settings
from monitor.store import Store, articles, models

MOST = 50_000  # articles, the newest ones
EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTrial:
    """``gained`` would have been flagged and were not, ``lost`` the other way round; newest first."""

    articles: int
    matched: int
    gained: tuple[Article, ...]
    lost: tuple[Article, ...]


def try_term(store: Store, settings: Settings, term: WatchTerm, *, now: datetime, days: int = 90) -> TermTrial:
    """Add the term's weight to the stored scores of what it matches (log-odds, as ``core.decide`` adds them).

    Raises ModelNotFoundError where nothing decides yet.
    """
    alone = replace(settings.watch, terms=(term,))
    counts, gained, lost = [0, 0], [], []
    with store.read() as connection:
        used = models.model_in_use(connection)
        card = next((card for version, _, _, card in models.list_models(connection) if version == used), None)
        if card is None:
            raise ModelNotFoundError("there is no trained model yet: run `monitor train` (it takes some minutes)")
        own = settings.thresholds.digest
        threshold = own if own is not None else float(card["thresholds"]["digest"])
        for article, score, flagged in articles.scored_since(connection, now - timedelta(days=days), limit=MOST):
            counts[0] += 1
            if not find_matches(alone, article):
                continue
            counts[1] += 1
            would_be = _shifted(score, term.weight) >= threshold
            if would_be and not flagged:
                gained.append(article)
            elif flagged and not would_be:
                lost.append(article)
    return TermTrial(articles=counts[0], matched=counts[1], gained=tuple(gained), lost=tuple(lost))


def _shifted(score: float, weight: float) -> float:
    kept = min(max(score, 1e-9), 1 - 1e-9)
    return 1 / (1 + math.exp(-(math.log(kept / (1 - kept)) + weight)))
