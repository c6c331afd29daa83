"""Stored articles -> the questions that teach the classifier most, and the answers -> labels."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.classifier import Model
from monitor.classifier.inquire import COVERED, inquire, likely_wrong, worth_asking
from monitor.core.article import Article
from monitor.core.decision import Decision, Label
from monitor.errors import MonitorError
from monitor.settings import Settings
from monitor.store import Store, articles, decisions, labels, reviews, stories

LOOK_BACK = timedelta(days=30)
POOL = 3000  # articles nearest to the threshold that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One article that a person is asked about, and what is concluded of it at present."""

    article: Article
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What to ask, the most instructive first, and how far the labelling is.

    ``pool``: articles nobody was asked about; ``likely_wrong``: how many of them are expected to stand on the wrong
    side of the threshold; ``worth_asking``: about how many labels take away most of that doubt (COVERED).
    """

    asked: tuple[Question, ...]
    pool: int
    likely_wrong: float
    worth_asking: int
    labelled: int
    """Articles that ``who`` labelled."""

    def progress(self) -> str:
        """How far it is, in a sentence."""
        if not self.pool:
            return f"{self.labelled} labelled; nothing is left to ask about"
        return (
            f"{self.labelled} labelled; of {self.pool} other articles about {self.likely_wrong:.0f} are on the wrong "
            f"side, and some {self.worth_asking} labels would clear up {COVERED:.0%} of the doubt"
        )


def find_questions(
    store: Store, settings: Settings, model: Model, *, who: str, wanted: int, review: bool, now: datetime
) -> Questions:
    """What ``who`` should judge next of the articles of the last LOOK_BACK, one a story.

    With ``review`` it is what is open of the last look below the line, in the order in which it was drawn.
    """
    threshold = settings.thresholds.applied_to(model.card.thresholds).digest
    with store.read() as connection:
        done = {label.article_id for label in labels.all_labels(connection) if label.who == who}
        if review:
            ids = reviews.last_sample(connection)
        else:
            ids = decisions.nearest(connection, threshold, since=now - LOOK_BACK, limit=POOL)
        held = {article.id: article for article in articles.get_articles(connection, ids)}
        decided = decisions.decisions_in_force(connection, held)
        # Every article of a sample is asked about; else one a story is enough.
        story_of = {} if review else stories.story_of(connection, [*held, *done])
    known_stories = {story_of[article] for article in done if article in story_of}
    pool: dict[str, Article] = {}
    for article_id in ids:
        if article_id in decided and article_id not in done and story_of.get(article_id) not in known_stories:
            pool.setdefault(story_of.get(article_id, article_id), held[article_id])
    waiting = list(pool.values())
    chosen = waiting[:wanted] if review else inquire(model, waiting, threshold=threshold, wanted=wanted)
    probability = [decided[article.id].score for article in waiting]
    return Questions(
        asked=tuple(Question(article=article, decision=decided[article.id]) for article in chosen),
        pool=len(waiting),
        likely_wrong=likely_wrong(probability, threshold),
        worth_asking=worth_asking(probability, threshold),
        labelled=len(done),
    )


def label_article(store: Store, article_id: str, relevant: bool, *, who: str, source: str, now: datetime) -> Label:
    """Keep what ``who`` says of an article. Raises MonitorError when there is no such article."""
    with store.write() as connection:
        found = articles.get_articles(connection, [article_id])
        if not found:
            raise MonitorError(f"there is no article {article_id!r} in the store")
        decision = decisions.decisions_in_force(connection, [article_id]).get(article_id)
        label = Label(
            article_id=article_id,
            kind="relevance",
            value=str(int(relevant)),
            who=who,
            at=now,
            text=f"{found[0].title}\n{found[0].summary}".strip(),
            model=decision.versions.model if decision else "",
            language=found[0].language,
            source=source,
        )
        labels.add_labels(connection, [label])
    return label
