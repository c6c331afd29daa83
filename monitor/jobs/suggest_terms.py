"""Labels and the stored archive -> phrases worth a watch term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.article import Article
from monitor.core.decision import Label
from monitor.core.replay import relevance_of
from monitor.core.suggest import Suggestion, suggest_terms
from monitor.core.watch import Watch
from monitor.store import Store, articles, labels
from monitor.store.archive import decided_articles

MONTH = timedelta(days=30)
BEFORE = timedelta(days=90)  # what a month is compared with lies within so many days
FEWEST = 5  # articles of a side: with fewer, what sets them apart is chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Phrases that set labelled relevant articles apart, phrases that rise this month, and why there are none."""

    labelled: tuple[Suggestion, ...]
    rising: tuple[Suggestion, ...]
    relevant: int
    irrelevant: int
    this_month: int
    before: int
    notices: tuple[str, ...]


def suggest(store: Store, watch: Watch, *, now: datetime, limit: int) -> Suggestions:
    """At most ``limit`` phrases of either kind that no term of ``watch`` looks for yet."""
    with store.read() as connection:
        said = labels.all_labels(connection)
        people = relevance_of(said)
        texts = {article.id: article for article in articles.get_articles(connection, people)}
        flagged = [past.article for past in decided_articles(connection, since=now - BEFORE) if past.decision.digest]
    shown = {label.article_id: label for label in said if label.text.strip()}
    relevant, irrelevant = (
        [
            _as_shown(key, texts, shown)
            for key, value in people.items()
            if value is wanted and (key in texts or key in shown)
        ]
        for wanted in (True, False)
    )
    recent = [article for article in flagged if article.seen_at >= now - MONTH]
    before = [article for article in flagged if article.seen_at < now - MONTH]
    notices = []
    if min(len(relevant), len(irrelevant)) < FEWEST:
        notices.append(
            f"labels: {len(relevant)} relevant and {len(irrelevant)} irrelevant articles; "
            f"phrases that part them need {FEWEST} of each"
        )
    if min(len(recent), len(before)) < FEWEST:
        notices.append(
            f"archive: {len(recent)} flagged articles of this month and {len(before)} of the two before; "
            f"phrases that rise need {FEWEST} of each"
        )
    return Suggestions(
        labelled=_between(relevant, irrelevant, watch, limit),
        rising=_between(recent, before, watch, limit),
        relevant=len(relevant),
        irrelevant=len(irrelevant),
        this_month=len(recent),
        before=len(before),
        notices=tuple(notices),
    )


def _as_shown(key: str, texts: Mapping[str, Article], shown: Mapping[str, Label]) -> Article:
    """The article with the text that people judged, as far as it was kept."""
    if key not in shown:
        return texts[key]
    title, _, summary = shown[key].text.strip().partition("\n")
    if key not in texts:
        return Article(
            id=key,
            feed_id="",
            outlet="",
            url="",
            title=title,
            summary=summary,
            language="und",
            published_at=shown[key].at,
            seen_at=shown[key].at,
        )
    return replace(texts[key], title=title, summary=summary)


def _between(inside: Sequence[Article], outside: Sequence[Article], watch: Watch, limit: int) -> tuple[Suggestion, ...]:
    if min(len(inside), len(outside)) < FEWEST:
        return ()
    return tuple(suggest_terms(inside, outside, watch, limit=limit))
