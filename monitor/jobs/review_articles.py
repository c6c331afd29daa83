"""Once a week a sample from below the line goes to the review channel; what people answer says how much is missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, log10

from monitor.classifier.elusion import Recall, estimate_recall, most_hidden
from monitor.core.article import Article
from monitor.core.digest import Message
from monitor.core.review import Answered, Review, answered, draw, keeping, settled, weighed
from monitor.core.story import Story, Told
from monitor.errors import ModelNotFoundError
from monitor.settings import Settings
from monitor.slack import render_review
from monitor.store import Connection, Store, articles, decisions, digests, labels, outbox, reviews
from monitor.store.models import list_models, model_in_use

MESSAGES_OF = "@review"  # in the outbox; no digest of a config can have this id
WEEK = timedelta(days=7)
TOGETHER = timedelta(weeks=12)  # reviews that are taken together: a week alone says little
TARGET = 0.95  # recall that a proposal keeps
ENOUGH = 30  # answers below the line, before a threshold is proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A threshold that keeps TARGET of what is relevant, and how many more articles it flags a day."""

    present: float
    proposed: float
    more_a_day: float

    def __str__(self) -> str:
        more = (
            f"about {self.more_a_day:.0f} more articles a day" if self.more_a_day >= 1 else "less than one more a day"
        )
        return f"to keep {TARGET:.0%} recall: {self.present:.2g} → {self.proposed:.2g}, {more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What the reviews say: recall now, over time (of each review, and those of the weeks before), and what follows."""

    now: Recall | None
    over_time: tuple[tuple[datetime, Recall], ...]
    proposal: Proposal | None
    below: int
    """Articles below the line that were judged."""

    def lines(self) -> list[str]:
        """The same in sentences, for the weekly report."""
        if self.now is None:
            return ["Nobody has judged articles below the line yet: `monitor label --review`, or the review channel."]
        found = self.now
        limit = most_hidden(self.below, found.hidden)
        said = [
            f"Recall is about {found.value:.0%} (95 % interval {found.low:.0%} to {found.high:.0%}).",
            f"Precision is about {found.precision:.0%}; {found.judged} articles were judged.",
            f"Below the line {found.hidden} of {self.below} were relevant: at most {limit:.0%} of such, 95 % sure.",
        ]
        return [*said, f"Proposal, {self.proposal}: `thresholds: digest` in monitor.yaml."] if self.proposal else said


def review_articles(
    store: Store, settings: Settings, *, channel: str, now: datetime, force: bool = False
) -> Review | None:
    """Draw this week's sample and let ``channel`` hear of it (empty: the store alone); None when there was one.

    The sample and its messages are stored in one transaction; the messages go out with the digests. Raises
    ModelNotFoundError without a model.
    """
    with store.write() as connection:
        version = model_in_use(connection)
        if version is None:
            raise ModelNotFoundError("there is no trained model yet: run `monitor train`")
        drawn = reviews.reviews_since(connection, now - WEEK + timedelta(hours=12))
        if drawn and not force:
            return None
        since = now - WEEK
        seen = decisions.scores_of(connection, since=since, until=now)
        review = draw(
            [(article_id, score, flagged) for article_id, _, score, flagged, _ in seen],
            size=settings.review.size,
            since=since,
            drawn_at=now,
            model=version,
            threshold=_threshold(connection, settings, version),
        )
        reviews.save_review(connection, review)
        if channel and review.articles:
            held = {a.id: a for a in articles.get_articles(connection, [one.article_id for one in review.articles])}
            asked = [held[one.article_id] for one in review.articles]
            messages = render_review(asked, drawn_at=now)
            outbox.put(connection, MESSAGES_OF, now, channel, messages)
            _note_asked(connection, asked, messages, now=now)
    return review


def _note_asked(
    connection: Connection, asked: Sequence[Article], messages: Sequence[Message], *, now: datetime
) -> None:
    """Write into the ledger that these are asked about, each as a story of itself: so its message is found."""
    decided = decisions.decisions_in_force(connection, [article.id for article in asked])
    stories = [
        Story(
            id=article.id,
            title=article.title,
            first_seen_at=article.seen_at,
            last_seen_at=article.seen_at,
            members=(Told(article=article, decision=decided[article.id]),),
        )
        for article in asked
    ]
    parts = {story_id: message.part for message in messages for story_id in message.stories}
    digests.note_told(connection, MESSAGES_OF, now, stories, parts=parts, now=now)


def find_missed(store: Store, settings: Settings, *, now: datetime) -> Missed:
    """What the answers of the last TOGETHER say."""
    with store.read() as connection:
        drawn = reviews.reviews_since(connection, now - 2 * TOGETHER)
        asked = [one.article_id for review in drawn for one in review.articles]
        said = settled(labels.labels_of(connection, asked))
        recent = [review for review in drawn if review.drawn_at > now - TOGETHER]
        strata = answered(recent, said)
        version = model_in_use(connection)
        threshold = _threshold(connection, settings, version) if version else 0.0
        # Scores of other models and other thresholds say nothing about the present one.
        mine = [one for one in recent if one.model == version and abs(one.threshold - threshold) < 1e-9]
        seen = decisions.scores_of(connection, since=now - WEEK, until=now)
    proposal = _proposal(mine, said, threshold, [(score, flagged) for _, _, score, flagged, _ in seen])
    over_time = []
    for at, review in enumerate(drawn):
        if review.drawn_at > now - TOGETHER:
            before = [r for r in drawn[: at + 1] if r.drawn_at > review.drawn_at - TOGETHER]
            found = estimate_recall(answered(before, said))
            over_time += [(review.drawn_at, found)] if found else []
    return Missed(now=estimate_recall(strata), over_time=tuple(over_time), proposal=proposal, below=_below(strata))


def _proposal(
    drawn: Sequence[Review], said: Mapping[str, bool], threshold: float, week: Sequence[tuple[float, bool]]
) -> Proposal | None:
    """``week``: (score, flagged) of all that was seen in the last WEEK."""
    proposed = keeping(weighed(drawn, said), TARGET)
    if proposed is None or proposed >= threshold or _below(answered(drawn, said)) < ENOUGH:
        return None
    # Two digits, rounded down: the article that the proposal rests on must be above it.
    unit = 10.0 ** (floor(log10(max(proposed, 1e-6))) - 1)
    rounded = floor(proposed / unit + 1e-9) * unit
    more = sum(rounded <= score and not flagged for score, flagged in week)
    return Proposal(present=threshold, proposed=rounded, more_a_day=more / WEEK.days)


def _below(strata: Sequence[Answered]) -> int:
    return sum(stratum.judged for stratum in strata[1:])


def _threshold(connection: Connection, settings: Settings, version: str) -> float:
    """The threshold for digests in force."""
    if settings.thresholds.digest is not None:
        return settings.thresholds.digest
    return next(float(card["thresholds"]["digest"]) for name, _, _, card in list_models(connection) if name == version)
